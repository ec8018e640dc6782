"""Items as they were: changes, and the one that held on a day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from tracker.items.models import Item, ItemChange
from tracker.items.rules import State
from tracker.sources.models import Source


def is_left_out(row: Any = Item) -> ColumnElement[bool]:
    """The condition that a row of Item or ItemChange stays out of the denominators of rates, as its source settled."""
    leaving = select(Source.id).where(Source.leaves_out_sustained)
    return and_(row.state == State.SUSTAINED, row.source_id.in_(leaving))


def list_changes(session: Session, item_id: int) -> Sequence[ItemChange]:
    """All changes of an item, first to last."""
    query = select(ItemChange).where(ItemChange.item_id == item_id).order_by(ItemChange.serial)
    return session.scalars(query).all()


def find_first_deadline(session: Session, item_id: int) -> date | None:
    """The first day an item was due on once it was issued; None while it never had one."""
    dated = (ItemChange.item_id == item_id, ItemChange.first_due_on.is_not(None), ItemChange.state != State.DRAFT)
    return session.scalar(select(ItemChange.first_due_on).where(*dated).order_by(ItemChange.serial).limit(1))


def holds_at(as_of: date, known_at: datetime | None = None, row: Any = ItemChange) -> ColumnElement[bool]:
    """The condition that a change is the one that held on a day, as known at an instant, or as known now."""
    if known_at is None:
        # All that is recorded is known, so the days alone tell; their index is enough.
        return and_(row.effective_on <= as_of, row.until > as_of)
    return and_(
        row.effective_on <= as_of,
        row.recorded_at <= known_at,
        or_(row.until > as_of, row.superseded_at > known_at),
    )
