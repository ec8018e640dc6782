"""What waits on a person, and what the person waits for."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, Role, reach
from tracker.desk.queries.lists import ListRow, list_rows
from tracker.items.models import Item
from tracker.items.queries import has_children, in_units, within
from tracker.items.rules import State
from tracker.sources.models import Source

LIMIT = 100


def list_work(session: Session, actor: Actor) -> list[ListRow]:
    """Items to accept and to put right, those to accept first, then the nearest deadline; at most LIMIT."""
    units = actor.units((Role.UNIT_HEAD, Role.LIAISON))
    is_mine = in_units(Item.lead_unit_id, units) if units else false()
    own = [column == actor.stands_as for column in (Item.handler_id, Item.owner_id)]
    waits = or_(
        and_(Item.state == State.ISSUED, is_mine),
        and_(Item.state == State.WORKING, or_(is_mine, *own)),
    )
    chosen = select(Item).where(waits, ~has_children(), within(reach(actor)))
    order = (case((Item.state == State.ISSUED, 0), else_=1), Item.due_on.is_(None), Item.due_on, Item.number)
    return list_rows(session, chosen, order, limit=LIMIT)


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
        .order_by(Source.received_on, Source.number)
    )
    return [Drafts(*row) for row in session.execute(query)]
