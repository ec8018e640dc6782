"""What may be seen, as conditions."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, select, union
from sqlalchemy.orm import aliased

from tracker.access.rules import ANSWERING, MANAGING, Reach
from tracker.items.models import Item, ItemReader, ItemSupport
from tracker.org.models import Grant, UnitAncestor
from tracker.org.queries import within as in_units
from tracker.sources.models import SourceReader

__all__ = ["has_readers", "in_units", "is_hidden", "is_let_know", "is_own", "within", "within_list"]


def within(reach: Reach, row: Any = Item, item_id: Any = None) -> ColumnElement[bool]:
    """The condition that a row of Item (or ItemChange, with its ``item_id``) may be seen."""
    return and_(_is_granted(reach, row, item_id), not_(is_hidden(reach, row, item_id)))


def within_list(reach: Reach) -> ColumnElement[bool]:
    """The same of Item, for a query that goes through all items: those of each way to see one are found by its index.

    ``within`` asks every row in turn, which is cheaper where other conditions have left few: of 300,000 items SQLite
    found the 20,000 of a department in 36 ms this way, in 1,320 ms that way.
    """
    if reach.units.everywhere:
        return within(reach)
    item = aliased(Item)
    ways = [select(item.id).where(condition) for condition in _ways(reach, item)]
    if reach.supporting:
        ways.append(select(ItemSupport.item_id).where(in_units(ItemSupport.unit_id, reach.supporting)))
    return and_(Item.id.in_(union(*ways)), not_(is_hidden(reach)))


def _ways(reach: Reach, row: Any) -> list[ColumnElement[bool]]:
    """How a row by itself may be seen: its lead unit lies within the grants, or it names the person."""
    conditions = [in_units(row.lead_unit_id, reach.units)]
    if reach.person_id is not None:
        conditions += [getattr(row, f"{relation}_id") == reach.person_id for relation in sorted(reach.relations)]
    return conditions


def _is_granted(reach: Reach, row: Any, item_id: Any) -> ColumnElement[bool]:
    if reach.units.everywhere:
        return in_units(row.lead_unit_id, reach.units)
    conditions = _ways(reach, row)
    if reach.supporting:
        in_supported = in_units(ItemSupport.unit_id, reach.supporting)
        # Changes are gone through by the thousand, items are asked for one by one.
        conditions.append(
            exists().where(ItemSupport.item_id == row.id, in_supported)
            if item_id is None
            else item_id.in_(select(ItemSupport.item_id).where(in_supported))
        )
    return or_(*conditions)


def is_hidden(reach: Reach, row: Any = Item, item_id: Any = None) -> ColumnElement[bool]:
    """The condition that a list of readers keeps a row of Item (or the item of ``item_id``) from somebody.

    The list counts as it is now, for what was in the past too.
    """
    if reach.managing.everywhere:
        return false()
    if item_id is None:
        return and_(row.is_restricted, not_(_is_in_circle(reach, row)))
    present = aliased(Item)
    hidden = select(present.id).where(present.is_restricted, not_(_is_in_circle(reach, present)))
    found: ColumnElement[bool] = item_id.in_(hidden)
    return found


def _is_in_circle(reach: Reach, row: Any) -> ColumnElement[bool]:
    # Never NULL, or a hidden row would not be found.
    conditions = [and_(row.lead_unit_id.is_not(None), in_units(row.lead_unit_id, reach.managing))]
    if reach.person_id is not None:
        conditions += [*_answers(reach.person_id, row), _is_named(reach.person_id, row, row.id)]
    return or_(*conditions)


def _answers(person_id: Any, row: Any) -> list[ColumnElement[bool]]:
    columns = [getattr(row, f"{relation}_id") for relation in sorted(ANSWERING)]
    return [and_(column.is_not(None), column == person_id) for column in columns]


def _is_named(person_id: Any, row: Any, item_id: Any) -> ColumnElement[bool]:
    """Whether the item's own list names a person or, where it has none, that of its source."""
    of_item, named, of_source = _lists()
    has_own = exists().where(of_item.item_id == item_id)
    by_item = exists().where(named.item_id == item_id, named.person_id == person_id)
    by_source = exists().where(of_source.source_id == row.source_id, of_source.person_id == person_id)
    return or_(by_item, and_(not_(has_own), by_source))


@cache
def _lists() -> tuple[Any, Any, Any]:
    """Those of items, of items again and of sources; no query around these conditions reads from one of them."""
    return aliased(ItemReader), aliased(ItemReader), aliased(SourceReader)


def is_let_know(person_id: Any, row: Any, item_id: Any) -> ColumnElement[bool]:
    """The condition that a person of a query may know of the item of a row: what ``is_hidden`` says, for many people.

    The row tells ``is_restricted``, ``lead_unit_id``, ``source_id`` and who answers.
    """
    held, above = aliased(Grant), aliased(UnitAncestor)
    manages = exists().where(
        held.person_id == person_id,
        held.role.in_(sorted(MANAGING)),
        above.ancestor_id == held.unit_id,
        above.unit_id == row.lead_unit_id,
    )
    return or_(not_(row.is_restricted), manages, *_answers(person_id, row), _is_named(person_id, row, item_id))


def has_readers() -> ColumnElement[bool]:
    """The condition that an item has a list of its own."""
    return exists().where(ItemReader.item_id == Item.id).correlate(Item)


def is_own(reach: Reach) -> ColumnElement[bool]:
    """Whether an item is a person's own work: led by a unit they head or act for, or theirs by name."""
    conditions = [in_units(Item.lead_unit_id, reach.supporting)] if reach.supporting else []
    if reach.person_id is not None:
        conditions += [getattr(Item, f"{relation}_id") == reach.person_id for relation in sorted(reach.relations)]
    return or_(false(), *conditions)
