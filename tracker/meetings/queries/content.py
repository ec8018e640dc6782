"""What a meeting is to look at, as it stood on its day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Reach
from tracker.closure.models import Application, Review
from tracker.closure.rules import ApplicationState
from tracker.core import clock
from tracker.extensions.models import Extension
from tracker.extensions.rules import ExtensionState
from tracker.figures.queries import is_asked_either_way
from tracker.figures.questions import Question
from tracker.items.models import Item, ItemChange
from tracker.items.queries import is_left_out
from tracker.items.rules import OPEN
from tracker.meetings.frozen import FrozenItem, FrozenWait
from tracker.meetings.rules import FROZEN_LIMIT
from tracker.org.models import Person, Unit
from tracker.progress.models import Entry
from tracker.progress.rules import COUNTING
from tracker.sources.models import Section, Source
from tracker.sources.rules import STEP_LABELS

DAY = timedelta(days=1)


def count_content(session: Session, question: Question, reach: Reach) -> int:
    """How many items a meeting would look at."""
    return session.scalar(select(func.count()).where(*is_asked_either_way(question, reach))) or 0


class Content(NamedTuple):
    """The items of a meeting as they stood, and what of them waits for a decision now, the longest waiting first."""

    items: tuple[FrozenItem, ...]
    waits: tuple[FrozenWait, ...]


def read_content(session: Session, question: Question, reach: Reach, *, unfinished: bool = False) -> Content:
    """The items by unit in the order of the tree, with what was told of the open ones. One query.

    Parts of a common problem are among them. ``unfinished`` leaves out what was closed or withdrawn on the day and
    waits for nothing. There is one more than ``FROZEN_LIMIT`` where there are more.
    """
    chosen = select(ItemChange.id).where(*is_asked_either_way(question, reach))
    if unfinished:
        chosen = chosen.where(or_(ItemChange.state.in_(sorted(OPEN)), *_waits_for_something()))
    # Without a limit SQLite begins with all items that there are, and looks up the changes of each.
    rows = session.execute(_select_items(question, chosen.limit(FROZEN_LIMIT + 1).subquery())).all()
    waits = sorted((wait for row in rows for wait in _waits(row)), key=lambda each: (each[0], each[1].item_id))
    return Content(tuple(_item(row) for row in rows), tuple(wait for _at, wait in waits))


def has_waits(session: Session, question: Question, reach: Reach) -> bool:
    """Whether something of a meeting waits for a decision now."""
    waiting = select(ItemChange.item_id).where(*is_asked_either_way(question, reach), or_(*_waits_for_something()))
    return session.scalar(waiting.limit(1)) is not None


def _waits_for_something() -> Iterator[ColumnElement[bool]]:
    for what, pending in ((Application, ApplicationState.PENDING), (Extension, ExtensionState.PENDING)):
        yield ItemChange.item_id.in_(select(what.item_id).where(what.state == pending))


def _select_items(question: Question, chosen: Subquery) -> Select[Any]:
    change, leader, owner, parent = ItemChange, aliased(Person), aliased(Person), aliased(Item)
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
        is_left_out(change).label("is_left_out"),
        *(Entry.text, Entry.made_at, Entry.obstacle, Entry.next_step),
    ]
    query = select(*columns).select_from(chosen).join(change, change.id == chosen.c.id)
    query = query.join(Item, Item.id == change.item_id)
    query = query.join(Source, Source.id == change.source_id).outerjoin(Section, Section.id == change.aspect_id)
    query = query.outerjoin(Unit, Unit.id == change.lead_unit_id).outerjoin(parent, parent.id == change.parent_id)
    query = query.outerjoin(leader, leader.id == change.leader_id).outerjoin(owner, owner.id == change.owner_id)
    query = query.outerjoin(Entry, Entry.id == _newest_entry(question))
    query = _with_waits(query, question.known_at or clock.now())
    return query.order_by(func.coalesce(Unit.path, "\uffff"), Item.source_id, Item.number)


def _with_waits(query: Select[Any], until: datetime) -> Select[Any]:
    """The same with the one application and the one extension of each item that wait."""
    applicant, asker = aliased(Person), aliased(Person)
    of_item = and_(Application.item_id == ItemChange.item_id, Application.state == ApplicationState.PENDING)
    query = query.outerjoin(Application, and_(of_item, Application.filed_at <= until))
    of_item = and_(Extension.item_id == ItemChange.item_id, Extension.state == ExtensionState.PENDING)
    query = query.outerjoin(Extension, and_(of_item, Extension.asked_at <= until))
    query = query.outerjoin(applicant, applicant.id == Application.applicant_id)
    query = query.outerjoin(asker, asker.id == Extension.asked_by_id)
    filed = (Application.filed_at, applicant.name.label("filed_by"), _present_step().label("step"))
    return query.add_columns(
        *filed, Extension.asked_at, asker.name.label("asked_by"), Extension.reason, Extension.asked_until
    )


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


WAITS = ("filed_at", "filed_by", "step", "asked_at", "asked_by", "reason")


def _item(row: Any) -> FrozenItem:
    values = {name: value for name, value in row._mapping.items() if name not in WAITS}
    told = {name: values.pop(name) for name in ("text", "made_at", "obstacle", "next_step")}
    if row.state not in OPEN:
        values["asked_until"] = None
    if told["made_at"] is not None:
        values |= {"progress": told["text"], "progress_on": clock.civil_date(told["made_at"])}
        values |= {"obstacle": told["obstacle"], "next_step": told["next_step"]}
    return FrozenItem(**values)


def _waits(row: Any) -> Iterator[tuple[datetime, FrozenWait]]:
    """What of an item waits, with the instant since when."""
    if row.filed_at is not None:
        since, step = clock.civil_date(row.filed_at), str(STEP_LABELS.get(row.step, ""))
        yield row.filed_at, FrozenWait(row.id, since, row.filed_by, step)
    if row.asked_at is not None:
        since = clock.civil_date(row.asked_at)
        yield row.asked_at, FrozenWait(row.id, since, row.asked_by, row.reason, row.asked_until)


def _present_step() -> ColumnElement[Any]:
    waiting = select(Review.kind).where(Review.application_id == Application.id, Review.decision.is_(None))
    return waiting.order_by(Review.position).limit(1).correlate(Application).scalar_subquery()
