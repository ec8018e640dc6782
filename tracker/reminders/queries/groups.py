"""What a work group is told of its unit: how much falls due and is late, as far as the robot's keeper may read."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Reach
from tracker.items.models import Item
from tracker.items.queries import within
from tracker.items.rules import RUNNING
from tracker.org.queries import select_subtree
from tracker.sources.rules import NEAR_DAYS

GROUP = "group_digest"


def count_lights(session: Session, unit_id: int, reach: Reach, day: date) -> tuple[int, int]:
    """How many items that a unit or one below it leads fall due within days, and how many are late."""
    late = func.sum(case((Item.due_on < day, 1), else_=0))
    query = select(func.count(), late).select_from(Item).where(*_lit(unit_id, reach, day))
    total, late_count = session.execute(query).one()
    return total - (late_count or 0), late_count or 0


def list_lit(session: Session, unit_id: int, reach: Reach, day: date, *, limit: int) -> Sequence[Item]:
    """Those items with their lead units, the earliest deadline first."""
    query = select(Item).where(*_lit(unit_id, reach, day)).options(joinedload(Item.lead_unit))
    return session.scalars(query.order_by(Item.due_on, Item.number).limit(limit)).all()


def _lit(unit_id: int, reach: Reach, day: date) -> tuple[Any, ...]:
    is_due = (Item.state.in_(sorted(RUNNING)), Item.due_on <= day + timedelta(days=NEAR_DAYS))
    return *is_due, Item.lead_unit_id.in_(select_subtree(unit_id)), within(reach)
