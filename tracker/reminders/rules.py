"""When a rule reaches a step, whom it tells, and the plain default rules."""

from collections.abc import Collection, Mapping
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
    """What a rule counts days from: the deadline, or the day of issuing."""

    BEFORE_DUE = "before_due"
    ON_DUE = "on_due"
    OVERDUE_EVERY = "overdue_every"
    NOT_ACCEPTED = "not_accepted"


class Counts(StrEnum):
    """Which days a rule counts."""

    NATURAL = "natural"
    WORKING = "working"


class Recipient(StrEnum):
    """Who is told, relative to the item."""

    OWNER = "owner"
    HANDLER = "handler"
    LIAISON = "liaison"
    UNIT_HEAD = "unit_head"
    LEADER = "leader"
    OFFICE = "office"


# Who is told instead when a recipient is not named or cannot sign in: the first of these that anybody is.
STAND_INS = (Recipient.LIAISON, Recipient.UNIT_HEAD, Recipient.OFFICE)


def told(recipients: Collection[Recipient], present: Mapping[Recipient, Collection[str]]) -> list[str]:
    """Whom a rule really tells, each once, out of those present by relation; ``queries.steps`` does it in SQL."""
    chosen: dict[str, None] = {}
    for recipient in recipients:
        found = next((present[each] for each in (recipient, *STAND_INS) if present.get(each)), ())
        chosen.update(dict.fromkeys(found))
    return list(chosen)


@dataclass(frozen=True)
class Default:
    """A rule of the plain preset."""

    key: str
    trigger: Trigger
    days: int
    recipients: tuple[Recipient, ...]


_DOERS = (Recipient.OWNER, Recipient.HANDLER, Recipient.LIAISON)
PLAIN = (
    Default("before-20", Trigger.BEFORE_DUE, 20, _DOERS),
    Default("before-10", Trigger.BEFORE_DUE, 10, _DOERS),
    Default("before-3", Trigger.BEFORE_DUE, 3, (*_DOERS, Recipient.UNIT_HEAD)),
    Default("on-due", Trigger.ON_DUE, 0, (*_DOERS, Recipient.UNIT_HEAD)),
    Default("overdue-7", Trigger.OVERDUE_EVERY, 7, (*_DOERS, Recipient.UNIT_HEAD, Recipient.OFFICE)),
    Default("not-accepted-3", Trigger.NOT_ACCEPTED, 3, (Recipient.LIAISON, Recipient.UNIT_HEAD, Recipient.OFFICE)),
)


@dataclass(frozen=True)
class Step:
    """The day a rule speaks. ``repetition`` counts from 0."""

    reached_on: date
    repetition: int = 0


def first_step(trigger: Trigger, days: int, base: date, calendar: Calendar | None = None) -> Step:
    """The first day a rule speaks; an overdue one speaks on the first day after the deadline.

    With a calendar its working days are counted, here and below; what lies outside of it raises OutOfCalendar.
    """
    offset = {Trigger.BEFORE_DUE: -days, Trigger.ON_DUE: 0, Trigger.OVERDUE_EVERY: 1, Trigger.NOT_ACCEPTED: days}
    return Step(_plus(base, offset[trigger], calendar))


def _plus(day: date, number: int, calendar: Calendar | None) -> date:
    return calendar.add_working_days(day, number) if calendar else day + timedelta(days=number)


def latest_step(trigger: Trigger, days: int, base: date, today: date, calendar: Calendar | None = None) -> Step | None:
    """The step reached last by today; None before the first. ``queries.steps`` says the same in SQL."""
    first = first_step(trigger, days, base, calendar)
    if today < first.reached_on:
        return None
    if trigger is not Trigger.OVERDUE_EVERY:
        return first
    passed = (today - first.reached_on).days
    if calendar:
        passed = calendar.working_days_between(first.reached_on, today)
    repetition = passed // days
    return Step(_plus(first.reached_on, repetition * days, calendar), repetition)


def next_step(trigger: Trigger, days: int, base: date, today: date, calendar: Calendar | None = None) -> Step | None:
    """The first step after today; None when there is none any more."""
    reached = latest_step(trigger, days, base, today, calendar)
    if reached is None:
        return first_step(trigger, days, base, calendar)
    if trigger is not Trigger.OVERDUE_EVERY:
        return None
    return Step(_plus(reached.reached_on, days, calendar), reached.repetition + 1)


def check_days(trigger: Trigger, days: int, counts: Counts = Counts.NATURAL) -> None:
    """Raise DomainError for a number of days the trigger has no use for."""
    most = WORKING_DAYS_MAX if counts is Counts.WORKING else DAYS_MAX
    low = 0 if trigger is Trigger.ON_DUE else 1
    high = 0 if trigger is Trigger.ON_DUE else most
    if not low <= days <= high:
        raise DomainError(_l("请填写 %(low)d 到 %(high)d 之间的天数。", low=low, high=high), field="days")


def digest_slot(day: date, number: int) -> str:
    """The slot of a person's nth digest of a day: ``2026-06-10``, then ``2026-06-10#2``."""
    return day.isoformat() if number == 1 else f"{day.isoformat()}#{number}"


# So many digests at once surprise nobody, however small the office.
USUAL_DIGESTS = 30


def digests_at_once(people: int, percent: int) -> int:
    """How many digests one sweep may queue without asking; grows with the number of people who can sign in."""
    return USUAL_DIGESTS + people * percent // 100
