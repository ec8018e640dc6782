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
from tracker.outbox.rules import Channel, Skip
from tracker.reminders import queries
from tracker.reminders.models import Occurrence, ReminderRule
from tracker.reminders.rules import Trigger
from tracker.reminders.wording import due_words


@dataclass(frozen=True)
class Line:
    """One item in a digest. Its finding stays within the system."""

    item_id: int
    number: str
    finding: str
    unit: str
    deadline: date
    words: object
    light: Light
    is_overdue: bool


def render(message: Message, at: datetime) -> Letter | Skip:
    """The digest as it stands at an instant; what is due no more, or not this person's any more, is left out.

    A mail leaves out what has mails of its own; the inbox tells all of it.
    """
    found = _lines(message, message.slot, at)
    if isinstance(found, Skip):
        return found
    singly = queries.list_told_singly(db.session(), message.person_id, message.slot) if _is_mail(message) else set()
    lines = [line for line in found if not (line.is_overdue and line.item_id in singly)]
    if not lines:
        return Skip.TOLD_SINGLY
    late = sum(line.light is Light.LATE for line in lines)
    values = {"lines": lines, "count": len(lines), "late": late, "near": len(lines) - late}
    return Letter("reminder_digest", values, [line.number for line in lines])


def render_single(message: Message, at: datetime) -> Letter | Skip:
    """Hook ``render:reminder_single``: one overdue item, as it stands at an instant."""
    slot, _colon, item_id = message.slot.rpartition(":")
    found = _lines(message, slot, at)
    if isinstance(found, Skip):
        return found
    mine = [line for line in found if line.is_overdue and line.item_id == int(item_id)]
    return Letter("reminder_single", {"line": mine[0]}, [mine[0].number]) if mine else Skip.NOT_DUE


def _is_mail(message: Message) -> bool:
    return message.channel is Channel.MAIL


def _lines(message: Message, slot: str, at: datetime) -> list[Line] | Skip:
    """All that a digest has to tell its reader at an instant."""
    session = db.session()
    day = clock.civil_date(at)
    told = queries.list_told(session, message.person_id, slot, day)
    if not told:
        return Skip.NOT_DUE
    actor = people.load_actor(session, message.person)
    lines = [_line(*each, day) for each in told if can(actor, Action.READ_ITEM, each[1])]
    return lines or Skip.NOT_READABLE


def _line(occurrence: Occurrence, item: Item, rule: ReminderRule, day: date) -> Line:
    unit = item.lead_unit.name if item.lead_unit else ""
    is_overdue = rule.trigger is Trigger.OVERDUE_EVERY
    is_waiting = rule.trigger is Trigger.NOT_ACCEPTED
    shown = Light.NEAR if is_waiting else light(item.state, item.due_on, day) or Light.OK
    words = due_words(rule.trigger, occurrence.deadline, day)
    return Line(item.id, item.number, item.finding, unit, occurrence.deadline, words, shown, is_overdue)
