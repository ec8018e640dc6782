"""The scan: what present deadlines make due, told once, gathered into one digest per person and day."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import TypeVar

from sqlalchemy import delete, update

from tracker.core import clock
from tracker.core.db import db
from tracker.core.sql import hashing_joins, insert_new
from tracker.outbox import operations as outbox
from tracker.outbox import queries as messages
from tracker.outbox.models import Message
from tracker.outbox.rules import PERSONAL, Channel, MessageState, Skip
from tracker.reminders import queries
from tracker.reminders.models import Occurrence
from tracker.reminders.operations.capping import hold_excess
from tracker.reminders.operations.drafting import draft_notices
from tracker.reminders.operations.holding import Plan, plan_digests, queue_singly
from tracker.reminders.operations.ruling import ensure_default_rules
from tracker.reminders.queries import Found
from tracker.reminders.rules import digest_slot
from tracker.workdays.operations import ensure_calendar

Told = TypeVar("Told")
# More than so many things at once are not named one by one.
MOST = 500
OPEN = frozenset({MessageState.QUEUED, MessageState.SKIPPED})


def find_due(at: datetime) -> Found | None:
    """What a scan at an instant has to look at, read before it without any lock; None for everything.

    So it is for more than MOST things, and as long as there are no rules.
    """
    session = db.session()
    if not queries.list_sets(session):
        return None
    found = queries.find_due(session, clock.civil_date(at))
    return found if sum(map(len, found)) <= MOST else None


def queue_reminders(at: datetime, found: Found | None = None) -> dict[str, int]:
    """Queue what is due at an instant and drop what waits but is due no more: ``{"queued", "dropped"}``, in messages.

    With what ``find_due`` found it looks at nothing else. What is too much at once is held, and then counted in people
    as ``held``. Running it again changes nothing. Rules are made when there are none.
    """
    session = db.session()
    day = clock.civil_date(at)
    ensure_default_rules(min(day, clock.today()))
    queries.lock_rules(session)
    last = queries.last_message(session)
    ensure_calendar(day)
    told_of = _note_due(day, found) if found is None or any(found) else ()
    if told_of:
        draft_notices(day)
    queued = _gather(told_of, at) if told_of else 0
    # What was queued just now has something to tell; to ask that of 10,000 steps again would cost a third of the scan.
    dropped = outbox.drop(queries.list_emptied(session, day, at, up_to=last), Skip.NOT_DUE)
    told = {"queued": queued, "dropped": dropped}
    return told | {"held": held} if (held := hold_excess(last)) else told


def note_told(occurrence_ids: Collection[int]) -> None:
    """Hook ``parts_told``: these steps stand in somebody's inbox now."""
    told = update(Occurrence).where(Occurrence.id.in_(occurrence_ids))
    db.session().execute(told.values(told_at=clock.now()))


def _note_due(day: date, found: Found | None) -> Collection[int]:
    """Note every step due on a day that was not noted before, forget those no longer due; whom the new ones concern."""
    session = db.session()
    outdated = queries.list_outdated(session, day, found)
    session.execute(delete(Occurrence).where(Occurrence.id.in_(outdated)))
    # Of the table, not of the class: given values, the ORM would take this for rows to be inserted.
    table = Occurrence.__table__
    only, ids = queries.narrowed(found)
    columns = [*queries.COLUMNS, "queued_at", "digest"]
    noted = insert_new(session, table).from_select(columns, queries.select_noted(only)).returning(table.c.person_id)
    with hashing_joins(session):
        return set(session.scalars(noted, {"day": day, "noted_at": clock.now(), **ids}))


def _gather(person_ids: Collection[int], at: datetime) -> int:
    """Put what was noted into each person's next digest, a new one if that has gone out; how many messages are new.

    A digest bears the day on which it leaves: what comes due on days off is told together on the next working day.
    """
    session = db.session()
    plans = plan_digests(person_ids, at)
    there = _list_there(plans)
    slots = {person_id: _slot(there[person_id], plan.day) for person_id, plan in plans.items()}
    for slot in sorted(set(slots.values())):
        mine = [person_id for person_id in person_ids if slots[person_id] == slot]
        new = update(Occurrence).where(Occurrence.digest == "", Occurrence.person_id.in_(mine))
        session.execute(new.values(digest=slot))
    numbers = _by_digest(queries.list_numbers(session, person_ids, set(slots.values())))
    channels = _by_digest(queries.list_channels(session, person_ids, set(slots.values())))
    for message in chain.from_iterable(there.values()):
        if message.slot == slots[message.person_id]:
            message.item_numbers = json.dumps(numbers[message.person_id, message.slot], ensure_ascii=False)
    queued = outbox.queue_all(
        queries.KIND,
        [
            outbox.Addressed(
                person,
                slot := slots[person.id],
                numbers=numbers[person.id, slot],
                channels=[each for each in PERSONAL if each in channels[person.id, slot]],
                not_before=plans[person.id].not_before,
            )
            for person in queries.list_people(session, person_ids)
        ],
    )
    return queued + queue_singly(slots, plans)


def _by_digest(rows: Iterable[tuple[int, str, Told]]) -> defaultdict[tuple[int, str], list[Told]]:
    """What is told, by person and slot."""
    found: defaultdict[tuple[int, str], list[Told]] = defaultdict(list)
    for person_id, slot, told in rows:
        found[person_id, slot].append(told)
    return found


def _list_there(plans: Mapping[int, Plan]) -> Mapping[int, Sequence[Message]]:
    """The digests of the day on which each person's next one leaves."""
    there: defaultdict[int, list[Message]] = defaultdict(list)
    for day in sorted({plan.day for plan in plans.values()}):
        mine = [person_id for person_id, plan in plans.items() if plan.day == day]
        for message in messages.list_of_slots(db.session(), queries.KIND, mine, day.isoformat()):
            there[message.person_id].append(message)
    return there


def _slot(there: Sequence[Message], day: date) -> str:
    """The slot of the digest that can still take something up, else the next one."""
    slots = list(dict.fromkeys(message.slot for message in there))
    last = [message for message in there if message.slot == slots[-1]]
    is_open = any(message.channel is Channel.INBOX and message.state is MessageState.QUEUED for message in last)
    if is_open and all(message.state in OPEN for message in last):
        return slots[-1]
    return digest_slot(day, len(slots) + 1)
