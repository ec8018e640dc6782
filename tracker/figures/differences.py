"""What makes the figures of two days differ: where each item stood on both, and what its way is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.definitions import Definition
from tracker.figures.questions import Question
from tracker.figures.rules import Tally


class Standing(StrEnum):
    """Where an item stood on a day, as the figures see it.

    NOWHERE: not fed back yet, or void. OUTSIDE: there, but not among the items asked for. REOPENED, of the later day
    alone: open, and since the earlier day a closed item was reopened.
    """

    NOWHERE = "nowhere"
    OUTSIDE = "outside"
    OPEN = "open"
    REOPENED = "reopened"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Movement(StrEnum):
    """What an item did between two days; the first six change the total, the others what is closed."""

    FED_BACK = "fed_back"
    RESTORED = "restored"
    MOVED_IN = "moved_in"
    WITHDRAWN = "withdrawn"
    MOVED_OUT = "moved_out"
    VOIDED = "voided"
    CLOSED = "closed"
    REOPENED = "reopened"
    CLOSING_UNDONE = "closing_undone"
    CLOSED_LEFT = "closed_left"


S = Standing
_COUNTED = (S.OPEN, S.CLOSED)
WAYS: Mapping[Movement, frozenset[tuple[Standing, Standing]]] = {
    Movement.FED_BACK: frozenset((S.NOWHERE, after) for after in _COUNTED),
    Movement.RESTORED: frozenset((S.WITHDRAWN, after) for after in _COUNTED),
    Movement.MOVED_IN: frozenset((S.OUTSIDE, after) for after in _COUNTED),
    Movement.WITHDRAWN: frozenset((before, S.WITHDRAWN) for before in _COUNTED),
    Movement.MOVED_OUT: frozenset((before, S.OUTSIDE) for before in _COUNTED),
    Movement.VOIDED: frozenset((before, S.NOWHERE) for before in _COUNTED),
    Movement.CLOSED: frozenset((before, S.CLOSED) for before in (S.NOWHERE, S.OUTSIDE, S.OPEN, S.WITHDRAWN)),
    Movement.REOPENED: frozenset({(S.CLOSED, S.REOPENED)}),
    Movement.CLOSING_UNDONE: frozenset({(S.CLOSED, S.OPEN)}),
    Movement.CLOSED_LEFT: frozenset((S.CLOSED, after) for after in (S.WITHDRAWN, S.OUTSIDE, S.NOWHERE)),
}
del S
ENTERING = (Movement.FED_BACK, Movement.RESTORED, Movement.MOVED_IN)
LEAVING = (Movement.WITHDRAWN, Movement.MOVED_OUT, Movement.VOIDED)
UNCLOSING = (Movement.REOPENED, Movement.CLOSING_UNDONE, Movement.CLOSED_LEFT)


def movements(before: Standing, after: Standing) -> list[Movement]:
    """What the way from one standing to the other is called; two words for what was fed back and closed since."""
    return [movement for movement, ways in WAYS.items() if (before, after) in ways]


class Moved(NamedTuple):
    """How many items of a source went one way."""

    before: Standing
    after: Standing
    source_id: int
    source: str
    received_on: date
    items: int


@dataclass(frozen=True)
class Difference:
    """The figures of two days and every way that an item went between them."""

    before: Tally
    after: Tally
    moved: tuple[Moved, ...]

    def count(self, *wanted: Movement) -> int:
        """How many items made these movements."""
        return sum(len(set(wanted) & set(movements(way.before, way.after))) * way.items for way in self.moved)

    def count_listed(self, movement: Movement | None, source_id: int | None) -> int:
        """How many items made a movement, or any, in a source, or in all."""
        every = frozenset[tuple[Standing, Standing]]().union(*WAYS.values())
        wanted = WAYS[movement] if movement else every
        ways = [way for way in self.moved if (way.before, way.after) in wanted]
        return sum(way.items for way in ways if source_id in (None, way.source_id))

    def by_source(self, movement: Movement) -> list[Moved]:
        """A movement source by source, in the order of the days of their feedback."""
        found: dict[int, Moved] = {}
        for way in self.moved:
            if (way.before, way.after) in WAYS[movement]:
                known = found.get(way.source_id)
                found[way.source_id] = way._replace(items=way.items + (known.items if known else 0))
        return sorted(found.values(), key=lambda way: (way.received_on, way.source_id))

    @property
    def total(self) -> int:
        """By how many the total grew."""
        return self.after.total - self.before.total

    @property
    def adds_up(self) -> bool:
        """Whether what moved explains the difference of both figures, to the item."""
        closed = self.after.closed - self.before.closed
        entered = self.count(*ENTERING) - self.count(*LEAVING)
        return (self.total, closed) == (entered, self.count(Movement.CLOSED) - self.count(*UNCLOSING))


def check_comparable(earlier: Question, later: Question) -> None:
    """Raise DomainError where the day or the knowledge compared with is the later one."""
    if earlier.as_of > later.as_of:
        raise DomainError(_l("对比日不能晚于统计截止日。"), field="since")
    knew_all = earlier.known_at is None and later.known_at is not None
    if knew_all or (earlier.known_at and later.known_at and earlier.known_at > later.known_at):
        raise DomainError(_l("对比日的取数时间不能晚于统计截止日的取数时间。"), field="since_known_at")


MOVEMENT_DEFINITIONS: Mapping[Movement, Definition] = {
    Movement.FED_BACK: Definition(_l("新反馈"), _l("对比日还没有反馈（或还没有录入）、统计截止日计入总数的事项。")),
    Movement.RESTORED: Definition(_l("恢复"), _l("对比日已核减、统计截止日又计入总数的事项。")),
    Movement.MOVED_IN: Definition(
        _l("转入"), _l("对比日已经反馈、但不在查询范围内（如由别的单位牵头），统计截止日计入总数的事项。")
    ),
    Movement.WITHDRAWN: Definition(_l("新核减"), _l("对比日计入总数、统计截止日已核减的事项。")),
    Movement.MOVED_OUT: Definition(
        _l("转出"), _l("对比日计入总数、统计截止日已不在查询范围内（如改由别的单位牵头）的事项。")
    ),
    Movement.VOIDED: Definition(_l("作废"), _l("对比日计入总数、此后作废的事项。")),
    Movement.CLOSED: Definition(_l("新销号"), _l("统计截止日已销号、对比日不在已销号之内的事项，含新反馈后即销号的。")),
    Movement.REOPENED: Definition(
        _l("反弹重开"), _l("对比日已销号、此后因反弹或上级不予认定重新整改、统计截止日未销号的事项。")
    ),
    Movement.CLOSING_UNDONE: Definition(
        _l("销号冲正"), _l("对比日已销号、此后销号因有误被冲正、统计截止日未销号的事项。")
    ),
    Movement.CLOSED_LEFT: Definition(
        _l("已销号退出"), _l("对比日已销号、统计截止日已核减、作废或不在查询范围内的事项。")
    ),
}
