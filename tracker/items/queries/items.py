"""Single items, and all that a row of them prints."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.access.rules import Action, Actor, Reach, reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.lists import Order
from tracker.items.models import Item, ItemSupport, ReassignmentRequest
from tracker.items.queries.lists import ordering
from tracker.items.queries.reach import within
from tracker.items.rules import COUNTED, State
from tracker.org.models import Person, UnitAncestor
from tracker.sources.models import Section


def with_names(query: Select[Any]) -> Select[Any]:
    """Load with each item all that a row prints, in two queries however many rows."""
    return query.options(
        joinedload(Item.source),
        joinedload(Item.section).joinedload(Section.parent),
        *(joinedload(each) for each in (Item.lead_unit, Item.leader, Item.supervisor, Item.owner, Item.handler)),
        selectinload(Item.supports).joinedload(ItemSupport.unit),
    )


def get_item(session: Session, number: str, seen_by: Reach, *, lock: bool = False) -> Item:
    """The item with this number; raises NotFound when there is none or the person may not know of it."""
    query = with_names(select(Item).where(Item.number == number, within(seen_by)))
    item: Item | None = session.scalar(query.with_for_update(of=Item) if lock else query)
    if item is None:
        raise NotFound(_l("没有找到编号为 %(number)s 的事项，或您无权查看。", number=number))
    return item


def list_items(session: Session, numbers: Collection[str], seen_by: Reach, *, lock: bool = False) -> Sequence[Item]:
    """The items with these numbers; raises NotFound when one is missing or out of reach."""
    query = with_names(select(Item).where(Item.number.in_(sorted(numbers)), within(seen_by)).order_by(Item.id))
    items = session.scalars(query.with_for_update(of=Item) if lock else query).unique().all()
    if missing := set(numbers) - {item.number for item in items}:
        raise NotFound(_l("没有找到编号为 %(number)s 的事项，或您无权查看。", number="、".join(sorted(missing))))
    return items


def list_for_import(
    session: Session, numbers: Collection[str], source_id: int | None, seen_by: Reach, *, lock: bool = False
) -> Sequence[Item]:
    """The items with these numbers and all of a source, within reach and not void, by number."""
    wanted = or_(Item.number.in_(sorted(numbers)), Item.source_id == source_id)
    query = select(Item).where(wanted, Item.state != State.VOID, within(seen_by))
    if lock:
        _hold(session, query)
    return session.scalars(with_names(query).order_by(Item.number)).unique().all()


def _hold(session: Session, query: Select[Any]) -> None:
    """Lock the items of a query in the order of ids as everybody does, so that of two nobody waits for the other."""
    session.execute(query.with_only_columns(Item.id).order_by(Item.id).with_for_update(of=Item)).all()


def list_children(session: Session, item_id: int) -> Sequence[Item]:
    """The child items of an item, by number; void ones are left out."""
    children = select(Item).where(Item.parent_id == item_id, Item.state != State.VOID)
    return session.scalars(children.order_by(Item.number)).all()


def count_children(session: Session, item_id: int) -> int:
    """How many child items were ever made of an item, void ones included: their numbers stay used."""
    return session.scalar(select(func.count()).where(Item.parent_id == item_id)) or 0


def list_parent_ids(session: Session, item_ids: Collection[int]) -> set[int]:
    """Those of these items that have children, void ones aside."""
    of_these = Item.parent_id.in_(sorted(item_ids))
    found = session.scalars(select(Item.parent_id).where(of_these, Item.state != State.VOID))
    return {parent_id for parent_id in found if parent_id is not None}


def has_children() -> ColumnElement[bool]:
    """The condition that an item has children, void ones aside."""
    child = aliased(Item)
    return exists().where(child.parent_id == Item.id, child.state != State.VOID)


def is_carrier(session: Session, item_id: int) -> bool:
    """Whether other items share the measures and evidence of this one (并案)."""
    return session.scalar(select(Item.id).where(Item.carrier_id == item_id).limit(1)) is not None


def find_same(session: Session, source_id: int, *, finding: str, section_id: int | None) -> Item | None:
    """The item of a source with the same words below the same heading."""
    same = (Item.source_id == source_id, Item.finding == finding, Item.state != State.VOID)
    below = Item.section_id == section_id if section_id is not None else Item.section_id.is_(None)
    return session.scalar(select(Item).where(*same, below, Item.parent_id.is_(None)).limit(1))


def find_open_request(session: Session, item_id: int) -> ReassignmentRequest | None:
    """The undecided request to reassign an item."""
    asked = ReassignmentRequest
    return session.scalar(select(asked).where(asked.item_id == item_id, asked.is_granted.is_(None)))


def list_of_source(session: Session, source_id: int, *, actor: Actor, lock: bool = False) -> Sequence[Item]:
    """The items of a source that a person may assign, in the order in which its list is printed."""
    in_source = (Item.source_id == source_id, Item.state.in_(sorted(COUNTED)))
    query = select(Item).where(*in_source, within(reach(actor, Action.EDIT_ITEM)))
    if lock:
        _hold(session, query)
    query = with_names(query).order_by(*ordering(Order.NUMBER, in_outline=True))
    return session.scalars(query).unique().all()


def list_chosen(session: Session, chosen: Select[Any], *, limit: int) -> Sequence[Item]:
    """The items of a list in the order of their numbers, with names, at most so many."""
    page = chosen.with_only_columns(Item.id).order_by(*ordering(Order.NUMBER)).limit(limit)
    query = with_names(select(Item).where(Item.id.in_(page))).order_by(*ordering(Order.NUMBER))
    return session.scalars(query).unique().all()


def list_names_below(session: Session, unit_id: int) -> list[str]:
    """The names of the people of a unit and of all below it, by pinyin, each once."""
    below = select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == unit_id)
    query = select(Person.name).where(Person.unit_id.in_(below)).order_by(Person.pinyin, Person.id)
    return list(dict.fromkeys(session.scalars(query)))
