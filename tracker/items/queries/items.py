"""Single items, and all that a row of them prints."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import Reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item, ItemSupport, ReassignmentRequest
from tracker.items.queries.reach import within
from tracker.sources.models import Section


def with_names(query: Select[Any]) -> Select[Any]:
    """Load with each item all that a row prints, in two queries however many rows."""
    return query.options(
        joinedload(Item.source),
        joinedload(Item.section).joinedload(Section.parent),
        *(joinedload(each) for each in (Item.lead_unit, Item.leader, Item.supervisor, Item.owner, Item.handler)),
        selectinload(Item.supports).joinedload(ItemSupport.unit),
    )


def get_item(session: Session, number: str, reach: Reach, *, lock: bool = False) -> Item:
    """The item with this number; raises NotFound when there is none or the person may not know of it."""
    query = with_names(select(Item).where(Item.number == number, within(reach)))
    item: Item | None = session.scalar(query.with_for_update(of=Item) if lock else query)
    if item is None:
        raise NotFound(_l("没有找到编号为 %(number)s 的事项，或您无权查看。", number=number))
    return item


def list_items(session: Session, numbers: Collection[str], reach: Reach, *, lock: bool = False) -> Sequence[Item]:
    """The items with these numbers; raises NotFound when one is missing or out of reach."""
    query = with_names(select(Item).where(Item.number.in_(sorted(numbers)), within(reach)).order_by(Item.id))
    items = session.scalars(query.with_for_update(of=Item) if lock else query).unique().all()
    if missing := set(numbers) - {item.number for item in items}:
        raise NotFound(_l("没有找到编号为 %(number)s 的事项，或您无权查看。", number="、".join(sorted(missing))))
    return items


def list_children(session: Session, item_id: int) -> Sequence[Item]:
    """The child items of an item, by number."""
    return session.scalars(select(Item).where(Item.parent_id == item_id).order_by(Item.number)).all()


def find_open_request(session: Session, item_id: int) -> ReassignmentRequest | None:
    """The undecided request to reassign an item."""
    asked = ReassignmentRequest
    return session.scalar(select(asked).where(asked.item_id == item_id, asked.is_granted.is_(None)))
