"""Taking a closed item up again."""

from tracker.access.rules import Action, Actor, ensure
from tracker.core import clock
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event, OwnWord


def reopen(item: Item, *, actor: Actor, reason: str) -> None:
    """Put a closed item back to work, with a reason; the unit's own word is spent.

    What came in as closed was never issued here; it counts as issued by this, or nobody would be reminded of it.
    """
    ensure(actor, Action.DECIDE_AS_OFFICE, item)
    items.refuse_parent(item)
    if not reason.strip():
        raise DomainError(_l("请写明重新整改的理由。"), field="reason")
    items.move_on(
        item,
        Event.REOPEN,
        actor=actor,
        reason=reason.strip(),
        issued_on=item.issued_on or clock.today(),
        closed_on=None,
        confirmed_on=None,
        own_word=OwnWord.NONE,
        own_word_on=None,
    )
