"""Rhythms and the days they give, where a report stands, which round a text answers, and when owing is reminded."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, TypeVar

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import State

ANSWER_LIMIT = 1000
WHOM_LIMIT = 80
COOL_DOWN = timedelta(hours=4)
# How long after its day a round is still reminded of.
LATE_DAYS = 7
# Whose report is owed: not accepted yet, worked on, applied for, kept up.
OWING = frozenset({State.ISSUED, State.WORKING, State.APPLIED, State.SUSTAINED})
# An application says all there is to say, so no text is owed beside it.
SAID_BY_APPLICATION = frozenset({State.APPLIED, State.CLOSED})


class RhythmKind(StrEnum):
    """How often a source wants to hear how its items go on."""

    WEEKLY = "weekly"
    HALF_MONTHLY = "half_monthly"
    MONTHLY = "monthly"


class Shift(StrEnum):
    """Where a day goes that nobody works on."""

    BEFORE = "before"
    AFTER = "after"


class ReportState(StrEnum):
    """Where one unit's report on one item in one round stands; SETTLED is said by an application for closure."""

    OWED = "owed"
    GIVEN = "given"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    SETTLED = "settled"


class Reached(StrEnum):
    """Which reminder of a round is reached: some days before its day, on the day, after it."""

    SOON = "soon"
    TODAY = "today"
    LATE = "late"


class Show(StrEnum):
    """Which of a round's reports a page lists."""

    UNREPORTED = "unreported"
    WAITING = "waiting"
    RETURNED = "returned"
    REPORTED = "reported"
    ALL = "all"


UNREPORTED = frozenset({ReportState.OWED, ReportState.RETURNED})
REPORTED = frozenset(ReportState) - UNREPORTED

SHOWN: Mapping[Show, frozenset[ReportState]] = {
    Show.UNREPORTED: UNREPORTED,
    Show.WAITING: frozenset({ReportState.GIVEN}),
    Show.RETURNED: frozenset({ReportState.RETURNED}),
    Show.REPORTED: REPORTED,
    Show.ALL: frozenset(ReportState),
}

SHOW_LABELS: Mapping[Show, object] = {
    Show.UNREPORTED: _l("未报"),
    Show.WAITING: _l("待审"),
    Show.RETURNED: _l("已退回"),
    Show.REPORTED: _l("已报"),
    Show.ALL: _l("应报"),
}
KIND_LABELS: Mapping[RhythmKind, object] = {
    RhythmKind.WEEKLY: _l("每周"),
    RhythmKind.HALF_MONTHLY: _l("每半月"),
    RhythmKind.MONTHLY: _l("每月"),
}
SHIFT_LABELS: Mapping[Shift, object] = {
    Shift.BEFORE: _l("提前到前一个工作日"),
    Shift.AFTER: _l("顺延到下一个工作日"),
}
STATE_LABELS: Mapping[ReportState, object] = {
    ReportState.OWED: _l("未报"),
    ReportState.GIVEN: _l("已报待审"),
    ReportState.ACCEPTED: _l("已采用"),
    ReportState.RETURNED: _l("已退回"),
    ReportState.SETTLED: _l("已申请销号"),
}
_CODES: Mapping[str, Mapping[Any, object]] = {"kind": KIND_LABELS, "shift": SHIFT_LABELS}
_DAYS: Mapping[RhythmKind, int] = {RhythmKind.WEEKLY: 7, RhythmKind.HALF_MONTHLY: 15, RhythmKind.MONTHLY: 31}


def words_of(key: str, value: Any) -> object | None:
    """The word for a code of a rhythm in the trail."""
    return _CODES.get(key, {}).get(value)


def check_day(kind: RhythmKind, day: int) -> None:
    """Raise DomainError for a day the rhythm has no use for."""
    if not 1 <= day <= _DAYS[kind]:
        message = _l("“%(kind)s”请填写 1 到 %(most)d。", kind=KIND_LABELS[kind], most=_DAYS[kind])
        raise DomainError(message, field="day")


def days_from(kind: RhythmKind, day: int, on: date) -> Iterator[date]:
    """The days of a rhythm from a day on, none of them moved yet.

    ``day`` is the day of the week (1 Monday) or of the month; every half month it comes again 15 days later. A month
    that has no such day gives its last one.
    """
    if kind is RhythmKind.WEEKLY:
        first = on + timedelta(days=(day - on.isoweekday()) % 7)
        while True:
            yield first
            first += timedelta(days=7)
    wanted = (day, day + 15) if kind is RhythmKind.HALF_MONTHLY else (day,)
    year, month = on.year, on.month
    while True:
        last = monthrange(year, month)[1]
        for each in sorted({date(year, month, min(number, last)) for number in wanted}):
            if each >= on:
                yield each
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


class Period(NamedTuple):
    """One round's time: from the day after the former day of the rhythm to its own; and the day after that."""

    begins_on: date
    nominal_on: date
    next_on: date


def period_of(kind: RhythmKind, day: int, on: date) -> Period:
    """The period a day lies in."""
    former = on
    for each in days_from(kind, day, on - timedelta(days=62)):
        if each >= on:
            break
        former = each
    ahead = days_from(kind, day, on)
    return Period(former + timedelta(days=1), next(ahead), next(ahead))


def moved(day: date, shift: Shift, is_working: Callable[[date], bool]) -> date:
    """The day itself when people work on it, else the nearest working day before or after."""
    step = timedelta(days=-1 if shift is Shift.BEFORE else 1)
    for _each in range(30):
        if is_working(day):
            break
        day += step
    return day


class Owed(Protocol):
    """What must be known of a report to tell whether a text answers it."""

    state: ReportState

    @property
    def due_on(self) -> date:
        """The day of its round."""

    @property
    def closes_on(self) -> date:
        """The day of the round after it."""


Report = TypeVar("Report", bound=Owed)


def answered(open_reports: Sequence[Report], on: date) -> Report | None:
    """Which of an item's open reports (the latest round first) a text written on a day answers.

    In the first half of the time to the next round's day what is overdue is made up first.
    """
    for each in reversed(open_reports):
        half = (each.closes_on - each.due_on) / 2
        if each.state in UNREPORTED and each.due_on < on <= each.due_on + half:
            return each
    return open_reports[0] if open_reports else None


def reached(due_on: date, days_before: int, on: date) -> Reached | None:
    """The latest reminder a round has reached on a day; None before the first and long after the last."""
    days = (due_on - on).days
    if not -LATE_DAYS <= days <= days_before:
        return None
    return Reached.LATE if days < 0 else Reached.SOON if days else Reached.TODAY
