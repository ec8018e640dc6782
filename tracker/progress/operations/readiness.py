"""What every report asks first: may this person, does the state allow it, has the item a life of its own."""

from tracker.access.rules import Action, Actor, ensure
from tracker.items.models import Item
from tracker.items.operations import refuse_parent
from tracker.items.rules import refuse_text
from tracker.progress.rules import check_plannable, check_reportable


def ensure_reportable(item: Item, *, actor: Actor, action: Action = Action.REPORT) -> None:
    """Raise Forbidden or Conflict unless the person may report about the item as it now is."""
    ensure(actor, action, item)
    check_reportable(item.state)
    refuse_parent(item)
    refuse_secret(item)


def ensure_plannable(item: Item, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless the person may lay down the item's measures now."""
    check_plannable(actor, item, item.state)
    refuse_secret(item)


def refuse_secret(item: Item) -> None:
    """Raise DomainError for the placeholder of a secret item: how its work goes on stands on paper."""
    if item.is_secret:
        refuse_text(text=item.paper_number)
