"""The difference of two days in one sentence whose numbers lead to their items, and as a list of these items."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.differences import (
    ENTERING,
    LEAVING,
    MOVEMENT_DEFINITIONS,
    UNCLOSING,
    Difference,
    Movement,
    Standing,
    movements,
)
from tracker.figures.rules import Rate
from tracker.items.rules import STATE_LABELS
from tracker.items.wording import short_date

NAMED_SOURCES = 3
STANDING_LABELS = {Standing.NOWHERE: _l("还没有反馈"), Standing.OUTSIDE: _l("不在范围内")}


class Piece(NamedTuple):
    """Some words of a sentence, and where the items are that its number counts; empty where it counts none."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Told:
    """A difference as pages tell it; ``address`` is where the items of a movement, and of a source, are listed."""

    difference: Difference
    address: Callable[[Movement, int | None], str]
    today: date
    decimals: int

    @property
    def pieces(self) -> list[Piece]:
        """总数增8（述职评点7月10日反馈8个）；新销号7，反弹重开1。"""
        why = list(_joined(self._of_total()))
        bracketed = [Piece(_("（")), *why, Piece(_("）"))] if why else []
        closed = list(_joined(self._of_closed())) or [Piece(_("没有销号和重开"))]
        return [Piece(self._total()), *bracketed, Piece(_("；")), *closed, Piece(_("。"))]

    @property
    def rates(self) -> str:
        """The closure rate of both days with the counts it is made of."""
        before, after = (self._rate(side.closure_rate) for side in (self.difference.before, self.difference.after))
        return str(_("销号率：%(before)s → %(after)s", before=before, after=after))

    @property
    def adds_up(self) -> bool:
        """Whether the items explain the figures; if not, neither is to be trusted."""
        return self.difference.adds_up

    def _rate(self, rate: Rate) -> str:
        quotient = f"{rate.numerator} ÷ {rate.denominator}"
        return str(_("%(rate)s（%(quotient)s）", rate=rate.printed(self.decimals) or "—", quotient=quotient))

    def _total(self) -> str:
        more = self.difference.total
        if more == 0:
            return str(_("总数不变"))
        return str(_("总数增%(n)d", n=more) if more > 0 else _("总数减%(n)d", n=-more))

    def _of_total(self) -> Iterator[Piece]:
        yield from self._fed_back()
        for movement in (*ENTERING[1:], *LEAVING):
            yield from self._counted(movement, _l("%(what)s%(n)d个"))

    def _fed_back(self) -> Iterator[Piece]:
        ways = self.difference.by_source(Movement.FED_BACK)
        if len(ways) > NAMED_SOURCES:
            total = sum(way.items for way in ways)
            words = _("%(sources)d个来源反馈%(n)d个", sources=len(ways), n=total)
            yield Piece(words, self.address(Movement.FED_BACK, None))
            return
        for way in ways:
            day = short_date(way.received_on, self.today)
            words = _("%(source)s%(day)s反馈%(n)d个", source=way.source, day=day, n=way.items)
            yield Piece(words, self.address(Movement.FED_BACK, way.source_id))

    def _of_closed(self) -> Iterator[Piece]:
        for movement in (Movement.CLOSED, *UNCLOSING):
            yield from self._counted(movement, _l("%(what)s%(n)d"))

    def _counted(self, movement: Movement, words: object) -> Iterator[Piece]:
        if count := self.difference.count(movement):
            told = str(words) % {"what": MOVEMENT_DEFINITIONS[movement].label, "n": count}
            yield Piece(told, self.address(movement, None))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for number, piece in enumerate(pieces):
        if number:
            yield Piece(_("，"))
        yield piece


class MovedItem(NamedTuple):
    """An item that moved: what it was, what it is, what that is called."""

    number: str
    finding: str
    lead_unit: str
    leader: str
    before: tuple[str, object]
    after: tuple[str, object]
    words: str


def listed_moved(rows: Iterable[Any]) -> list[MovedItem]:
    """Rows of ``queries.select_moved`` for a page."""
    return [
        MovedItem(
            row.number,
            row.finding,
            row.lead_unit or "",
            row.leader or "",
            _stood(row.before, row.state_before),
            _stood(row.after, row.state_after),
            _("、").join(str(MOVEMENT_DEFINITIONS[movement].label) for movement in _movements(row)),
        )
        for row in rows
    ]


def _movements(row: Any) -> list[Movement]:
    return movements(Standing(row.before), Standing(row.after))


def _stood(standing: str, state: Any) -> tuple[str, object]:
    return (state.value, STATE_LABELS[state]) if state else ("", STANDING_LABELS[Standing(standing)])


def definition(movement: Movement | None) -> str:
    """The 口径 of a movement, or of all that are listed together."""
    if movement is not None:
        return str(MOVEMENT_DEFINITIONS[movement].sentence)
    return str(_("两日之间影响总数和已销号的事项，各计一次；新反馈后即销号的事项既是新反馈也是新销号。"))
