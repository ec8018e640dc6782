"""Reading messages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, literal, not_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.sql import has_run_out
from tracker.org.models import Person, Substitute
from tracker.org.queries import runs_on
from tracker.outbox.models import Message
from tracker.outbox.rules import APART_MAX, CLAIM_MAX, PUT_OFF_MAX, WAITING, Channel, MessageState

FORWARDED = "forwarded"


def count_unread(session: Session, person_id: int) -> int:
    """Messages in a person's inbox that were not opened yet."""
    return session.scalar(_unread(), {"person_id": person_id}) or 0


@cache
def _unread() -> Select[int]:
    """Built once, because every page asks so."""
    return select(func.count()).where(*_in_inbox(bindparam("person_id")), Message.read_at.is_(None))


def _in_inbox(person_id: int | BindParameter[int]) -> tuple[Any, ...]:
    return Message.person_id == person_id, Message.channel == Channel.INBOX, Message.state == MessageState.SENT


def select_inbox(person_id: int) -> Select[Any]:
    """A person's inbox: unread first, then the newest first."""
    order = (Message.read_at.isnot(None), Message.sent_at.desc(), Message.id.desc())
    return select(Message).where(*_in_inbox(person_id)).order_by(*order)


def list_messages(session: Session, query: Select[Any]) -> Sequence[Message]:
    """The messages of a query, each with its person."""
    return session.scalars(query.options(joinedload(Message.person))).all()


def get_in_inbox(session: Session, person_id: int, key: str) -> Message:
    """A message of a person's own inbox; raises NotFound."""
    message = session.scalar(select(Message).where(*_in_inbox(person_id), Message.key == key))
    if message is None:
        raise NotFound(_l("没有找到这条消息。"))
    return message


def get_message(session: Session, key: str) -> Message:
    """A message by its key, locked; raises NotFound."""
    message = session.scalar(select(Message).where(Message.key == key).with_for_update())
    if message is None:
        raise NotFound(_l("没有找到这条消息。"))
    return message


def find_message(session: Session, message_id: int) -> Message | None:
    """A message by its id, with its person."""
    return session.get(Message, message_id, options=[joinedload(Message.person)])


