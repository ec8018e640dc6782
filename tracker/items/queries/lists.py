"""Lists of items: filtered, seen through a tab, counted, ordered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Reach, Relation
from tracker.items.lists import Order, View
from tracker.items.models import Item
from tracker.items.queries.history import is_left_out
from tracker.items.queries.reach import is_own, within_list
from tracker.items.rules import COUNTED, RUNNING, ItemKind, State
from tracker.org.models import Person, Unit, UnitAncestor
from tracker.sources.models import Section


@dataclass(frozen=True)
class ItemFilter:
    """What a list is narrowed to; empty fields do not narrow. ``unit_id`` includes everything below.

    ``unit_text`` is a part of a unit's name or pinyin. Without ``states`` withdrawn and void items are left out.
    ``today`` is the day that overdue and due this week are told by.
    """

    today: date
    kind: ItemKind | None = None
    text: str = ""
    source_id: int | None = None
    section_id: int | None = None
    unit_id: int | None = None
    unit_text: str = ""
    person_id: int | None = None
    states: Collection[State] = ()
    due_to: date | None = None
    numbers: Collection[str] = ()
    view: View = View.ALL


def select_items(reach: Reach, chosen: ItemFilter) -> Select[Any]:
    """Items within reach that the filter lets through, in no order."""
    return select(Item).where(within_list(reach), *conditions(chosen), in_view(chosen.view, reach, chosen.today))


def conditions(chosen: ItemFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter but for its view."""
    found: list[ColumnElement[bool]] = [_is_in_state(chosen.states)]
    equal = ((Item.kind, chosen.kind), (Item.source_id, chosen.source_id))
    found += [column == value for column, value in equal if value is not None]
    if chosen.text:
        like = [column.icontains(chosen.text, autoescape=True) for column in (Item.finding, Item.number)]
        found.append(or_(*like))
    if chosen.section_id is not None:
        below = select(Section.id).where(or_(Section.id == chosen.section_id, Section.parent_id == chosen.section_id))
        found.append(Item.section_id.in_(below))
    if chosen.unit_id is not None:
        below = select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == chosen.unit_id)
        found.append(Item.lead_unit_id.in_(below))
    if chosen.unit_text:
        found.append(Item.lead_unit_id.in_(select_units_like(chosen.unit_text)))
    if chosen.person_id is not None:
        people = [getattr(Item, f"{relation}_id") for relation in Relation if relation is not Relation.SUPPORTING]
        found.append(or_(*(column == chosen.person_id for column in people)))
    if chosen.due_to is not None:
        found.append(Item.due_on <= chosen.due_to)
    if chosen.numbers:
        found.append(Item.number.in_(sorted(chosen.numbers)))
    return found


def _is_in_state(states: Collection[State]) -> ColumnElement[bool]:
    # Almost all are counted. Named one by one, SQLite went through the index of states and sorted what it found.
    return Item.state.in_(sorted(states)) if states else Item.state.not_in(sorted(frozenset(State) - COUNTED))


def select_units_like(text: str) -> Select[Any]:
    """The ids of units whose name or pinyin holds a text, and of all below them."""
    typed = text.lower().replace(" ", "")
    like = or_(Unit.name.contains(text, autoescape=True), Unit.pinyin.contains(typed, autoescape=True))
    return select(UnitAncestor.unit_id).join(Unit, Unit.id == UnitAncestor.ancestor_id).where(like)


def in_view(view: View, reach: Reach, today: date) -> ColumnElement[bool]:
    """The condition of a tab."""
    is_running = Item.state.in_(sorted(RUNNING))
    if view is View.MINE:
        return is_own(reach)
    if view is View.DRAFT:
        return Item.state == State.DRAFT
    if view is View.NOT_ACCEPTED:
        return Item.state == State.ISSUED
    if view is View.DUE_THIS_WEEK:
        sunday = today + timedelta(days=6 - today.weekday())
        return and_(is_running, Item.due_on.between(today, sunday))
    if view is View.OVERDUE:
        return and_(is_running, Item.due_on < today)
    return true()


def ordering(order: Order, *, is_descending: bool = False, in_outline: bool = False) -> list[Any]:
    """What to order items by; equal ones by number.

    Without ``in_outline`` the order of numbers is the newest source first, its items as they were numbered, which an
    index gives; with it headings come in the order of the outline and what was added later in its place.
    """
    if order is Order.NUMBER:
        by_number = [Item.source_id.desc(), Item.number]
        return [Item.source_id.desc(), *_in_outline()] if in_outline else by_number
    key: Any = _KEYS[order]()
    return [key.is_(None), key.desc() if is_descending else key, Item.source_id.desc(), Item.number]


