"""When an item will be reminded next, and whom: hook ``next_reminder``."""

from dataclasses import dataclass
from datetime import date

from tracker.core import clock
from tracker.core.db import db
from tracker.items.models import Item
from tracker.items.rules import OPEN
from tracker.reminders import queries
from tracker.reminders.rules import next_step
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
    if item.state not in OPEN or item.issued_on is None:
        return None
    coming = [
        (step.reached_on, rule.id, rule)
        for rule, deadline in queries.list_counted(session, item.id)
        if (step := next_step(rule.trigger, rule.days, deadline, today)) is not None
    ]
    if not coming:
        return None
    on, rule_id, rule = min(coming, key=lambda each: each[:2])
    names = queries.list_told_on(session, item.id, rule_id, on)
    return NextReminder(on, rule_words(rule.trigger, rule.days), tuple(names))