@dataclass(frozen=True)
class MessageFilter:
    """What a list of messages is narrowed to; what is empty does not narrow it. ``person`` is a part of a name."""

    states: Collection[MessageState] = ()
    channel: Channel | None = None
    kind: str = ""
    person: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL, over Message alone."""
        found: list[ColumnElement[bool]] = [Message.state.in_(sorted(self.states))] if self.states else []
        if self.channel:
            found.append(Message.channel == self.channel)
        if self.kind:
            found.append(Message.kind == self.kind)
        if self.person:
            named = select(Person.id).where(Person.name.contains(self.person, autoescape=True))
            found.append(Message.person_id.in_(named))
        return found


def select_messages(narrowed: MessageFilter) -> Select[Any]:
    """Messages, the newest first."""
    return select(Message).where(*narrowed.conditions()).order_by(Message.queued_at.desc(), Message.id.desc())


def count_by_state(session: Session) -> dict[tuple[Channel, MessageState], int]:
    """How many messages each channel has in each state; those with none are left out."""
    rows = session.execute(
        select(Message.channel, Message.state, func.count()).group_by(Message.channel, Message.state)
    )
    return {(channel, state): count for channel, state, count in rows}


def list_claimable(
    session: Session,
    channel: Channel,
    *,
    at: datetime,
    now: datetime,
    limit: int,
    outlet_id: int | None = None,
    held: Collection[str] = (),
) -> Sequence[int]:
    """Ids of messages to be sent at an instant, or whose sender's lease has run out; the longest due first.

    They are locked, and those that another sender holds are passed over, as are those of the kinds held back.
    """
    query = _select_claimable(channel, outlet_id, at=at, now=now, held=held).limit(limit)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def is_any_claimable(
    session: Session,
    channel: Channel,
    *,
    at: datetime,
    now: datetime,
    outlet_id: int | None = None,
    held: Collection[str] = (),
) -> bool:
    """Whether there is anything to claim."""
    return session.scalar(_select_claimable(channel, outlet_id, at=at, now=now, held=held).limit(1)) is not None


def _select_claimable(
    channel: Channel, outlet_id: int | None, *, at: datetime, now: datetime, held: Collection[str]
) -> Select[Any]:
    query = select(Message.id).where(Message.channel == channel, _is_claimable(at, now))
    if outlet_id is not None:
        query = query.where(Message.outlet_id == outlet_id)
    if held:
        query = query.where(Message.kind.not_in(sorted(held)))
    return query.order_by(Message.not_before, Message.id)


def _is_claimable(at: datetime, now: datetime) -> ColumnElement[bool]:
    # Nothing is put off for so long but by a clock that was wrong, and nothing that was not put off is of tomorrow.
    soon = max(at, now)
    is_of_tomorrow = and_(Message.queued_at > soon + APART_MAX, Message.not_before <= Message.queued_at)
    is_time = or_(Message.not_before <= at, Message.not_before > soon + PUT_OFF_MAX, is_of_tomorrow)
    is_due = and_(Message.state.in_(sorted(WAITING)), is_time)
    is_abandoned = and_(Message.state == MessageState.CLAIMED, has_run_out(Message.lease_until, now, longest=CLAIM_MAX))
    return or_(is_due, is_abandoned)


def list_outlets_due(session: Session, *, at: datetime, now: datetime) -> Sequence[tuple[Channel, int]]:
    """The outside channels for which something is to be sent, on or off, each with how its messages travel."""
    query = select(Message.channel, Message.outlet_id).where(Message.outlet_id.is_not(None), _is_claimable(at, now))
    rows = session.execute(query.distinct().order_by(Message.outlet_id))
    return [(channel, outlet_id) for channel, outlet_id in rows if outlet_id is not None]


def list_claimed(session: Session, token: str) -> Sequence[Message]:
    """The messages held under a token, with person and account, as the database has them now."""
    query = select(Message).where(Message.lease_token == token).order_by(Message.id)
    query = query.options(joinedload(Message.person).joinedload(Person.account), joinedload(Message.outlet))
    return session.scalars(query.execution_options(populate_existing=True)).all()


def list_of_slots(session: Session, kind: str, person_ids: Collection[int], slot: str) -> Sequence[Message]:
    """The messages of a kind to these people whose slot begins like this, locked."""
    query = select(Message).where(
        Message.kind == kind, Message.person_id.in_(person_ids), Message.slot.startswith(slot, autoescape=True)
    )
    return session.scalars(query.order_by(Message.id).with_for_update()).all()


def list_unforwarded(session: Session, day: date, since: datetime, *, limit: int) -> Sequence[tuple[Message, Person]]:
    """What reached the inbox of somebody absent while their substitution runs, and who stands in; oldest first.

    Left out is what the substitute was told as well, and what was forwarded before. ``since``: the earliest instant.
    """
    twin, copy = aliased(Message), aliased(Message)
    key = literal("message:") + Message.key
    told = exists().where(twin.person_id == Substitute.person_id, twin.kind == Message.kind, twin.slot == Message.slot)
    sent = exists().where(copy.person_id == Substitute.person_id, copy.kind == FORWARDED, copy.slot == key)
    query = (
        select(Message, Person)
        .join(Substitute, Substitute.absent_id == Message.person_id)
        .join(Person, Person.id == Substitute.person_id)
        .where(runs_on(day), Message.channel == Channel.INBOX, Message.state == MessageState.SENT)
        .where(Message.sent_at >= since, Message.sent_at >= Substitute.named_at, Message.kind != FORWARDED)
        .where(not_(told), not_(sent))
        .order_by(Message.id)
        .limit(limit)
    )
    rows = session.execute(query.options(joinedload(Message.person)))
    return [(message, person) for message, person in rows]
