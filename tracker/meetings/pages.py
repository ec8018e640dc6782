"""What the pages of meetings show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from flask import url_for

from tracker.core.i18n import gettext as _
from tracker.figures.definitions import DEFINITIONS
from tracker.figures.listing import ShownLight
from tracker.figures.pages import Shown
from tracker.figures.rules import FigureName, Rate, Tally
from tracker.figures.wording import print_day, print_deadline, print_instant, print_left_out
from tracker.items.rules import STATE_LABELS, Light, State, light
from tracker.meetings.comparing import STEP_LABELS, Compared, Step
from tracker.meetings.frozen import Frozen, FrozenDecision, FrozenItem
from tracker.meetings.models import Meeting
from tracker.meetings.standings import Standings, UnitStanding, overdue

LARGE = (FigureName.TOTAL, FigureName.CLOSED, FigureName.CLOSURE_RATE, FigureName.OVERDUE, FigureName.DUE_SOON)
UNNAMED = "未定牵头单位"


class Row(NamedTuple):
    """An item in a table of a meeting."""

    item: FrozenItem
    url: str
    deadline: object
    light: ShownLight
    state: str
    state_label: object
    asked: str


class UnitBlock(NamedTuple):
    """A unit with its figures and unfinished items."""

    unit_id: int | None
    name: str
    tally: Tally
    rate: str
    percent: float
    rows: list[Row]
    parts: int


class Waiting(NamedTuple):
    """A request that somebody has to decide."""

    row: Row
    what: str
    by: str
    since: str
    words: str


class Last(NamedTuple):
    """A decision of the last meeting and where it stands."""

    decision: FrozenDecision
    url: str
    due: str
    state: object


@dataclass(frozen=True)
class View:
    """Frozen (or present) data as the pages of a meeting show them, as far as somebody may see them."""

    meeting: Meeting
    frozen: Frozen
    is_frozen: bool
    standings: Standings

    @property
    def tally(self) -> Tally:
        """The figures of what may be seen."""
        return self.standings.tally

    @property
    def address(self) -> Mapping[str, Any]:
        """The question of the meeting as arguments of the pages of figures."""
        args = {
            "as_of": self.frozen.as_of.isoformat(),
            "known_at": self.frozen.known_at.isoformat() if self.is_frozen else "",
            "unit": str(self.meeting.unit_id or ""),
            "source": str(self.meeting.source_id or ""),
            "kind": self.meeting.item_kind.value if self.meeting.item_kind else "",
            "counting": self.frozen.counting.value,
        }
        return {name: value for name, value in args.items() if value}

    @property
    def large(self) -> Mapping[str, Shown]:
        """The figures that stand on top, each with the address of its items."""
        return {name.value: self._shown(name) for name in LARGE}

    def _shown(self, name: FigureName) -> Shown:
        value = getattr(self.tally, name)
        printed = value.printed(self.frozen.decimals) if isinstance(value, Rate) else value
        url = url_for("figures.items", figure=name.value, **self.address) if printed else ""
        return Shown(DEFINITIONS[name].label, printed, url)

    @property
    def definition(self) -> str:
        """The 口径 that was frozen, and what of the items shown is in no denominator."""
        return f"{self.frozen.definition}{print_left_out(self.tally.left_out)}"

    @property
    def quotient(self) -> str:
        """The closure rate as a quotient."""
        rate = self.tally.closure_rate
        return f"{rate.numerator} ÷ {rate.denominator}"

    @property
    def taken(self) -> Mapping[str, str]:
        """The day and the time of the data, in words."""
        return {"as_of": print_day(self.frozen.as_of), "taken_at": print_instant(self.frozen.known_at)}

    @cached_property
    def units(self) -> list[UnitBlock]:
        """The units, the one that is furthest behind first."""
        return [self._block(each) for each in self.standings.units]

    @property
    def units_behind(self) -> list[UnitBlock]:
        """The units with something unfinished."""
        return [each for each in self.units if each.rows]

    def _block(self, standing: UnitStanding) -> UnitBlock:
        rate = standing.tally.closure_rate
        percent = round(100 * rate.numerator / rate.denominator, 1) if rate.denominator else 0
        rows = [self.row(each) for each in standing.unfinished]
        printed = rate.printed(self.frozen.decimals) or "—"
        return UnitBlock(
            standing.unit_id, standing.unit or _(UNNAMED), standing.tally, printed, percent, rows, standing.parts
        )

    @cached_property
    def overdue(self) -> list[Row]:
        """What is overdue, the longest first."""
        return [self.row(each) for each in overdue(self.frozen)]

    @property
    def waits(self) -> Iterator[Waiting]:
        """What is to be decided."""
        items = {each.id: each for each in self.frozen.items}
        for wait in self.frozen.waits:
            what = _("销号申请") if wait.until is None else _("延期至%(day)s", day=print_day(wait.until))
            yield Waiting(self.row(items[wait.item_id]), what, wait.by, print_day(wait.since), wait.words)

    @property
    def last(self) -> list[Last]:
        """What the last meeting decided."""
        return [
            Last(
                each,
                url_for("desk.item", number=each.number) if each.number else "",
                print_day(each.due_on) if each.due_on else each.due_text or _("未定"),
                STATE_LABELS[each.state] if each.state else _("尚未形成事项"),
            )
            for each in self.frozen.last_decisions
        ]

    def row(self, item: FrozenItem) -> Row:
        """An item for a table."""
        return Row(
            item,
            url_for("desk.item", number=item.number),
            print_deadline(item.deadline_kind, item.due_on),
            _light(item, self.frozen.as_of),
            item.state.value,
            STATE_LABELS[item.state],
            print_day(item.asked_until) if item.asked_until else "",
        )


def _light(item: FrozenItem, as_of: date) -> ShownLight:
    code = light(item.state, item.due_on, as_of)
    if code is Light.LATE and item.due_on:
        return ShownLight(code.value, _("逾期%(n)d天", n=(as_of - item.due_on).days))
    if code is Light.NEAR and item.due_on:
        return ShownLight(code.value, _("还剩%(n)d天", n=(item.due_on - as_of).days))
    words = {Light.OK: _("正常"), Light.CLOSED: _("已销号")}
    return ShownLight(code.value, words[code]) if code in words else ShownLight("", "")


class Difference(NamedTuple):
    """An item in the comparison of two meetings, with what it was and what it is."""

    item: FrozenItem
    url: str
    label: object
    before: str
    after: str


def differences(found: Sequence[Compared], step: Step | None) -> list[Difference]:
    """What two meetings differ in, all or of one kind."""
    return [
        Difference(
            each.item,
            url_for("desk.item", number=each.item.number),
            STEP_LABELS[each.step],
            _stood(each.before),
            _stood(each.after),
        )
        for each in found
        if step in (None, each.step)
    ]


def _stood(item: FrozenItem | None) -> str:
    if item is None:
        return "—"
    due = print_deadline(item.deadline_kind, item.due_on)
    closed = print_day(item.closed_on) if item.state is State.CLOSED and item.closed_on else ""
    return "，".join(str(each) for each in (STATE_LABELS[item.state], closed or due, item.unit) if each)
