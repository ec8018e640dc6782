"""The blueprint of closing, and what its pages share."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.access.rules import reach
from tracker.core.db import db
from tracker.items import queries as items
from tracker.items.models import Item

blueprint = Blueprint("closure", __name__)


Answer = Response | tuple[str, int]


def item_of(number: str, *, lock: bool = False) -> Item:
    """The item of the page; raises NotFound out of reach. ``lock`` holds it until the end of the transaction."""
    return items.get_item(db.session(), number, reach(present_actor()), lock=lock)


def to_item(number: str) -> Response:
    """Back to what the item's page tells of closing."""
    return redirect(url_for("desk.item", number=number, tab="closure"), 303)
