"""When an item will be reminded next, and whom: hook ``next_reminder``."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tracker.core import clock
from tracker.core.db import db
from tracker.items.models import Item
from tracker.items.rules import RUNNING, State
from tracker.reminders import queries
from tracker.reminders.models import ReminderRule
from tracker.reminders.operations import held_until
from tracker.reminders.rules import Counts, Recipient, Trigger, next_step, told
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


def next_reminder(item: Item) -> NextReminder | None:
    """The next reminder after today if nothing changes; None when there is none to come."""
    session = db.session()
    today = clock.today()
    if item.state not in RUNNING or item.issued_on is None:
        return None
    rules = [rule for rule in queries.list_rules(session) if rule.is_active]
    calendar = _calendar(session, rules, item, today)
    steps = [(step, rule) for rule in rules if (step := _next(rule, item, today, calendar))]
    if not steps:
        return None
    reached_on, rule = min(steps, key=lambda each: (each[0], each[1].id))
    present: defaultdict[Recipient, list[str]] = defaultdict(list)
    for _item_id, relation, person in queries.list_answerable(session, [item.id]):
        present[relation].append(person.name)
    names = told(rule.tells, present)
    on = held_until(session, reached_on, calendar)
    counted_from = (_base(rule, item) if rule.counts is Counts.WORKING else None) or reached_on
    words = str(rule_words(rule.trigger, rule.days, rule.counts))
    words += guess_note(calendar.guessed_years(min(counted_from, on), max(counted_from, on)))
    return NextReminder(on, words, tuple(names))


def _calendar(session: Session, rules: Sequence[ReminderRule], item: Item, today: date) -> Calendar:
    """As much of the calendar as the rules that count working days, and holding back, may ask for."""
    dates = [day for day in (today, item.due_on, item.issued_on) if day is not None]
    span = timedelta(days=max((span_of(rule.days) for rule in rules), default=0))
    return load_calendar(session, min(dates) - span, max(dates) + span)


def _base(rule: ReminderRule, item: Item) -> date | None:
    return item.issued_on if rule.trigger is Trigger.NOT_ACCEPTED else item.due_on


def _next(rule: ReminderRule, item: Item, today: date, calendar: Calendar) -> date | None:
    base = _base(rule, item)
    if base is None or (rule.trigger is Trigger.NOT_ACCEPTED and item.state is not State.ISSUED):
        return None
    try:
        counted = calendar if rule.counts is Counts.WORKING else None
        step = next_step(rule.trigger, rule.days, base, today, counted)
    except OutOfCalendar:
        return None
    return step.reached_on if step else None
