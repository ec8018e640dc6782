"""What a digest says: hook ``render:reminder_digest``."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.access.rules import Action, can
from tracker.core import clock
from tracker.core.db import db
from tracker.items.models import Item
from tracker.items.rules import Light, light
from tracker.org import queries as people
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip
from tracker.reminders import queries
from tracker.reminders.models import Occurrence, ReminderRule
from tracker.reminders.rules import Trigger
from tracker.reminders.wording import due_words


@dataclass(frozen=True)
class Line:
    """One item in a digest. Its finding stays within the system."""

    number: str
    finding: str
    unit: str
    deadline: date
    words: object
    light: Light


def render(message: Message, at: datetime) -> Letter | Skip:
    """The digest as it stands at an instant; what is due no more, or not this person's any more, is left out."""
    session = db.session()
    day = clock.civil_date(at)
    told = queries.list_told(session, message.person_id, message.slot, day)
    if not told:
        return Skip.NOT_DUE
    actor = people.load_actor(session, message.person)
    lines = [_line(*each, day) for each in told if can(actor, Action.READ_ITEM, each[1])]
    if not lines:
        return Skip.NOT_READABLE
    late = sum(line.light is Light.LATE for line in lines)
    values = {"lines": lines, "count": len(lines), "late": late, "near": len(lines) - late}
    return Letter("reminder_digest", values, [line.number for line in lines])


def _line(occurrence: Occurrence, item: Item, rule: ReminderRule, day: date) -> Line:
    unit = item.lead_unit.name if item.lead_unit else ""
    is_waiting = rule.trigger is Trigger.NOT_ACCEPTED
    shown = Light.NEAR if is_waiting else light(item.state, item.due_on, day) or Light.OK
    words = due_words(rule.trigger, occurrence.deadline, day)
    return Line(item.number, item.finding, unit, occurrence.deadline, words, shown)
