"""What the pages of figures show: every number with the address of the items behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from flask import url_for

from tracker.core import clock
from tracker.core.i18n import format_date
from tracker.core.i18n import gettext as _
from tracker.figures.queries import KIND_IDS, TallyRow
from tracker.figures.questions import BREAKDOWN_LABELS, COUNTING_SENTENCES, ROW_LABELS, UNNAMED, Question
from tracker.figures.rules import AGES, DEFINITIONS, Breakdown, FigureName, Rate, Tally
from tracker.items.rules import DEADLINE_LABELS, KIND_LABELS, STATE_LABELS, DeadlineKind, Light, light
from tracker.sources.rules import NEAR_DAYS

NOBODY = "none"
INDENT = "\u3000"
# What the name of a row narrows the page to, and how the narrowed page is broken down.
NARROWING = {
    Breakdown.UNIT: ("unit", Breakdown.SOURCE),
    Breakdown.TREE: ("unit", Breakdown.TREE),
    Breakdown.SOURCE: ("source", Breakdown.UNIT),
}
STATES = (
    FigureName.DRAFT,
    FigureName.ISSUED,
    FigureName.WORKING,
    FigureName.APPLIED,
    FigureName.SUSTAINED,
    FigureName.CLOSED,
)
OVERLAPPING = (
    FigureName.WITHDRAWN,
    FigureName.COMPLETED_BY_UNIT,
    FigureName.BASICALLY_COMPLETED,
    FigureName.CONFIRMED,
    FigureName.AT_ONCE,
    FigureName.EXTENDED,
)
ON_TIME = (FigureName.ON_TIME_RATE, FigureName.ON_TIME_RATE_FIRST_DEADLINE)


@dataclass(frozen=True)
class Tab:
    """A part of a page that one may choose: a breakdown, a movement, a kind of change.

    No tuple, which would have a ``count`` of its own where a tab has the number of what is in it.
    """

    label: object
    url: str
    is_current: bool


class Shown(NamedTuple):
    """A figure as a page shows it: what it is called, what it says, and where its items are, if there are any."""

    label: object
    value: object
    url: str


class ShownRate(NamedTuple):
    """A rate as printed (None when nothing is counted), as the length of a bar, and as a quotient."""

    printed: str | None
    percent: float
    quotient: str


class Line(NamedTuple):
    """One row of the table: the name leads to the same page for this row alone, where there is one."""

    label: object
    url: str | None
    counts: Mapping[str, Shown]
    closure: ShownRate
    completion: ShownRate
    is_small: bool = False


@dataclass(frozen=True)
class Overview:
    """All that the page of figures shows for one question."""

    question: Question
    by: Breakdown
    args: Mapping[str, Any]
    whole: Tally
    rows: list[TallyRow]
    decimals: int
    closing_when_sustained: frozenset[int] = frozenset()
    small_unit: int = 0
    has_boards: bool = False
    leaving_out_sustained: frozenset[int] = frozenset()

    @property
    def adds_up(self) -> bool:
        """Whether the rows together count what the whole counts; if not, no figure here is to be trusted."""
        apart = (row.tally for row in self.rows if row.above_id not in self._ids)
        return sum(apart, Tally()) == self.whole and self.whole.ages == self.whole.open

    @property
    def _ids(self) -> frozenset[int | None]:
        """The rows that another may lie in; what has no row above it is told apart from all others."""
        return frozenset(row.id for row in self.rows if row.id is not None)

    @property
    def title(self) -> object:
        """What the table is."""
        return BREAKDOWN_LABELS[self.by]

    @property
    def heading(self) -> object:
        """What its rows are."""
        return ROW_LABELS[self.by]

    def shown(self, name: FigureName, row: TallyRow | None = None) -> Shown:
        """A count or rate, of the whole or of one row, with the address of its items."""
        value = getattr(row.tally if row else self.whole, name)
        printed = value.printed(self.decimals) if isinstance(value, Rate) else value
        return Shown(DEFINITIONS[name].label, printed, self.items_url(name, row) if printed else "")

    def items_url(self, name: FigureName, row: TallyRow | None = None) -> str:
        """The page that lists what a figure counts, as of the same day and knowledge."""
        group: dict[str, Any] = {"by": self.by.value, "of": str(row.id or NOBODY)} if row else {}
        return url_for("figures.items", figure=name.value, **(dict(self.args) | group))

    def rate(self, rate: Rate) -> ShownRate:
        """A rate for a bar of 100 units."""
        percent = round(100 * rate.numerator / rate.denominator, 1) if rate.denominator else 0
        return ShownRate(rate.printed(self.decimals), percent, f"{rate.numerator} ÷ {rate.denominator}")

    @property
    def lines(self) -> list[Line]:
        """The rows of the table; units by their rates, those with few items apart, since chance would rank them."""
        rows = sorted(self.rows, key=self._rank) if self.by is Breakdown.UNIT else self.rows
        return [self._line(row) for row in rows]

    def _rank(self, row: TallyRow) -> tuple[bool, bool, Fraction]:
        rate = row.tally.closure_rate
        fraction = Fraction(rate.numerator, rate.denominator) if rate.denominator else Fraction(0)
        return row.id is None, self._is_small(row), -fraction

    def _is_small(self, row: TallyRow) -> bool:
        return self.by is Breakdown.UNIT and row.id is not None and row.tally.total < self.small_unit

    def _line(self, row: TallyRow) -> Line:
        names = (FigureName.TOTAL, FigureName.CLOSED, FigureName.OVERDUE, FigureName.DUE_SOON, FigureName.WITHDRAWN)
        counts = {name.value: self.shown(name, row) for name in names}
        closure, completion = self.rate(row.tally.closure_rate), self.rate(row.tally.completion_rate)
        label = f"{INDENT * self._depth(row)}{row_words(self.by, row.id, row.label)}"
        return Line(label, self._narrowed(row), counts, closure, completion, self._is_small(row))

    def _depth(self, row: TallyRow) -> int:
        """How many rows of the tree lie above this one; in other tables none does."""
        depth, above = 0, {each.id: each.above_id for each in self.rows}
        while (higher := above.get(row.id)) in self._ids:
            depth, row = depth + 1, row._replace(id=higher)
        return depth

    def _narrowed(self, row: TallyRow) -> str | None:
        narrowing = NARROWING.get(self.by)
        if narrowing is None or row.id is None:
            return None
        argument, next_by = narrowing
        narrowed: dict[str, Any] = {**self.args, argument: str(row.id), "by": next_by.value}
        return url_for("figures.overview", **narrowed)

    @property
    def closure(self) -> ShownRate:
        """The closure rate of the whole."""
        return self.rate(self.whole.closure_rate)

    @property
    def completion(self) -> ShownRate:
        """The completion rate of the whole."""
        return self.rate(self.whole.completion_rate)

    @property
    def large(self) -> Mapping[str, Shown]:
        """The figures that stand on top."""
        names = (FigureName.TOTAL, FigureName.CLOSED, FigureName.CLOSURE_RATE, FigureName.OVERDUE, FigureName.DUE_SOON)
        return {name.value: self.shown(name) for name in names}

    @property
    def states(self) -> list[Shown]:
        """The counts that add up to the total."""
        return [self.shown(name) for name in STATES]

    @property
    def others(self) -> list[Shown]:
        """The counts that overlap with the states, and the rates of what is on time."""
        return [self.shown(name) for name in (*OVERLAPPING, *ON_TIME)]

    @property
    def ages(self) -> list[Shown]:
        """The open ones by the days since their feedback."""
        return [self.shown(name) for name in AGES]

    @property
    def definition(self) -> str:
        """The 口径 printed under the rates."""
        sentences = [str(DEFINITIONS[name].sentence) for name in (FigureName.CLOSURE_RATE, FigureName.COMPLETION_RATE)]
        rounding = _("四舍五入保留%(n)d位小数，末尾的零不写。", n=self.decimals)
        settled = (self._about_sustained, self._about_left_out)
        return "".join((*sentences, str(COUNTING_SENTENCES[self.question.counting]), *settled, rounding))

    @property
    def _about_left_out(self) -> str:
        """Whether what is sustained is in the denominators, and how many items here are not."""
        chosen = frozenset(self.question.source_ids)
        return print_left_out(self.whole.left_out, is_settled=bool(chosen) and chosen <= self.leaving_out_sustained)

    @property
    def _about_sustained(self) -> str:
        """What the chosen source settled for items that are kept up for ever after their date."""
        if not self.question.source_ids:
            return str(_("限期整改并长期坚持的事项到期能否销号，以各来源的约定为准。"))
        if self.closing_when_sustained.issuperset(self.question.source_ids):
            return str(_("限期整改并长期坚持的事项到期可以销号，销号后跟踪巩固。"))
        return str(_("限期整改并长期坚持的事项到期不销号，转为持续整改。"))


def print_left_out(left_out: int, *, is_settled: bool = False) -> str:
    """What is said of the items in no denominator; ``is_settled`` where all sources asked for leave them out."""
    if is_settled:
        return str(_("按来源约定，持续整改的事项不计入分母（%(n)d个）。", n=left_out))
    if left_out:
        return str(_("其中%(n)d个持续整改事项按其来源的约定不计入分母。", n=left_out))
    return ""


def row_words(by: Breakdown, group_id: int | None, name: str | None) -> str:
    """What a row of a breakdown is called."""
    if group_id is not None and by is Breakdown.KIND:
        kinds = {number: KIND_LABELS[kind] for kind, number in KIND_IDS.items()}
        return str(kinds.get(group_id, group_id))
    if group_id is not None and by is Breakdown.MONTH:
        return str(_("%(year)d年%(month)d月", year=group_id // 100, month=group_id % 100))
    return name or str(UNNAMED[by])


def sentence_of(name: FigureName, question: Question) -> object:
    """The 口径 of a figure, with the days that were asked for."""
    if name is FigureName.DUE_SOON and question.near_days != NEAR_DAYS:
        return _("距现行整改时限不超过%(n)d天、尚未逾期的已下发、整改中、申请销号事项。", n=question.near_days)
    return DEFINITIONS[name].sentence


class ListedItem(NamedTuple):
    """An item behind a figure, as it was on the day."""

    number: str
    finding: str
    lead_unit: str
    leader: str
    deadline: object
    state: str
    state_label: object
    light: "ShownLight"


class ShownLight(NamedTuple):
    """A light with its word."""

    code: str
    words: object


def listed(rows: Iterable[Any], as_of: date) -> list[ListedItem]:
    """Rows of ``queries.select_items`` for a page."""
    return [
        ListedItem(
            row.number,
            row.finding,
            row.lead_unit or "",
            row.leader or "",
            print_deadline(row.deadline_kind, row.due_on),
            row.state.value,
            STATE_LABELS[row.state],
            _light(row, as_of),
        )
        for row in rows
    ]


def _light(row: Any, as_of: date) -> ShownLight:
    code = light(row.state, row.due_on, as_of)
    if code is Light.LATE:
        return ShownLight(code.value, _("逾期%(n)d天", n=(as_of - row.due_on).days))
    if code is Light.NEAR:
        return ShownLight(code.value, _("还剩%(n)d天", n=(row.due_on - as_of).days))
    words = {Light.OK: _("正常"), Light.CLOSED: _("已销号")}
    return ShownLight(code.value, words[code]) if code else ShownLight("", "")


def print_deadline(kind: DeadlineKind | None, due_on: date | None) -> object:
    """A deadline as a list prints it: its day, or the word for one without."""
    if due_on is not None:
        return print_day(due_on)
    return DEADLINE_LABELS[kind] if kind else ""


def print_day(day: date) -> str:
    """2026年4月7日, or the same in the reader's language."""
    return str(format_date(day, "long"))


def print_instant(instant: datetime) -> str:
    """The day and the office's time to the second."""
    local = clock.local(instant)
    return f"{print_day(local.date())} {local:%H:%M:%S}"


def print_compared(earlier: Question, later: Question) -> str:
    """Which two days are compared, each with its knowledge where that is not the present one."""
    return str(_("%(later)s与%(earlier)s相比", later=_print_side(later), earlier=_print_side(earlier)))


def _print_side(question: Question) -> str:
    day = print_day(question.as_of)
    if question.known_at is None:
        return day
    return str(_("%(day)s（%(instant)s所知）", day=day, instant=print_instant(question.known_at)))
