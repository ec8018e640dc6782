"""What a meeting is to look at, as it stood on its day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Reach
from tracker.closure.models import Application, Review
from tracker.closure.rules import ApplicationState
from tracker.core import clock
from tracker.core.db import Instant
from tracker.extensions.models import Extension
from tracker.extensions.rules import ExtensionState
from tracker.figures.queries import is_asked_either_way
from tracker.figures.questions import Question
from tracker.items.models import Item, ItemChange
from tracker.items.queries import is_left_out
from tracker.items.rules import OPEN, State
from tracker.meetings.frozen import FrozenDecision, FrozenItem, FrozenWait
from tracker.meetings.models import MeetingDecision
from tracker.org.models import Person, Unit
from tracker.progress.models import Entry
from tracker.progress.rules import COUNTING
from tracker.sources.models import Section, Source
from tracker.sources.rules import STEP_LABELS

DAY = timedelta(days=1)


def count_content(session: Session, question: Question, reach: Reach) -> int:
    """How many items a meeting would look at."""
    return session.scalar(select(func.count()).where(*is_asked_either_way(question, reach))) or 0


def list_frozen_items(session: Session, question: Question, reach: Reach) -> list[FrozenItem]:
    """The items of a meeting as they stood, by unit in the order of the tree, with what was told of the open ones.

    Parts of a common problem are among them. One query.
    """
    return [_item(row) for row in session.execute(_select_items(question, reach))]


def _select_items(question: Question, reach: Reach) -> Select[Any]:
    change, leader, owner, parent = ItemChange, aliased(Person), aliased(Person), aliased(Item)
    asked_until = select(Extension.asked_until).where(
        Extension.item_id == change.item_id, Extension.state == ExtensionState.PENDING
    )
    columns: list[Any] = [
        Item.id,
        Item.number,
        Item.finding,
        change.kind,
        Source.id.label("source_id"),
        Source.title.label("source"),
        Source.received_on,
        func.coalesce(Section.title, "").label("aspect"),
        change.lead_unit_id.label("unit_id"),
        func.coalesce(Unit.name, "").label("unit"),
        func.coalesce(leader.name, "").label("leader"),
        func.coalesce(owner.name, "").label("owner"),
        *(change.state, change.own_word, change.deadline_kind, change.due_on, change.first_due_on),
        *(change.closed_on, change.confirmed_on, func.coalesce(parent.number, "").label("parent")),
        asked_until.correlate(change).limit(1).scalar_subquery().label("asked_until"),
        is_left_out(change).label("is_left_out"),
        *(Entry.text, Entry.made_at, Entry.obstacle, Entry.next_step),
    ]
    query = select(*columns).select_from(change).join(Item, Item.id == change.item_id)
    query = query.join(Source, Source.id == change.source_id).outerjoin(Section, Section.id == change.aspect_id)
    query = query.outerjoin(Unit, Unit.id == change.lead_unit_id).outerjoin(parent, parent.id == change.parent_id)
    query = query.outerjoin(leader, leader.id == change.leader_id).outerjoin(owner, owner.id == change.owner_id)
    query = query.outerjoin(Entry, Entry.id == _newest_entry(question))
    query = query.where(*is_asked_either_way(question, reach))
    return query.order_by(func.coalesce(Unit.path, "\uffff"), Item.source_id, Item.number)


def _newest_entry(question: Question) -> Any:
    """The last counted entry of the lead unit of an open item, written by the end of the day."""
    # Asked of each item by the index of entries; grouped, all entries there ever were would be gone through.
    change, day = ItemChange, Entry.made_at < clock.instant_at(question.as_of + DAY)
    counts = [Entry.standing.in_(sorted(COUNTING)), day]
    if question.known_at is not None:
        counts.append(Entry.made_at <= question.known_at)
    mine = (Entry.item_id == change.item_id, Entry.unit_id == change.lead_unit_id)
    newest = select(func.max(Entry.id)).where(*mine, *counts).correlate(change).scalar_subquery()
    return case((change.state.in_(sorted(OPEN)), newest))


def _item(row: Any) -> FrozenItem:
    values = dict(row._mapping)
    told = {name: values.pop(name) for name in ("text", "made_at", "obstacle", "next_step")}
    if row.state not in OPEN:
        values["asked_until"] = None
    if told["made_at"] is not None:
        values |= {"progress": told["text"], "progress_on": clock.civil_date(told["made_at"])}
        values |= {"obstacle": told["obstacle"], "next_step": told["next_step"]}
    return FrozenItem(**values)


def list_frozen_waits(session: Session, question: Question, reach: Reach) -> list[FrozenWait]:
    """The extensions and closings of these items that wait for a decision now, the longest waiting first."""
    asked = select(ItemChange.item_id).where(*is_asked_either_way(question, reach))
    step, until = _present_step(), question.known_at or clock.now()
    filed = (
        select(
            Application.item_id,
            Application.filed_at.label("at"),
            Person.name,
            step.label("step"),
            literal("").label("reason"),
            type_coerce(null(), Extension.asked_until.type).label("until"),
        )
        .join(Person, Person.id == Application.applicant_id)
        .where(Application.state == ApplicationState.PENDING, Application.item_id.in_(asked))
        .where(Application.filed_at <= until)
    )
    moved = (
        select(
            Extension.item_id,
            type_coerce(Extension.asked_at, Instant()),
            Person.name,
            type_coerce(null(), Review.kind.type),
            Extension.reason,
            Extension.asked_until,
        )
        .join(Person, Person.id == Extension.asked_by_id)
        .where(Extension.state == ExtensionState.PENDING, Extension.item_id.in_(asked))
        .where(Extension.asked_at <= until)
    )
    rows = session.execute(union_all(filed, moved)).all()
    return [_wait(row) for row in sorted(rows, key=lambda row: (row.at, row.item_id))]


def _present_step() -> ColumnElement[Any]:
    waiting = select(Review.kind).where(Review.application_id == Application.id, Review.decision.is_(None))
    return waiting.order_by(Review.position).limit(1).correlate(Application).scalar_subquery()


def _wait(row: Any) -> FrozenWait:
    words = row.reason if row.until is not None else str(STEP_LABELS.get(row.step, ""))
    return FrozenWait(row.item_id, clock.civil_date(row.at), row.name, words, row.until)


def list_decided(session: Session, meeting_id: int, reach: Reach, known_at: datetime) -> list[FrozenDecision]:
    """What a meeting decided and where it stands now, with the last progress known of what it became."""
    newest = select(func.max(Entry.id)).where(
        Entry.item_id == Item.id,
        Entry.unit_id == Item.lead_unit_id,
        Entry.standing.in_(sorted(COUNTING)),
        Entry.made_at <= known_at,
    )
    told = select(Entry.text).where(Entry.id == newest.correlate(Item).scalar_subquery())
    decision = MeetingDecision
    query = (
        select(
            decision.position,
            decision.text,
            decision.lead_unit_id,
            Unit.name,
            func.coalesce(Item.due_on, decision.due_on),
            func.coalesce(Item.number, ""),
            Item.state,
            func.coalesce(told.correlate(Item).scalar_subquery(), ""),
            decision.deadline_text,
            Item.id,
        )
        .join(Unit, Unit.id == decision.lead_unit_id)
        .outerjoin(Item, and_(Item.id == decision.item_id, Item.state != State.VOID))
        .where(decision.meeting_id == meeting_id, decision.dropped_reason == "")
        .order_by(decision.position)
    )
    rows: Sequence[Any] = session.execute(query).all()
    seen = reach.units
    return [FrozenDecision(*row) for row in rows if seen.everywhere or row.lead_unit_id in seen]
