"""The blueprint of progress, and what its pages share."""

from flask import Blueprint, url_for

from tracker.access.guard import present_actor
from tracker.access.rules import reach
from tracker.core.db import db
from tracker.items import queries as items
from tracker.items.models import Item
from tracker.org.models import Unit
from tracker.progress import queries

blueprint = Blueprint("progress", __name__, url_prefix="/items/<number>")


def item_of(number: str) -> Item:
    """The item of the page, for reading; raises NotFound out of reach."""
    return items.get_item(db.session(), number, reach(present_actor()))


def locked(number: str) -> Item:
    """The item of the page, held until the end of the transaction."""
    return items.get_item(db.session(), number, reach(present_actor()), lock=True)


def item_url(number: str, tab: str | None = None) -> str:
    """The item's page, on a tab."""
    return url_for("desk.item", number=number, tab=tab)


def units_of(item: Item) -> dict[int, Unit]:
    """The units that work on an item, by id."""
    lead = [item.lead_unit] if item.lead_unit else []
    return {unit.id: unit for unit in (*lead, *(support.unit for support in item.supports))}


def names_of(item: Item) -> list[str]:
    """The names to choose from on a form of this item."""
    return queries.list_names(db.session(), list(units_of(item)))
