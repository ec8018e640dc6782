"""When an item will be reminded next, and whom: hook ``next_reminder``."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from tracker.core import clock
from tracker.core.db import db
from tracker.items.models import Item
from tracker.items.rules import RUNNING, State
from tracker.reminders import queries
from tracker.reminders.models import ReminderRule
from tracker.reminders.operations import held_until
from tracker.reminders.rules import Recipient, Trigger, next_step, told
from tracker.reminders.wording import rule_words


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
    steps = [(step, rule) for rule in queries.list_rules(session) if (step := _next(rule, item, today))]
    if not steps:
        return None
    reached_on, rule = min(steps, key=lambda each: (each[0], each[1].id))
    on = held_until(session, reached_on)
    present: defaultdict[Recipient, list[str]] = defaultdict(list)
    for _item_id, relation, person in queries.list_answerable(session, [item.id]):
        present[relation].append(person.name)
    names = told(rule.tells, present)
    return NextReminder(on, rule_words(rule.trigger, rule.days), tuple(names))


def _next(rule: ReminderRule, item: Item, today: date) -> date | None:
    is_about_acceptance = rule.trigger is Trigger.NOT_ACCEPTED
    base = item.issued_on if is_about_acceptance else item.due_on
    if not rule.is_active or base is None or (is_about_acceptance and item.state is not State.ISSUED):
        return None
    step = next_step(rule.trigger, rule.days, base, today)
    return step.reached_on if step else None
