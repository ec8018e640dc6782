"""When an item will be reminded next, and whom: hook ``next_reminder``."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tracker.core import clock
from tracker.core.db import db
from tracker.items.models import Item
from tracker.items.rules import OPEN
from tracker.reminders import queries
from tracker.reminders.models import ReminderRule
from tracker.reminders.operations import held_until
from tracker.reminders.rules import Counts, next_step
from tracker.reminders.wording import rule_words
from tracker.workdays.queries import load_calendar
from tracker.workdays.rules import Calendar, OutOfCalendar, span_of
from tracker.workdays.wording import guess_note


@dataclass(frozen=True)
class NextReminder:
    """The next day a rule will speak of an item, the rule in words, and the names of those it will tell."""

    on: date
    rule: object
    people: tuple[str, ...]


@dataclass(frozen=True)
class _Coming:
    """A step to come, and the date it is reckoned from."""

    reached_on: date
    deadline: date
    rule: ReminderRule


def next_reminder(item: Item) -> NextReminder | None:
    """The next reminder after today if nothing changes; None when there is none to come."""
    session = db.session()
    today = clock.today()
    if item.state not in OPEN or item.issued_on is None:
        return None
    counted = queries.list_counted(session, item.id)
    calendar = _calendar(session, counted, today)
    coming = [each for rule, deadline in counted if (each := _next(rule, deadline, today, calendar))]
    if not coming:
        return None
    first = min(coming, key=lambda each: (each.reached_on, each.rule.id))
    names = queries.list_told_on(session, item.id, first.rule.id, first.reached_on)
    on = held_until(session, first.reached_on, calendar)
    return NextReminder(on, _words(first, on, calendar), tuple(names))


def _calendar(session: Session, counted: Collection[tuple[ReminderRule, date]], today: date) -> Calendar:
    """As much of the calendar as the rules that count working days, and holding back, may ask for."""
    dates = [today, *(deadline for _rule, deadline in counted)]
    span = timedelta(days=max((span_of(rule.days) for rule, _deadline in counted), default=0))
    return load_calendar(session, min(dates) - span, max(dates) + span)


def _next(rule: ReminderRule, deadline: date, today: date, calendar: Calendar) -> _Coming | None:
    try:
        counted = calendar if rule.counts is Counts.WORKING else None
        step = next_step(rule.trigger, rule.days, deadline, today, counted)
    except OutOfCalendar:
        return None
    return _Coming(step.reached_on, deadline, rule) if step else None


def _words(coming: _Coming, on: date, calendar: Calendar) -> str:
    """The rule in words, and that holidays on the way are not published yet."""
    rule = coming.rule
    counted_from = coming.deadline if rule.counts is Counts.WORKING else coming.reached_on
    guessed = calendar.guessed_years(min(counted_from, on), max(counted_from, on))
    return str(rule_words(rule.trigger, rule.days, rule.counts)) + guess_note(guessed)
