"""Closed items that a new finding may be a relapse of."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, reach
from tracker.items.likeness import Likenesses
from tracker.items.models import Item
from tracker.items.queries.reach import within
from tracker.items.rules import State
from tracker.org.models import Unit

COMPARED_MAX = 10_000


class Closed(NamedTuple):
    """What is told of a closed item beside a new one."""

    number: str
    finding: str
    unit: str | None
    closed_on: date | None


def load_closed(session: Session, actor: Actor) -> Likenesses[Closed]:
    """The items closed last within reach, ready to be compared with; at most COMPARED_MAX, in one query."""
    query = select(Item.number, Item.finding, Unit.name, Item.closed_on, Item.lead_unit_id)
    query = query.outerjoin(Unit, Unit.id == Item.lead_unit_id)
    query = query.where(Item.state == State.CLOSED, within(reach(actor, Action.DRAW_UP)))
    rows = session.execute(query.order_by(Item.closed_on.desc(), Item.id.desc()).limit(COMPARED_MAX))
    return Likenesses((Closed(*row[:4]), row.finding, row.lead_unit_id) for row in rows)
