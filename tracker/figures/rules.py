"""Counts of items and the rates made of them."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Breakdown(StrEnum):
    """What the rows of a table of figures stand for.

    UNIT counts what each unit leads itself, TREE with all below it, so that its rows overlap. MONTH is that of the
    feedback.
    """

    ALL = "all"
    UNIT = "unit"
    TREE = "tree"
    SOURCE = "source"
    ASPECT = "aspect"
    CATEGORY = "category"
    LEADER = "leader"
    OWNER = "owner"
    KIND = "kind"
    MONTH = "month"


class FigureName(StrEnum):
    """Every figure that is printed anywhere, under one name each; attributes of ``Tally``."""

    TOTAL = "total"
    DRAFT = "draft"
    ISSUED = "issued"
    WORKING = "working"
    APPLIED = "applied"
    SUSTAINED = "sustained"
    CLOSED = "closed"
    OPEN = "open"
    RUNNING = "running"
    WITHDRAWN = "withdrawn"
    BASICALLY_COMPLETED = "basically_completed"
    COMPLETED_BY_UNIT = "completed_by_unit"
    CONFIRMED = "confirmed"
    OVERDUE = "overdue"
    OVERDUE_FIRST_DEADLINE = "overdue_first_deadline"
    DUE_SOON = "due_soon"
    CLOSED_ON_TIME = "closed_on_time"
    CLOSED_ON_TIME_FIRST_DEADLINE = "closed_on_time_first_deadline"
    AT_ONCE = "at_once"
    EXTENDED = "extended"
    LEFT_OUT = "left_out"
    LEFT_OUT_COMPLETED = "left_out_completed"
    OPEN_30 = "open_30"
    OPEN_90 = "open_90"
    OPEN_180 = "open_180"
    OPEN_LONGER = "open_longer"
    CLOSURE_RATE = "closure_rate"
    COMPLETION_RATE = "completion_rate"
    ON_TIME_RATE = "on_time_rate"
    ON_TIME_RATE_FIRST_DEADLINE = "on_time_rate_first_deadline"


def print_rate(numerator: int, denominator: int, decimals: int = 1) -> str | None:
    """A rate as bulletins print it, ``87.5%``; None when nothing is counted.

    Half up to 0, 1 or 2 decimals, trailing zeros dropped. The one exception to rounding: 100% is printed only when
    numerator and denominator are equal (999 of 1,000 at 0 decimals: 99%). At the lower end nothing is promised, so
    1 of 1,000 at 0 decimals is 0%. Raises ValueError when the two numbers cannot be part and whole.
    """
    if decimals not in (0, 1, 2):
        raise ValueError(f"a rate is printed with 0, 1 or 2 decimals, not {decimals}")
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is not a rate")
    if denominator == 0:
        return None
    whole = 100 * 10**decimals
    # Whole numbers keep the half exact whatever the size: floor(x + ½) = (2x + 1) // 2.
    steps = (2 * whole * numerator + denominator) // (2 * denominator)
    if numerator < denominator:
        steps = min(steps, whole - 1)
    return f"{Decimal(steps).scaleb(-decimals).normalize():f}%"


class Rate(NamedTuple):
    """Two counts of which the first is part of the second."""

    numerator: int
    denominator: int

    def printed(self, decimals: int = 1) -> str | None:
        """The rate as ``print_rate`` writes it."""
        return print_rate(self.numerator, self.denominator, decimals)


@dataclass(frozen=True)
class Tally:
    """How many items of a set are in which state, and what else is true of them; void ones are in no count.

    The six states from draft to closed add up to the total; withdrawn ones stand outside it. The others overlap with
    the states and are said of items inside the total only; what the unit says (``basically_completed``,
    ``completed_by_unit``) and what time says (``overdue``, ``overdue_first_deadline``, ``due_soon``) of open ones only.
    The four ages from ``open_30`` on add up to the open ones. ``left_out`` are those sustained ones of the total that
    their sources keep out of denominators; a unit may have said of some that they are completed.
    """

    draft: int = 0
    issued: int = 0
    working: int = 0
    applied: int = 0
    sustained: int = 0
    closed: int = 0
    withdrawn: int = 0
    basically_completed: int = 0
    completed_by_unit: int = 0
    confirmed: int = 0
    overdue: int = 0
    overdue_first_deadline: int = 0
    due_soon: int = 0
    closed_on_time: int = 0
    closed_on_time_first_deadline: int = 0
    at_once: int = 0
    extended: int = 0
    left_out: int = 0
    left_out_completed: int = 0
    open_30: int = 0
    open_90: int = 0
    open_180: int = 0
    open_longer: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def open(self) -> int:
        """Items of the total that are not closed."""
        return self.draft + self.issued + self.working + self.applied + self.sustained

    @property
    def running(self) -> int:
        """Items that are issued and neither closed nor kept up for ever."""
        return self.issued + self.working + self.applied

    @property
    def ages(self) -> int:
        """The open ones once more, as the sum of their ages."""
        return sum(getattr(self, name) for name in AGES)

    @property
    def total(self) -> int:
        """All items fed back, without withdrawn and void ones."""
        return self.open + self.closed

    @property
    def base(self) -> int:
        """The denominator of the two rates: all fed back but those that their sources leave out."""
        return self.total - self.left_out

    @property
    def closure_rate(self) -> Rate:
        """销号率: closed by approval ÷ all fed back."""
        return Rate(self.closed, self.base)

    @property
    def completion_rate(self) -> Rate:
        """整改完成率: closed, or open and completed by the unit's own word ÷ all fed back."""
        return Rate(self.closed + self.completed_by_unit - self.left_out_completed, self.base)

    @property
    def on_time_rate(self) -> Rate:
        """按期完成率 against the present deadline, extensions included."""
        return Rate(self.closed_on_time, self.closed + self.overdue)

    @property
    def on_time_rate_first_deadline(self) -> Rate:
        """按期完成率 against the first deadline, before any extension."""
        return Rate(self.closed_on_time_first_deadline, self.closed + self.overdue_first_deadline)


# Days since the feedback, first and last; the last band has no end.
AGES: Mapping[FigureName, tuple[int, int | None]] = {
    FigureName.OPEN_30: (0, 30),
    FigureName.OPEN_90: (31, 90),
    FigureName.OPEN_180: (91, 180),
    FigureName.OPEN_LONGER: (181, None),
}
ROW_COUNTS = (
    FigureName.TOTAL,
    FigureName.DRAFT,
    FigureName.ISSUED,
    FigureName.WORKING,
    FigureName.APPLIED,
    FigureName.SUSTAINED,
    FigureName.CLOSED,
    FigureName.WITHDRAWN,
    FigureName.BASICALLY_COMPLETED,
    FigureName.COMPLETED_BY_UNIT,
    FigureName.CONFIRMED,
    FigureName.OVERDUE,
)
RATES = (
    FigureName.CLOSURE_RATE,
    FigureName.COMPLETION_RATE,
    FigureName.ON_TIME_RATE,
    FigureName.ON_TIME_RATE_FIRST_DEADLINE,
)


def row_of(key: str, tally: Tally, decimals: int = 1) -> dict[str, str | int | None]:
    """One row of ``figures --json``: the key, counts as numbers, rates as printed or None."""
    row: dict[str, str | int | None] = {"key": key}
    row.update({str(name): getattr(tally, name) for name in ROW_COUNTS})
    row.update({str(name): getattr(tally, name).printed(decimals) for name in RATES})
    return row
