"""What every report asks first: may this person, does the state allow it, has the item a life of its own."""

from tracker.access.rules import Action, Actor, ensure
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import queries as items
from tracker.items.models import Item
from tracker.progress.rules import check_plannable, check_reportable


def ensure_reportable(item: Item, *, actor: Actor, action: Action = Action.REPORT) -> None:
    """Raise Forbidden or Conflict unless the person may report about the item as it now is."""
    ensure(actor, action, item)
    check_reportable(item.state)
    refuse_parent(item)


def ensure_plannable(item: Item, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless the person may lay down the item's measures now."""
    check_plannable(actor, item, item.state)


def refuse_parent(item: Item) -> None:
    """Raise Conflict for an item with children: the work is told of them."""
    if item.parent_id is None and items.list_children(db.session(), item.id):
        raise Conflict(_l("总项随分项办理，请在分项中填报和申请销号。"))
