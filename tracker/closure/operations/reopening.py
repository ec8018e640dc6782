"""Taking a closed item up again, and letting a step be decided once more, as a reviewed request asked for."""

from tracker.access.rules import Actor
from tracker.closure import queries
from tracker.closure.models import Review
from tracker.closure.rules import ApplicationState
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event, OwnWord


def reopen(item: Item, *, actor: Actor, reason: str) -> None:
    """Put a closed item back to work, as a reviewed request asked for; the unit's own word is spent.

    What came in as closed was never issued here; it counts as issued by this, or nobody would be reminded of it.
    """
    items.refuse_parent(item)
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


def undo_decision(item: Item) -> None:
    """Let the step that was decided last be decided once more; the decision that was wrong stays, marked.

    Raises Conflict when the item was not applied for.
    """
    session = db.session()
    application = queries.find_last(session, item.id)
    decided = [each for each in application.reviews if each.decision is not None] if application else []
    if application is None or not decided:
        raise Conflict(_l("没有可以冲正的审核决定。"))
    wrong = decided[-1]
    wrong.is_undone = True
    for each in reversed([each for each in application.reviews if each.position > wrong.position]):
        each.position += 1
        session.flush()
    again = _once_more(wrong)
    application.state = ApplicationState.PENDING
    session.add(again)
    session.flush()
    session.expire(application, ["reviews"])
    hooks.call("application_waits", again)


def _once_more(wrong: Review) -> Review:
    """The same step behind the wrong decision, with whom the chain or a recusal named for it."""
    return Review(
        application_id=wrong.application_id,
        position=wrong.position + 1,
        kind=wrong.kind,
        named_id=wrong.named_id,
        route=wrong.route,
    )
