"""What the last year left behind: a rhythm with its present round, messages with what they told of, meetings."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Date, Integer, MetaData, String, Table, and_, case, insert, literal, select
from sqlalchemy import cast as cast_
from sqlalchemy.orm import Session

from tests.bench.world.people import DEPARTMENT_MEASURED, OFFICE, PEOPLE
from tests.bench.world.steps import Plan
from tracker.core.db import Instant
from tracker.items.models import Item
from tracker.meetings import operations as meetings
from tracker.meetings.rules import MeetingKind
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.outbox.models import Message, MessageItem
from tracker.outbox.rules import Channel, MessageState
from tracker.reminders.models import Occurrence, ReminderRule
from tracker.reminders.operations import ensure_default_rules
from tracker.reminders.rules import Basis, Subject
from tracker.rounds.models import Rhythm
from tracker.rounds.operations import open_rounds
from tracker.rounds.rules import RhythmKind, Shift
from tracker.sources.models import Source

MONTHS, UNREAD = 12, 3
_WORDS = "您负责的事项临近整改时限，请抓紧办理并按时填报进展。" * 8

_helpers = MetaData()
DIGEST = Table(
    "bench_digest",
    _helpers,
    Column("n", Integer, primary_key=True),
    Column("slot", String),
    Column("day", Date),
    Column("at", Instant),
    prefixes=["TEMPORARY"],
)


def write_months(session: Session, plan: Plan) -> None:
    """Everything of the last year; the clock must stand at the plan's today."""
    rhythm = {"kind": RhythmKind.MONTHLY.value, "day": 25, "shift": Shift.AFTER.value, "version": 1}
    columns = {name: literal(value) for name, value in rhythm.items()}
    columns |= {"source_id": Source.id, "starts_on": literal(plan.today - timedelta(days=180), Date())}
    rows = select(*columns.values()).where(Source.id >= plan.first_open)
    session.execute(insert(Rhythm).from_select(list(columns), rows, include_defaults=False))
    open_rounds(plan.at(0))
    ensure_default_rules(plan.today)
    _messages(session, plan)
    _meetings(session, plan)


def _messages(session: Session, plan: Plan) -> None:
    """Digests to everybody, each about one item that was worked on then; all but the newest were read."""
    _helpers.create_all(session.connection())
    session.execute(insert(DIGEST), list(_digests(plan)))
    key = literal("big-") + cast_(Person.id, String) + "-" + cast_(DIGEST.c.n, String)
    told = literal('["') + Item.number + '"]'
    columns = {
        "key": key,
        "kind": literal("reminder_digest"),
        "person_id": Person.id,
        "channel": literal(Channel.INBOX.value),
        "slot": DIGEST.c.slot,
        "data": literal("{}"),
        "state": literal(MessageState.SENT.value),
        "queued_at": DIGEST.c.at,
        "not_before": DIGEST.c.at,
        "attempts": literal(1),
        "subject": literal("整改提醒：") + Item.number,
        "body_text": literal(_WORDS) + Item.number,
        "body_html": literal(f"<p>{_WORDS}</p><p>") + Item.number + "</p>",
        "item_numbers": told,
        "message_id": literal("<") + key + "@rectify.local>",
        "sent_at": DIGEST.c.at,
        "read_at": case((DIGEST.c.n < MONTHS * plan.messages - UNREAD, DIGEST.c.at)),
        "answer": literal(""),
    }
    rows = select(*columns.values()).select_from(_told(plan)).order_by(DIGEST.c.n, Person.id)
    session.execute(insert(Message).from_select(list(columns), rows, include_defaults=False))
    same = and_(Message.person_id == Person.id, Message.slot == DIGEST.c.slot)
    rows = select(Message.id, Item.number).select_from(_told(plan).join(Message, same))
    session.execute(insert(MessageItem).from_select(["message_id", "number"], rows, include_defaults=False))
    _occurrences(session, plan)
    _helpers.drop_all(session.connection())


def _occurrences(session: Session, plan: Plan) -> None:
    rule = session.scalars(select(ReminderRule).order_by(ReminderRule.id).limit(1)).one()
    columns = {
        "subject": literal(Subject.ITEM.value),
        "subject_id": Item.id,
        "item_id": Item.id,
        "rule_id": literal(rule.id),
        "basis": literal(Basis.DEADLINE.value),
        "repetition": DIGEST.c.n,
        "deadline": case((Item.due_on.is_not(None), Item.due_on), else_=DIGEST.c.day),
        "person_id": Person.id,
        "reached_on": DIGEST.c.day,
        "covers": literal(f"{rule.id}:0"),
        "covers_from": DIGEST.c.day,
        "digest": DIGEST.c.slot,
        "queued_at": DIGEST.c.at,
        "told_at": DIGEST.c.at,
    }
    rows = select(*columns.values()).select_from(_told(plan))
    session.execute(insert(Occurrence).from_select(list(columns), rows, include_defaults=False))


def _digests(plan: Plan) -> Iterator[dict[str, Any]]:
    total = MONTHS * plan.messages
    for n in range(total):
        days = (total - 1 - n) * 360 // total
        day = plan.today - timedelta(days=days)
        yield {"n": n, "slot": day.isoformat(), "day": day, "at": plan.at(-days, 8)}


def _told(plan: Plan) -> Any:
    """Every person with every digest, and the item that it is about: one of the newest sources, another each time."""
    there = plan.sources - plan.first_open + 1
    source = plan.first_open + (DIGEST.c.n + Person.id) % there
    place = 1 + (Person.id * 7 + DIGEST.c.n) % plan.per_source
    item = Item.id == (source - 1) * plan.per_source + place
    return Person.__table__.join(DIGEST, Person.id <= PEOPLE).join(Item.__table__, item)


def _meetings(session: Session, plan: Plan) -> None:
    """One department meets every month about its own; the next time is in a week."""
    actor = people.load_actor(session, session.get_one(Person, OFFICE))
    for month in range(MONTHS):
        held_on = plan.today + timedelta(days=7 - 30 * (MONTHS - 1 - month))
        title = f"{held_on.year}年{held_on.month}月整改调度会"
        called = meetings.Called(MeetingKind.DISPATCH, title, held_on, min(held_on, plan.today), DEPARTMENT_MEASURED)
        meetings.call(called, actor=actor)
