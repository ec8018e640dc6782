"""A rule gone wild stops and asks: more digests at once than usual are held until an administrator has looked."""

from typing import Any

from sqlalchemy import CursorResult, delete, update

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.org import queries as people
from tracker.outbox import operations as outbox
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState, Skip
from tracker.reminders import queries
from tracker.reminders.models import Occurrence
from tracker.reminders.rules import digests_at_once
from tracker.settings.queries import load

ALARM = "alarm"


def hold_excess(last: int) -> int:
    """Hold all digests after the message of that id when they are too many at once, or others are held.

    With a digest its mails of one item are held. How many people's. Administrators are told within the system, once for
    all that is held.
    """
    session = db.session()
    new, held = queries.count_new(session, last), queries.count_held(session)
    most = digests_at_once(queries.count_accounts(session), load(session)["reminders.cap_percent"])
    if not new or new + held <= most:
        return 0
    _move(queries.is_new(last), state=MessageState.HELD)
    _move(queries.is_ahead(), state=MessageState.HELD)
    if not held:
        data = {"count": new, "most": most}
        for account in people.list_administrators(session):
            slot = f"held:{last}"
            outbox.queue(ALARM, account.person, slot=slot, data=data, channels=(Channel.INBOX,))
    return new


def release_held(seen: int, *, actor: Actor) -> int:
    """Let what is held be sent; how many people get it. Raises Conflict when it is not what the administrator saw."""
    _ensure_seen(seen, actor)
    _move(queries.is_held(), state=MessageState.QUEUED)
    record(actor, "reminders.release", "", count=seen)
    return seen


def discard_held(seen: int, *, actor: Actor) -> int:
    """Drop what is held; whatever the rules as they are now still make due is found again by the next sweep."""
    _ensure_seen(seen, actor)
    db.session().execute(delete(Occurrence).where(Occurrence.id.in_(queries.select_held_steps())))
    _move(queries.is_held(), state=MessageState.SKIPPED, answer=Skip.DISCARDED)
    record(actor, "reminders.discard", "", count=seen)
    return seen


def _ensure_seen(seen: int, actor: Actor) -> None:
    ensure_may(actor, Action.MANAGE_JOBS)
    session = db.session()
    # No sweep in between: it takes the same lock.
    queries.lock_rules(session)
    if queries.count_held(session) != seen or not seen:
        raise Conflict(_l("暂缓的提醒已由别人处理，或又有增加。请刷新页面查看后再决定。"))


def _move(condition: Any, **values: Any) -> int:
    moved = update(Message).where(condition).values(**values).execution_options(synchronize_session=False)
    result = db.session().execute(moved)
    assert isinstance(result, CursorResult)
    return result.rowcount
