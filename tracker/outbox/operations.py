"""Queueing messages, claiming them to be sent, noting what became of them, reading them."""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, update

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.sql import insert_new
from tracker.org.models import Person
from tracker.outbox import queries
from tracker.outbox.letters import Rendered
from tracker.outbox.models import Message
from tracker.outbox.rules import (
    BATCH,
    LEASE,
    Channel,
    MessageState,
    Skip,
    after_failure,
    back_off,
    is_address,
)


def queue(
    kind: str,
    person: Person,
    *,
    slot: str,
    data: Mapping[str, Any] | None = None,
    numbers: Iterable[str] = (),
    channels: Collection[Channel] = tuple(Channel),
    not_before: datetime | None = None,
) -> int:
    """Queue a message within the transaction of the change; how many channels it is new on.

    The same kind, person, channel and slot is queued once. ``numbers`` are those of the items it tells of. A mail to
    somebody without a usable address is kept as skipped, so that it is seen.
    """
    now = clock.now()
    rows = []
    for channel in channels:
        skip = _skip(channel, person)
        key = secrets.token_hex(8)
        rows.append(
            {
                "key": key,
                "message_id": f"<{key}@rectify.local>",
                "kind": kind,
                "person_id": person.id,
                "channel": channel,
                "slot": slot,
                "data": json.dumps(data or {}, ensure_ascii=False),
                "item_numbers": json.dumps(list(numbers), ensure_ascii=False),
                "state": MessageState.SKIPPED if skip else MessageState.QUEUED,
                "answer": skip or "",
                "queued_at": now,
                "not_before": not_before or now,
            }
        )
    session = db.session()
    states = session.scalars(insert_new(session, Message).values(rows).returning(Message.state))
    return sum(state is MessageState.QUEUED for state in states)


def _skip(channel: Channel, person: Person) -> Skip | None:
    if channel is not Channel.MAIL or is_address(person.mail):
        return None
    return Skip.BAD_ADDRESS if person.mail else Skip.NO_ADDRESS


def claim(channel: Channel, *, at: datetime, token: str) -> int:
    """Take a batch of what is due at an instant; how many. They are this token's until its lease runs out."""
    session = db.session()
    now = clock.now()
    ids = queries.list_claimable(session, channel, at=at, now=now, limit=BATCH[channel])
    if ids:
        values = {"state": MessageState.CLAIMED, "lease_token": token, "lease_until": now + LEASE}
        session.execute(update(Message).where(Message.id.in_(ids)).values(attempts=Message.attempts + 1, **values))
    return len(ids)


def release(token: str, ids: Collection[int]) -> None:
    """Give back what was claimed and not tried."""
    mine = update(Message).where(Message.lease_token == token, Message.id.in_(ids))
    values = {"state": MessageState.QUEUED, "lease_token": None, "lease_until": None}
    db.session().execute(mine.values(attempts=Message.attempts - 1, **values))


def store(token: str, message_id: int, rendered: Rendered) -> None:
    """Keep what a message says, before it is sent; hook ``parts_told`` is called with the parts it tells."""
    is_ours = _set(
        token,
        message_id,
        subject=rendered.subject,
        body_text=rendered.text,
        body_html=rendered.html,
        item_numbers=json.dumps(rendered.numbers, ensure_ascii=False),
    )
    if is_ours and rendered.parts:
        hooks.call("parts_told", rendered.parts)


def mark_sent(token: str, message_id: int, answer: str = "") -> bool:
    """Note that it went out; False when the lease was lost meanwhile and the message is another sender's."""
    return _settle(token, message_id, MessageState.SENT, sent_at=clock.now(), answer=answer)


def mark_skipped(token: str, message_id: int, reason: Skip) -> bool:
    """Note that there is nothing to tell any more, or nobody to tell it to."""
    return _settle(token, message_id, MessageState.SKIPPED, answer=reason)


def mark_failed(token: str, message_id: int, *, attempts: int, answer: str, at: datetime) -> MessageState:
    """Note a failed try with the server's answer; dead after the last one, else due again after a pause."""
    state = after_failure(attempts)
    not_before = max(at, clock.now()) + back_off(attempts)
    _settle(token, message_id, state, answer=answer[:2000], not_before=not_before)
    return state


def _settle(token: str, message_id: int, state: MessageState, **values: Any) -> bool:
    return _set(token, message_id, state=state, lease_token=None, lease_until=None, **values)


def _set(token: str, message_id: int, **values: Any) -> bool:
    mine = update(Message).where(Message.id == message_id, Message.lease_token == token)
    result = db.session().execute(mine.values(**values))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def drop(messages: Sequence[Message], reason: Skip) -> int:
    """Skip messages that still wait; how many. They must have been read with a lock."""
    for message in messages:
        message.state, message.answer = MessageState.SKIPPED, reason
    return len(messages)


def retry(message: Message, *, actor: Actor) -> None:
    """Send a failed, dead or skipped message anew, at once and with all tries before it.

    Raises Conflict for one that waits, is under way or was sent.
    """
    ensure_may(actor, Action.MANAGE_JOBS)
    if not message.is_retriable:
        raise Conflict(_l("这条消息正在等待发送或已经发送，不需要重试。"))
    message.state, message.attempts, message.not_before = MessageState.QUEUED, 0, clock.now()
    record(actor, "message.retry", message.key, before=message.answer)


def retry_all(states: Collection[MessageState], *, actor: Actor) -> int:
    """Send all messages in these states anew; how many."""
    ensure_may(actor, Action.MANAGE_JOBS)
    values = {"state": MessageState.QUEUED, "attempts": 0, "not_before": clock.now()}
    result = db.session().execute(update(Message).where(Message.state.in_(sorted(states))).values(**values))
    assert isinstance(result, CursorResult)
    record(actor, "message.retry_all", "", count=result.rowcount)
    return result.rowcount


def mark_read(message: Message) -> None:
    """Note that its reader opened it; the first time counts."""
    message.read_at = message.read_at or clock.now()


def mark_all_read(person_id: int) -> None:
    """Note that a person has seen the whole inbox."""
    unread = update(Message).where(
        Message.person_id == person_id,
        Message.channel == Channel.INBOX,
        Message.state == MessageState.SENT,
        Message.read_at.is_(None),
    )
    db.session().execute(unread.values(read_at=clock.now()))
