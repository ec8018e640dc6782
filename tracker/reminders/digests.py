"""What a digest says: hook ``render:reminder_digest``."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from tracker.access.rules import Action, Actor, can, knows
from tracker.core import clock
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.items.rules import Light
from tracker.org import queries as people
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, Skip
from tracker.reminders import queries
from tracker.reminders.covering import Covered, covered_by
from tracker.reminders.queries import ToldStep
from tracker.reminders.rules import BASES, OVERDUE, Basis
from tracker.reminders.wording import SHOWN_LIGHTS, covered_words, due_words, late_words
from tracker.sources.wording import title_of


@dataclass(frozen=True)
class Line:
    """One thing in a digest; a date of a source has no item. Its text stays within the system.

    ``part`` is the id of its occurrence, ``notes`` say that it comes late and which earlier reminders it stands for.
    """

    part: int
    item_id: int | None
    number: str
    text: str
    unit: str
    address: str
    deadline: date
    words: object
    light: Light
    label: str
    slip: str
    notes: tuple[str, ...]
    is_overdue: bool
    is_late: bool


@dataclass
class _OfSource:
    """A date of a source, as the permission table asks about it."""

    lead_unit_id: int | None
    owner_id: int | None
    leader_id: int | None = None
    supervisor_id: int | None = None
    handler_id: int | None = None
    supporting_unit_ids: Collection[int] = ()
    reader_ids: Collection[int] | None = None


def render(message: Message, at: datetime) -> Letter | Skip:
    """The digest as it stands at an instant; what is due no more, or not this person's any more, is left out.

    A mail leaves out what has mails of its own; the inbox tells all of it. Out of the system goes only what its rule
    sends over that channel.
    """
    found = _lines(message, message.slot, at)
    if isinstance(found, Skip):
        return found
    singly = queries.list_told_singly(db.session(), message.person_id, message.slot) if _is_mail(message) else set()
    lines = [line for line in found if not (line.is_overdue and line.item_id in singly)]
    if not lines:
        return Skip.TOLD_SINGLY
    late = sum(line.is_late for line in lines)
    values = {"lines": lines, "count": len(lines), "late": late, "near": len(lines) - late}
    return Letter("reminder_digest", values, _numbers(lines), [line.part for line in lines])


def _is_mail(message: Message) -> bool:
    return message.channel is Channel.MAIL


def _numbers(lines: Sequence[Line]) -> list[str]:
    return list(dict.fromkeys(line.number for line in lines if line.item_id is not None))


def render_single(message: Message, at: datetime) -> Letter | Skip:
    """Hook ``render:reminder_single``: one overdue item and what is overdue inside it, as it stands at an instant."""
    slot, _colon, item_id = message.slot.rpartition(":")
    found = _lines(message, slot, at)
    if isinstance(found, Skip):
        return found
    lines = [line for line in found if line.is_overdue and line.item_id == int(item_id)]
    return Letter("reminder_single", {"lines": lines}, _numbers(lines)) if lines else Skip.NOT_DUE


def _lines(message: Message, slot: str, at: datetime) -> list[Line] | Skip:
    """All that a digest has to tell its reader at an instant over the message's channel."""
    session = db.session()
    day = clock.civil_date(at)
    told = [
        each
        for each in queries.list_told(session, message.person_id, slot, day)
        if message.channel is Channel.INBOX or message.channel in each.rule.speech.channels
    ]
    if not told:
        return Skip.NOT_DUE
    actor = people.load_actor(session, message.person)
    mine = [each for each in told if _may_know(actor, each)]
    if not mine:
        return Skip.NOT_READABLE
    rules = queries.list_rules_by_id(session, {id_ for each in mine for id_ in each.occurrence.covered_rules})
    calendar = queries.load_calendar_of(session, [each.occurrence for each in mine], rules.values())
    return [_line(each, covered_by(each.occurrence, rules, calendar), day) for each in mine]


def _may_know(actor: Actor, told: ToldStep) -> bool:
    """Whether a person may read of it; whoever answers for a measure or a milestone may read of that one.

    Where a list of readers narrows who may know of the item, it narrows that too.
    """
    if told.source_milestone is not None:
        date_ = told.source_milestone
        return can(actor, Action.READ_ITEM, _OfSource(date_.unit_id, date_.owner_id))
    own = told.milestone or told.measure
    is_own = own is not None and own.owner_id == actor.person_id
    item = told.item
    return item is not None and knows(actor, item) and (is_own or can(actor, Action.READ_ITEM, item))


def _line(told: ToldStep, covered: Sequence[Covered], day: date) -> Line:
    number, text, unit, address = _named(told)
    rule, deadline, reached_on = told.rule, told.occurrence.deadline, told.occurrence.reached_on
    return Line(
        part=told.occurrence.id,
        item_id=told.occurrence.item_id,
        number=number,
        text=text,
        unit=unit,
        address=address,
        deadline=deadline,
        words=due_words(rule.trigger, deadline, day),
        light=SHOWN_LIGHTS[rule.light],
        label=rule.label,
        slip=rule.slip,
        notes=tuple(filter(None, (late_words(reached_on, day), covered_words(covered)))),
        is_overdue=rule.trigger in OVERDUE,
        is_late=BASES[rule.trigger] is Basis.DEADLINE and deadline < day,
    )


def _named(told: ToldStep) -> tuple[str, str, str, str]:
    """Number, text, unit and address of what a step speaks of."""
    if told.source_milestone is not None:
        date_ = told.source_milestone
        unit = date_.unit.name if date_.unit else ""
        return date_.source.number, title_of(date_), unit, f"/sources/{date_.source_id}"
    assert told.item is not None
    item = told.item
    text = item.finding
    if told.milestone is not None:
        text = _("节点：%(title)s", title=told.milestone.title)
    elif told.measure is not None:
        text = _("措施：%(text)s", text=told.measure.text)
    return item.number, text, item.lead_unit.name if item.lead_unit else "", f"/items/{quote(item.number)}"
