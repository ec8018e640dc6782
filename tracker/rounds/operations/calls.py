"""Logging calls about items."""

from datetime import datetime, timedelta

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.rounds import queries
from tracker.rounds.models import PhoneCall

# The same words without a time, sent again within this, are a second click.
TWICE = timedelta(minutes=1)


def log_call(item: Item, *, whom: str, answer: str, called_at: datetime | None, actor: Actor) -> PhoneCall:
    """Log a call about an item: now unless said otherwise. ``item`` must have been read with a lock.

    Raises DomainError for an instant in the future, AlreadyThere for the same call logged twice.
    """
    ensure(actor, Action.REVIEW_REPORT, item)
    now = clock.now()
    if called_at is not None and called_at > now:
        raise DomainError(_l("通话时间晚于现在，请核对。"), field="called_at")
    call = PhoneCall(item_id=item.id, by_id=actor.person_id, whom=whom.strip(), answer=answer.strip())
    call.called_at = called_at or now
    session = db.session()
    if queries.find_same_call(session, call, called_at or now - TWICE):
        raise AlreadyThere(_l("这次通话已经登记，没有重复记录。"))
    session.add(call)
    session.flush()
    record(actor, "phone_call.log", item.number, whom=call.whom, on=call.called_at, answer=call.answer)
    return call
