"""What waits on a person, and what the person waits for."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, Role, reach
from tracker.closure.models import Application
from tracker.closure.rules import ApplicationState
from tracker.desk.queries.lists import ListRow, list_rows
from tracker.items.models import Item, ReassignmentRequest
from tracker.items.queries import has_children, in_units, within
from tracker.items.rules import REASSIGNABLE, State
from tracker.org.models import Person, Unit
from tracker.sources.models import Source

LIMIT = 100


def list_work(session: Session, actor: Actor) -> list[ListRow]:
    """Items to accept and to put right, those to accept first, then the nearest deadline; at most LIMIT."""
    units = actor.units((Role.UNIT_HEAD, Role.LIAISON))
    is_mine = in_units(Item.lead_unit_id, units) if units else false()
    own = [column == actor.person_id for column in (Item.handler_id, Item.owner_id)]
    waits = or_(
        and_(Item.state == State.ISSUED, is_mine),
        and_(Item.state == State.WORKING, or_(is_mine, *own)),
    )
    chosen = select(Item).where(waits, ~has_children(), within(reach(actor)))
    order = (case((Item.state == State.ISSUED, 0), else_=1), Item.due_on.is_(None), Item.due_on, Item.number)
    return list_rows(session, chosen, order, limit=LIMIT)


class Asked(NamedTuple):
    """A request to give an item to another unit, not decided yet."""

    number: str
    finding: str
    lead_unit: str
    asked_by: str
    proposed: str | None
    reason: str
    asked_at: datetime


def list_asked(session: Session, actor: Actor) -> Sequence[Asked]:
    """Requests that this person may decide, or made, the oldest first; of items that can be reassigned now."""
    asked, lead, proposed = ReassignmentRequest, Unit.__table__.alias("lead"), Unit.__table__.alias("proposed")
    seen: ColumnElement[bool] = or_(
        within(reach(actor, Action.REASSIGN)),
        asked.asked_by_id == actor.person_id,
    )
    query = (
        select(Item.number, Item.finding, lead.c.name, Person.name, proposed.c.name, asked.reason, asked.asked_at)
        .select_from(asked)
        .join(Item, Item.id == asked.item_id)
        .join(Person, Person.id == asked.asked_by_id)
        .join(lead, lead.c.id == Item.lead_unit_id)
        .outerjoin(proposed, proposed.c.id == asked.unit_id)
        .where(asked.is_granted.is_(None), Item.state.in_(sorted(REASSIGNABLE)), seen)
        .order_by(asked.asked_at)
        .limit(LIMIT)
    )
    return [Asked(*row) for row in session.execute(query)]


class Drafts(NamedTuple):
    """How many items of a source are not issued yet."""

    source_id: int
    number: str
    title: str
    items: int


def list_drafts(session: Session, actor: Actor) -> Sequence[Drafts]:
    """Sources with drafts that this person may issue."""
    query = (
        select(Source.id, Source.number, Source.title, func.count(Item.id))
        .join(Item, Item.source_id == Source.id)
        .where(Item.state == State.DRAFT, ~has_children(), within(reach(actor, Action.ISSUE)))
        .group_by(Source.id, Source.number, Source.title, Source.received_on)
        .order_by(Source.received_on)
    )
    return [Drafts(*row) for row in session.execute(query)]


class Filed(NamedTuple):
    """An application of one's own that others are still to decide."""

    number: str
    finding: str
    round: int
    filed_at: datetime


def list_filed(session: Session, actor: Actor) -> Sequence[Filed]:
    """Own applications that wait for others, the oldest first."""
    query = (
        select(Item.number, Item.finding, Application.round, Application.filed_at)
        .join(Item, Item.id == Application.item_id)
        .where(Application.applicant_id == actor.person_id, Application.state == ApplicationState.PENDING)
        .order_by(Application.filed_at)
        .limit(LIMIT)
    )
    return [Filed(*row) for row in session.execute(query)]
