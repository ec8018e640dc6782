"""What writing and filing an application ask first."""

from tracker.access.rules import Action, Actor, ensure
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event, move


def ensure_applicable(item: Item, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless the person may apply for this item's closure now."""
    ensure(actor, Action.APPLY, item)
    items.refuse_parent(item)
    move(item.state, Event.APPLY)
