"""Queueing messages, claiming them to be sent, noting what became of them, reading them."""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, insert, update

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.forms import CONTROL
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.sql import insert_new
from tracker.org.models import Person
from tracker.outbox import queries
from tracker.outbox.letters import Rendered
from tracker.outbox.models import Message, MessageItem
from tracker.outbox.rules import (
    BATCH,
    LEASE,
    MAX_ATTEMPTS,
    OUTSIDE,
    PERSONAL,
    RETRIABLE,
    Channel,
    MessageState,
    Skip,
    after_failure,
    back_off,
    is_address,
)
from tracker.outlets import queries as outlets
from tracker.outlets.rules import is_phone, plain_phone


@dataclass(frozen=True)
class Addressed:
    """What is to be queued to one person.

    ``numbers`` are those of the items it tells of. Without ``channels`` it takes all that reach a person; short
    messages are left out unless their gateway is on. ``outlet_id`` is the robot of a work group.
    """

    person: Person
    slot: str
    data: Mapping[str, Any] | None = None
    numbers: Iterable[str] = ()
    channels: Collection[Channel] | None = None
    outlet_id: int | None = None
    not_before: datetime | None = None


def queue(kind: str, person: Person, *, slot: str, **told: Any) -> int:
    """Queue a message within the transaction of the change; how many channels it is new on."""
    return queue_all(kind, [Addressed(person, slot, **told)])


def tell(kind: str, people: Iterable[Person], *, slot: str, **told: Any) -> int:
    """Queue the same message for each of these people, in one statement however many they are."""
    return queue_all(kind, [Addressed(person, slot, **told) for person in people])


def queue_all(kind: str, addressed: Iterable[Addressed]) -> int:
    """Queue messages of one kind within the transaction of the change; how many are new, each channel counted.

    The same kind, person, channel and slot is queued once. What is for somebody without a usable address is kept as
    skipped, so that it is seen.
    """
    now, session = clock.now(), db.session()
    gateway_id = outlets.gateway_id(session)
    rows = [row for each in addressed for row in _rows(kind, each, now, gateway_id)]
    if not rows:
        return 0
    states = session.scalars(insert_new(session, Message).returning(Message.state), rows)
    return sum(state is MessageState.QUEUED for state in states)


def _rows(kind: str, told: Addressed, now: datetime, gateway_id: int | None) -> list[dict[str, Any]]:
    common = {
        "kind": kind,
        "person_id": told.person.id,
        "slot": told.slot,
        "data": json.dumps(told.data or {}, ensure_ascii=False),
        "item_numbers": json.dumps(list(told.numbers), ensure_ascii=False),
        "queued_at": now,
        "not_before": told.not_before or now,
    }
    ways = {Channel.SMS: gateway_id, Channel.GROUP: told.outlet_id}
    chosen = PERSONAL if told.channels is None else told.channels
    there = [each for each in chosen if each not in OUTSIDE or ways[each]]
    return [{**common, **_going(channel, told.person), "outlet_id": ways.get(channel)} for channel in there]


def _going(channel: Channel, person: Person) -> dict[str, Any]:
    skip, key = _skip(channel, person), secrets.token_hex(8)
    state = MessageState.SKIPPED if skip else MessageState.QUEUED
    return {
        "key": key,
        "message_id": f"<{key}@rectify.local>",
        "channel": channel,
        "state": state,
        "answer": skip or "",
    }


def _skip(channel: Channel, person: Person) -> Skip | None:
    if channel is Channel.SMS:
        return None if is_phone(plain_phone(person.phone)) else Skip.NO_PHONE
    if channel is not Channel.MAIL or is_address(person.mail):
        return None
    return Skip.BAD_ADDRESS if person.mail else Skip.NO_ADDRESS


