"""The scan: what present deadlines make due, told once, gathered into one digest per person and day."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import String, delete, literal, update

from tracker.core import clock
from tracker.core.db import Instant, db
from tracker.core.sql import insert_new
from tracker.outbox import operations as outbox
from tracker.outbox import queries as messages
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState, Skip
from tracker.reminders import queries
from tracker.reminders.models import Occurrence
from tracker.reminders.operations.drafting import draft_notices
from tracker.reminders.operations.ruling import ensure_default_rules
from tracker.reminders.rules import digest_slot

OPEN = frozenset({MessageState.QUEUED, MessageState.SKIPPED})


def queue_reminders(at: datetime) -> dict[str, int]:
    """Queue what is due at an instant and drop what waits but is due no more: ``{"queued", "dropped"}``, in messages.

    Running it again changes nothing. Rules are made when there are none.
    """
    session = db.session()
    day = clock.civil_date(at)
    ensure_default_rules(min(day, clock.today()))
    queries.lock_rules(session)
    outdated = queries.list_outdated(session, day, at)
    session.execute(delete(Occurrence).where(Occurrence.id.in_(outdated)))
    told_of = _note_due(day)
    draft_notices(day)
    queued = _gather(told_of, day) if told_of else 0
    dropped = outbox.drop(queries.list_emptied(session, day, at), Skip.NOT_DUE)
    return {"queued": queued, "dropped": dropped}


def note_told(occurrence_ids: Collection[int]) -> None:
    """Hook ``parts_told``: these steps stand in somebody's inbox now."""
    told = update(Occurrence).where(Occurrence.id.in_(occurrence_ids))
    db.session().execute(told.values(told_at=clock.now()))


def _note_due(day: date) -> Collection[int]:
    """Note every step due on a day that was not noted before; the people it concerns."""
    session = db.session()
    new = queries.select_new().params(day=day).add_columns(literal(clock.now(), Instant()), literal("", String()))
    noted = insert_new(session, Occurrence).from_select([*queries.COLUMNS, "queued_at", "digest"], new)
    return set(session.scalars(noted.returning(Occurrence.person_id)))


def _gather(person_ids: Collection[int], day: date) -> int:
    """Put what was noted into each person's digest of the day, a new one if today's has gone out; how many are new."""
    session = db.session()
    there: defaultdict[int, list[Message]] = defaultdict(list)
    for message in messages.list_of_slots(session, queries.KIND, person_ids, day.isoformat()):
        there[message.person_id].append(message)
    slots = {person_id: _slot(there[person_id], day) for person_id in person_ids}
    for slot in sorted(set(slots.values())):
        mine = [person_id for person_id in person_ids if slots[person_id] == slot]
        new = update(Occurrence).where(Occurrence.digest == "", Occurrence.person_id.in_(mine))
        session.execute(new.values(digest=slot))
    numbers: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for person_id, slot, number in queries.list_numbers(session, person_ids, set(slots.values())):
        numbers[person_id, slot].append(number)
    channels: defaultdict[tuple[int, str], set[Channel]] = defaultdict(set)
    for person_id, slot, channel in queries.list_channels(session, person_ids, set(slots.values())):
        channels[person_id, slot].add(channel)
    queued = 0
    for person in queries.list_people(session, person_ids):
        told = numbers[person.id, slots[person.id]]
        for message in there[person.id]:
            if message.slot == slots[person.id]:
                message.item_numbers = json.dumps(told, ensure_ascii=False)
        queued += outbox.queue(
            queries.KIND,
            person,
            slot=slots[person.id],
            numbers=told,
            channels=[each for each in Channel if each in channels[person.id, slots[person.id]]],
            not_before=clock.instant_at(day),
        )
    return queued


def _slot(there: Sequence[Message], day: date) -> str:
    """The slot of the digest that can still take something up, else the next one."""
    slots = list(dict.fromkeys(message.slot for message in there))
    last = [message for message in there if message.slot == slots[-1]]
    is_open = any(message.channel is Channel.INBOX and message.state is MessageState.QUEUED for message in last)
    if is_open and all(message.state in OPEN for message in last):
        return slots[-1]
    return digest_slot(day, len(slots) + 1)
