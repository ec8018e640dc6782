"""How often what was closed came back, by unit."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.access.rules import Actor
from tracker.items.models import Item
from tracker.org.models import Unit
from tracker.reinspections.models import Reinspection
from tracker.reinspections.queries.looks import may_see
from tracker.reinspections.rules import LookState


class Rebounds(NamedTuple):
    """Second looks with a result at items that a unit led when they were drawn, and the rebounds among them."""

    unit_id: int
    unit: str
    done: int
    rebound: int


def list_rebounds(session: Session, actor: Actor) -> Sequence[Rebounds]:
    """By unit, the most rebounds first, as far as the person may see the items."""
    done, rebound = func.count(), func.count().filter(Reinspection.state == LookState.REBOUND)
    query = select(Unit.id, Unit.path, done, rebound).select_from(Reinspection)
    query = query.join(Item, Item.id == Reinspection.item_id).join(Unit, Unit.id == Reinspection.unit_id)
    query = query.where(Reinspection.state != LookState.WAITING, may_see(actor))
    query = query.group_by(Unit.id, Unit.path, Unit.pinyin).order_by(rebound.desc(), Unit.pinyin, Unit.id)
    return [Rebounds(*row) for row in session.execute(query)]
