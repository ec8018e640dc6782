"""Reading items, always within somebody's reach."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import Reach, Relation, UnitSet
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item, ItemChange, ItemSupport, ReassignmentRequest
from tracker.items.rules import OPEN, RUNNING, ItemKind, State
from tracker.org.models import UnitAncestor
from tracker.sources.models import Section


def in_units(column: Any, units: UnitSet) -> ColumnElement[bool]:
    """Whether a column names one of these units; NULL only belongs to ``everywhere``."""
    if units.everywhere:
        return true()
    return column.in_(sorted(units.ids)) if units.ids else false()


def within(reach: Reach, row: Any = Item, item_id: Any = None) -> ColumnElement[bool]:
    """The condition that a row of Item (or ItemChange, with its ``item_id``) may be seen."""
    conditions = [in_units(row.lead_unit_id, reach.units)]
    if reach.units.everywhere:
        return conditions[0]
    if reach.person_id is not None:
        conditions += [getattr(row, f"{relation}_id") == reach.person_id for relation in sorted(reach.relations)]
    if reach.supporting:
        own_id = row.id if item_id is None else item_id
        in_supported = in_units(ItemSupport.unit_id, reach.supporting)
        conditions.append(exists().where(ItemSupport.item_id == own_id, in_supported))
    return or_(*conditions)


@dataclass(frozen=True)
class ItemFilter:
    """What a list is narrowed to; empty fields do not narrow. ``unit_id`` includes everything below."""

    kind: ItemKind | None = None
    text: str = ""
    source_id: int | None = None
    section_id: int | None = None
    unit_id: int | None = None
    person_id: int | None = None
    states: Collection[State] = ()
    is_open: bool = False
    overdue_on: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    numbers: Collection[str] = ()
    parent_id: int | None = None


def select_items(reach: Reach, chosen: ItemFilter) -> Select[Any]:
    """Items within reach that the filter lets through, in the order of their numbers."""
    query = select(Item).where(within(reach), *_conditions(chosen))
    return query.order_by(Item.source_id, Item.number)


def _conditions(chosen: ItemFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Item.state != State.VOID] if not chosen.states else []
    equal = ((Item.kind, chosen.kind), (Item.source_id, chosen.source_id), (Item.parent_id, chosen.parent_id))
    conditions += [column == value for column, value in equal if value is not None]
    if chosen.text:
        like = [column.icontains(chosen.text, autoescape=True) for column in (Item.finding, Item.number)]
        conditions.append(or_(*like))
    if chosen.section_id is not None:
        below = select(Section.id).where(or_(Section.id == chosen.section_id, Section.parent_id == chosen.section_id))
        conditions.append(Item.section_id.in_(below))
    if chosen.unit_id is not None:
        below = select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == chosen.unit_id)
        conditions.append(Item.lead_unit_id.in_(below))
    if chosen.person_id is not None:
        people = [getattr(Item, f"{relation}_id") for relation in Relation if relation is not Relation.SUPPORTING]
        conditions.append(or_(*(column == chosen.person_id for column in people)))
    if chosen.states:
        conditions.append(Item.state.in_(sorted(chosen.states)))
    if chosen.numbers:
        conditions.append(Item.number.in_(sorted(chosen.numbers)))
    return conditions + _date_conditions(chosen)


def _date_conditions(chosen: ItemFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.is_open:
        conditions.append(Item.state.in_(sorted(OPEN)))
    if chosen.overdue_on is not None:
        conditions.append(and_(Item.state.in_(sorted(RUNNING)), Item.due_on < chosen.overdue_on))
    if chosen.due_from is not None:
        conditions.append(Item.due_on >= chosen.due_from)
    if chosen.due_to is not None:
        conditions.append(Item.due_on <= chosen.due_to)
    return conditions


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


def list_changes(session: Session, item_id: int) -> Sequence[ItemChange]:
    """All changes of an item, first to last."""
    query = select(ItemChange).where(ItemChange.item_id == item_id).order_by(ItemChange.serial)
    return session.scalars(query).all()


def find_open_request(session: Session, item_id: int) -> ReassignmentRequest | None:
    """The undecided request to reassign an item."""
    asked = ReassignmentRequest
    return session.scalar(select(asked).where(asked.item_id == item_id, asked.is_granted.is_(None)))


def holds_at(as_of: date, known_at: datetime | None = None) -> ColumnElement[bool]:
    """The condition that a change is the one that held on a day, as known at an instant, or as known now."""
    if known_at is None:
        # All that is recorded is known, so the days alone tell; their index is enough.
        return and_(ItemChange.effective_on <= as_of, ItemChange.until > as_of)
    return and_(
        ItemChange.effective_on <= as_of,
        ItemChange.recorded_at <= known_at,
        or_(ItemChange.until > as_of, ItemChange.superseded_at > known_at),
    )