def claim(
    channel: Channel, *, at: datetime, token: str, outlet_id: int | None = None, held: Collection[str] = ()
) -> int:
    """Take a batch of what is due at an instant; how many. They are this token's until its lease runs out.

    ``outlet_id`` narrows it to one outside channel; ``held`` are the kinds of message that must wait. Given up is what
    was left in the middle, by senders that died, as often as a message is tried at all: it would go out without end.
    """
    session = db.session()
    now = clock.now()
    batch = BATCH[channel]
    ids = queries.list_claimable(session, channel, at=at, now=now, limit=batch, outlet_id=outlet_id, held=held)
    if ids:
        these = update(Message).where(Message.id.in_(ids)).execution_options(synchronize_session=False)
        was_left = (Message.state == MessageState.CLAIMED, Message.attempts >= MAX_ATTEMPTS)
        why = str(_l("发送时程序多次中断，不知道是否已经发出。"))
        ended = {"state": MessageState.DEAD, "lease_token": None, "lease_until": None, "answer": why}
        session.execute(these.where(*was_left).values(**ended))
        values = {"state": MessageState.CLAIMED, "lease_token": token, "lease_until": now + LEASE}
        going = these.where(Message.state != MessageState.DEAD)
        session.execute(going.values(attempts=Message.attempts + 1, **values))
    return len(ids)


def release(token: str, ids: Collection[int]) -> None:
    """Give back what was claimed and not tried."""
    mine = update(Message).where(Message.lease_token == token, Message.id.in_(ids))
    values = {"state": MessageState.QUEUED, "lease_token": None, "lease_until": None}
    db.session().execute(mine.values(attempts=Message.attempts - 1, **values))


def store(token: str, message_id: int, rendered: Rendered) -> None:
    """Keep what a message says, before it is sent, and of which items; hook ``parts_told`` is called with its parts."""
    is_mine = _set(
        token,
        message_id,
        subject=rendered.subject,
        body_text=rendered.text,
        body_html=rendered.html,
        item_numbers=json.dumps(rendered.numbers, ensure_ascii=False),
    )
    if not is_mine:
        return
    session = db.session()
    session.execute(delete(MessageItem).where(MessageItem.message_id == message_id))
    if rendered.numbers:
        told = [{"message_id": message_id, "number": number} for number in dict.fromkeys(rendered.numbers)]
        session.execute(insert(MessageItem), told)
    if rendered.parts:
        hooks.call("parts_told", rendered.parts)


def mark_sent(token: str, message_id: int, answer: str = "") -> bool:
    """Note that it went out; False when the lease was lost meanwhile and the message is another sender's."""
    return _settle(token, message_id, MessageState.SENT, sent_at=clock.now(), answer=_storable(answer))


def mark_skipped(token: str, message_id: int, reason: Skip) -> bool:
    """Note that there is nothing to tell any more, or nobody to tell it to."""
    return _settle(token, message_id, MessageState.SKIPPED, answer=reason)


def mark_failed(token: str, message_id: int, *, attempts: int, answer: str, at: datetime) -> MessageState:
    """Note a failed try with the server's answer; dead after the last one, else due again after a pause."""
    state = after_failure(attempts)
    not_before = max(at, clock.now()) + back_off(attempts)
    _settle(token, message_id, state, answer=_storable(answer)[:2000], not_before=not_before)
    return state


def _storable(answer: str) -> str:
    """What a server said, without what PostgreSQL does not take: a message whose end can't be noted is sent again."""
    return CONTROL.sub("", answer)


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


def retry_all(narrowed: queries.MessageFilter, *, actor: Actor) -> int:
    """Send all messages of a list that can be sent anew; how many. The others in it stay as they are."""
    ensure_may(actor, Action.MANAGE_JOBS)
    values = {"state": MessageState.QUEUED, "attempts": 0, "not_before": clock.now()}
    chosen = update(Message).where(Message.state.in_(sorted(RETRIABLE)), *narrowed.conditions())
    result = db.session().execute(chosen.values(**values).execution_options(synchronize_session=False))
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


def data_of(message: Message) -> dict[str, Any]:
    """What a message was queued with."""
    data: dict[str, Any] = json.loads(message.data)
    return data


def numbers_of(message: Message) -> list[str]:
    """The numbers of the items a message tells of."""
    return [str(number) for number in json.loads(message.item_numbers)]
