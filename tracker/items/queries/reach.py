"""What may be seen, as conditions."""

from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_

from tracker.access.rules import Reach
from tracker.items.models import Item, ItemSupport
from tracker.org.queries import within as in_units

__all__ = ["in_units", "is_own", "within"]


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


def is_own(reach: Reach) -> ColumnElement[bool]:
    """Whether an item is a person's own work: led by a unit they head or act for, or theirs by name."""
    conditions = [in_units(Item.lead_unit_id, reach.supporting)] if reach.supporting else []
    if reach.person_id is not None:
        conditions += [getattr(Item, f"{relation}_id") == reach.person_id for relation in sorted(reach.relations)]
    return or_(false(), *conditions)
