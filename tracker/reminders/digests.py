"""What a digest says: hook ``render:reminder_digest``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.access.rules import Action, can
from tracker.core import clock
from tracker.core.db import db
from tracker.items.models import Item
from tracker.items.rules import Light
from tracker.org import queries as people
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, Skip
from tracker.reminders import queries
from tracker.reminders.covering import covered_by
from tracker.reminders.models import Occurrence, ReminderRule
from tracker.reminders.rules import BASES, Basis
from tracker.reminders.wording import SHOWN_LIGHTS, covered_words, due_words, late_words


@dataclass(frozen=True)
class Line:
    """One thing in a digest. Its finding stays within the system.

    ``notes`` say that it comes late and which earlier reminders it stands for.
    """

    number: str
    finding: str
    unit: str
    deadline: date
    words: object
    light: Light
    label: str
    slip: str
    notes: tuple[str, ...]
    is_late: bool


def render(message: Message, at: datetime) -> Letter | Skip:
    """The digest as it stands at an instant; what is due no more, or not this person's any more, is left out.

    Out of the system goes only what its rule sends over that channel.
    """
    session = db.session()
    day = clock.civil_date(at)
    told = [
        each
        for each in queries.list_told(session, message.person_id, message.slot, day)
        if message.channel is Channel.INBOX or message.channel in each.rule.speech.channels
    ]
    if not told:
        return Skip.NOT_DUE
    actor = people.load_actor(session, message.person)
    mine = [each for each in told if can(actor, Action.READ_ITEM, each.item)]
    if not mine:
        return Skip.NOT_READABLE
    covered = {rule_id for each in mine for rule_id in each.occurrence.covered_rules}
    rules = queries.list_rules_by_id(session, covered)
    lines = [_line(each.occurrence, each.item, each.rule, rules, day) for each in mine]
    late = sum(line.is_late for line in lines)
    values = {"lines": lines, "count": len(lines), "late": late, "near": len(lines) - late}
    return Letter("reminder_digest", values, [line.number for line in lines])


def _line(occurrence: Occurrence, item: Item, rule: ReminderRule, rules: Mapping[int, ReminderRule], day: date) -> Line:
    notes = (late_words(occurrence.reached_on, day), covered_words(covered_by(occurrence, rules)))
    return Line(
        item.number,
        item.finding,
        item.lead_unit.name if item.lead_unit else "",
        occurrence.deadline,
        due_words(rule.trigger, occurrence.deadline, day),
        SHOWN_LIGHTS[rule.light],
        rule.label,
        rule.slip,
        tuple(filter(None, notes)),
        BASES[rule.trigger] is Basis.DEADLINE and occurrence.deadline < day,
    )
