"""The days on which a rule speaks: counted from a date, once or again and again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l

DAYS_MAX = 365


class Trigger(StrEnum):
    """What makes a rule speak."""

    BEFORE_DUE = "before_due"
    ON_DUE = "on_due"
    OVERDUE_BY = "overdue_by"
    OVERDUE_EVERY = "overdue_every"
    NOT_ACCEPTED = "not_accepted"
    REVIEW_PENDING = "review_pending"
    UNCHECKED = "unchecked"


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


def first_step(trigger: Trigger, days: int, base: date) -> Step:
    """The first day a rule speaks."""
    return Step(base + timedelta(days=offset_of(trigger, days)))


def latest_step(trigger: Trigger, days: int, base: date, today: date) -> Step | None:
    """The step reached last by today; None before the first. ``queries.steps`` says the same in SQL."""
    first = first_step(trigger, days, base)
    if today < first.reached_on:
        return None
    period = period_of(trigger, days)
    if not period:
        return first
    repetition = (today - first.reached_on).days // period
    return Step(first.reached_on + timedelta(days=repetition * period), repetition)


def next_step(trigger: Trigger, days: int, base: date, today: date) -> Step | None:
    """The first step after today; None when there is none any more."""
    reached = latest_step(trigger, days, base, today)
    if reached is None:
        return first_step(trigger, days, base)
    period = period_of(trigger, days)
    return Step(reached.reached_on + timedelta(days=period), reached.repetition + 1) if period else None


def steps_between(trigger: Trigger, days: int, base: date, begin: date, end: date) -> list[Step]:
    """The steps on a day from ``begin`` on and before ``end``, the earliest first."""
    found = []
    step = next_step(trigger, days, base, begin - timedelta(days=1))
    while step is not None and step.reached_on < end:
        found.append(step)
        step = next_step(trigger, days, base, step.reached_on)
    return found


def check_days(trigger: Trigger, days: int) -> None:
    """Raise DomainError for a number of days the trigger has no use for."""
    low = 0 if trigger is Trigger.ON_DUE else 1
    high = 0 if trigger is Trigger.ON_DUE else DAYS_MAX
    if not low <= days <= high:
        raise DomainError(_l("请填写 %(low)d 到 %(high)d 之间的天数。", low=low, high=high), field="days")
