"""The days on which a rule speaks: counted from a date, once or again and again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.workdays.rules import Calendar

DAYS_MAX = 365
# No more than fit into DAYS_MAX days whatever the holidays.
WORKING_DAYS_MAX = 240


class Trigger(StrEnum):
    """What makes a rule speak."""

    BEFORE_DUE = "before_due"
    ON_DUE = "on_due"
    OVERDUE_BY = "overdue_by"
    OVERDUE_EVERY = "overdue_every"
    NOT_ACCEPTED = "not_accepted"
    REVIEW_PENDING = "review_pending"
    UNCHECKED = "unchecked"


class Counts(StrEnum):
    """Which days a rule counts."""

    NATURAL = "natural"
    WORKING = "working"


class Basis(StrEnum):
    """The date a rule counts from: the deadline, or when it was given out, came up for review, was looked at."""

    DEADLINE = "deadline"
    ACCEPTANCE = "acceptance"
    REVIEW = "review"
    CHECK = "check"


BASES: Mapping[Trigger, Basis] = {
    Trigger.BEFORE_DUE: Basis.DEADLINE,
    Trigger.ON_DUE: Basis.DEADLINE,
    Trigger.OVERDUE_BY: Basis.DEADLINE,
    Trigger.OVERDUE_EVERY: Basis.DEADLINE,
    Trigger.NOT_ACCEPTED: Basis.ACCEPTANCE,
    Trigger.REVIEW_PENDING: Basis.REVIEW,
    Trigger.UNCHECKED: Basis.CHECK,
}
OVERDUE = frozenset({Trigger.OVERDUE_BY, Trigger.OVERDUE_EVERY})
REPEATING = frozenset({Trigger.OVERDUE_EVERY, Trigger.UNCHECKED})


class Subject(StrEnum):
    """What has a date of its own."""

    ITEM = "item"
    REVIEW = "review"
    MILESTONE = "milestone"
    MEASURE = "measure"
    SOURCE_MILESTONE = "source_milestone"


@dataclass(frozen=True)
class Step:
    """The day a rule speaks. ``repetition`` counts from 0."""

    reached_on: date
    repetition: int = 0


def offset_of(trigger: Trigger, days: int) -> int:
    """Days from the date counted from to the first step; an overdue rule first speaks the day after the deadline."""
    fixed = {Trigger.BEFORE_DUE: -days, Trigger.ON_DUE: 0, Trigger.OVERDUE_EVERY: 1}
    return fixed.get(trigger, days)


def period_of(trigger: Trigger, days: int) -> int:
    """Days from one step to the next; 0 when there is but one."""
    return days if trigger in REPEATING else 0


def first_step(trigger: Trigger, days: int, base: date, calendar: Calendar | None = None) -> Step:
    """The first day a rule speaks.

    With a calendar its working days are counted, here and below; what lies outside of it raises OutOfCalendar.
    """
    return Step(_plus(base, offset_of(trigger, days), calendar))


def _plus(day: date, number: int, calendar: Calendar | None) -> date:
    return calendar.add_working_days(day, number) if calendar else day + timedelta(days=number)


def latest_step(trigger: Trigger, days: int, base: date, today: date, calendar: Calendar | None = None) -> Step | None:
    """The step reached last by today; None before the first. ``queries.steps`` says the same in SQL."""
    first = first_step(trigger, days, base, calendar)
    if today < first.reached_on:
        return None
    period = period_of(trigger, days)
    if not period:
        return first
    passed = (today - first.reached_on).days
    if calendar:
        passed = calendar.working_days_between(first.reached_on, today)
    repetition = passed // period
    return Step(_plus(first.reached_on, repetition * period, calendar), repetition)


def next_step(trigger: Trigger, days: int, base: date, today: date, calendar: Calendar | None = None) -> Step | None:
    """The first step after today; None when there is none any more."""
    reached = latest_step(trigger, days, base, today, calendar)
    if reached is None:
        return first_step(trigger, days, base, calendar)
    period = period_of(trigger, days)
    return Step(_plus(reached.reached_on, period, calendar), reached.repetition + 1) if period else None


def steps_between(
    trigger: Trigger, days: int, base: date, begin: date, end: date, calendar: Calendar | None = None
) -> list[Step]:
    """The steps on a day from ``begin`` on and before ``end``, the earliest first."""
    found: list[Step] = []
    if begin >= end:
        return found
    step = next_step(trigger, days, base, begin - timedelta(days=1), calendar)
    while step is not None and step.reached_on < end:
        found.append(step)
        step = next_step(trigger, days, base, step.reached_on, calendar)
    return found


def check_days(trigger: Trigger, days: int, counts: Counts = Counts.NATURAL) -> None:
    """Raise DomainError for a number of days the trigger has no use for."""
    most = WORKING_DAYS_MAX if counts is Counts.WORKING else DAYS_MAX
    low = 0 if trigger is Trigger.ON_DUE else 1
    high = 0 if trigger is Trigger.ON_DUE else most
    if not low <= days <= high:
        raise DomainError(_l("请填写 %(low)d 到 %(high)d 之间的天数。", low=low, high=high), field="days")