def _in_outline() -> list[Any]:
    position = select(Section.position).where(Section.id == Item.section_id).scalar_subquery()
    return [position.is_not(None), position, func.coalesce(Item.parent_id, Item.id), Item.id]


def _by_unit() -> Any:
    return select(Unit.pinyin).where(Unit.id == Item.lead_unit_id).scalar_subquery()


def _by_leader() -> Any:
    return select(Person.pinyin).where(Person.id == Item.leader_id).scalar_subquery()


def _by_state() -> Any:
    return case({state.value: place for place, state in enumerate(State)}, value=Item.state)


_KEYS: Mapping[Order, Any] = {
    Order.UNIT: _by_unit,
    Order.LEADER: _by_leader,
    Order.DUE: lambda: Item.due_on,
    Order.STATE: _by_state,
}


class Totals(NamedTuple):
    """Counts of a list: rows shown in the present view, and of them problems (or tasks) and parts, total and closed.

    ``wholes_left_out`` are in no denominator; ``by_view`` counts the rows of every tab.
    """

    rows: int
    wholes: int
    wholes_closed: int
    wholes_left_out: int
    parts: int
    parts_closed: int
    by_view: Mapping[View, int]


def count_list(session: Session, reach: Reach, chosen: ItemFilter) -> Totals:
    """All counts of a list in one query."""
    now_shown = in_view(chosen.view, reach, chosen.today)
    is_counted, is_closed = Item.state.in_(sorted(COUNTED)), Item.state == State.CLOSED
    is_part = Item.parent_id.is_not(None)
    conditions_of = {
        "rows": now_shown,
        "wholes": and_(now_shown, is_counted, ~is_part),
        "wholes_closed": and_(now_shown, is_closed, ~is_part),
        "wholes_left_out": and_(now_shown, is_left_out(), ~is_part),
        "parts": and_(now_shown, is_counted, is_part),
        "parts_closed": and_(now_shown, is_closed, is_part),
    }
    conditions_of |= {f"view_{view}": in_view(view, reach, chosen.today) for view in View}
    counts = [func.count().filter(condition).label(name) for name, condition in conditions_of.items()]
    query = select(*counts).select_from(Item).where(within_list(reach), *conditions(chosen))
    row = session.execute(query).one()._mapping
    by_view = {view: row[f"view_{view}"] for view in View}
    return Totals(by_view=by_view, **{name: row[name] for name in conditions_of if name in Totals._fields})


class Heading(NamedTuple):
    """An aspect with the problems (or tasks) below it that a list shows."""

    id: int
    source_id: int
    number: str
    title: str
    total: int
    closed: int


def list_headings(
    session: Session, reach: Reach, chosen: ItemFilter, *, aspect_ids: Collection[int]
) -> Sequence[Heading]:
    """The aspects of the chosen source, and those with these ids, with what the filter lets through of them."""
    aspect, category = aliased(Section), aliased(Section)
    of_item = func.coalesce(category.parent_id, category.id)
    is_whole = and_(Item.state.in_(sorted(COUNTED)), Item.parent_id.is_(None))
    ids = sorted(aspect_ids)
    is_near = or_(Section.id.in_(ids), Section.parent_id.in_(ids), Section.source_id == chosen.source_id)
    below = select(Section.id).where(is_near)
    shown = (
        select(
            of_item.label("aspect_id"),
            func.count().filter(is_whole).label("total"),
            func.count().filter(and_(is_whole, Item.state == State.CLOSED)).label("closed"),
        )
        .select_from(Item)
        .join(category, category.id == Item.section_id)
        .where(within_list(reach), *conditions(chosen), in_view(chosen.view, reach, chosen.today))
        .where(Item.section_id.in_(below))
        .group_by(of_item)
        .subquery()
    )
    total, closed = func.coalesce(shown.c.total, 0), func.coalesce(shown.c.closed, 0)
    query = select(aspect.id, aspect.source_id, aspect.number, aspect.title, total, closed)
    query = query.outerjoin(shown, shown.c.aspect_id == aspect.id).where(
        or_(
            and_(aspect.source_id == chosen.source_id, aspect.parent_id.is_(None)),
            aspect.id.in_(ids),
        )
    )
    return [Heading(*row) for row in session.execute(query.order_by(aspect.position, aspect.id))]
