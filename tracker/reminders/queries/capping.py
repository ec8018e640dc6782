"""Digests that a sweep held back because there were too many, and how many are usual."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from tracker.org.models import Account
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState
from tracker.reminders.models import Occurrence, ReminderRule
from tracker.reminders.queries.digests import KIND, SINGLE


class HeldRule(NamedTuple):
    """What one rule would tell of all that is held: to how many people, how many things."""

    rule: ReminderRule
    people: int
    things: int


def is_held() -> ColumnElement[bool]:
    """The condition that a message is a digest held back, or a mail of one overdue item held back with it."""
    return and_(Message.kind.in_((KIND, SINGLE)), Message.state == MessageState.HELD)


def count_held(session: Session) -> int:
    """How many people have a digest that is held back."""
    return session.scalar(select(func.count(Message.person_id.distinct())).where(is_held())) or 0


def last_message(session: Session) -> int:
    """The id of the newest message; 0 when there is none. Clocks go back, ids do not."""
    return session.scalar(select(func.max(Message.id))) or 0


def is_new(last: int) -> ColumnElement[bool]:
    """The condition that a message is a digest queued after the message of that id."""
    return and_(Message.kind == KIND, Message.state == MessageState.QUEUED, Message.id > last)


def is_ahead() -> ColumnElement[bool]:
    """The condition that a message is a mail of one overdue item that would leave while its digest is held back."""
    digest = aliased(Message)
    is_its_own = and_(digest.person_id == Message.person_id, Message.slot.startswith(digest.slot + ":"))
    is_digest_held = exists().where(digest.kind == KIND, digest.state == MessageState.HELD, is_its_own)
    return and_(Message.kind == SINGLE, Message.state == MessageState.QUEUED, is_digest_held)


def count_new(session: Session, last: int) -> int:
    """How many people have a digest that was queued after the message of that id."""
    return session.scalar(select(func.count(Message.person_id.distinct())).where(is_new(last))) or 0


def count_accounts(session: Session) -> int:
    """How many people can sign in."""
    return session.scalar(select(func.count()).select_from(Account).where(Account.is_active)) or 0


def list_held_rules(session: Session) -> Sequence[HeldRule]:
    """What is held, by rule, the one that tells most first."""
    things = func.count(Occurrence.id.distinct())
    query = select(ReminderRule, func.count(Occurrence.person_id.distinct()), things)
    query = query.join(Occurrence, Occurrence.rule_id == ReminderRule.id).join(Message, _told_in())
    query = query.where(is_held(), Message.channel == Channel.INBOX).group_by(ReminderRule.id)
    return [HeldRule(*row) for row in session.execute(query.order_by(things.desc(), ReminderRule.id))]


def select_held_steps() -> Select[Any]:
    """Ids of the steps that held digests tell of."""
    return select(Occurrence.id).join(Message, _told_in()).where(is_held())


def _told_in() -> ColumnElement[bool]:
    return and_(Message.person_id == Occurrence.person_id, Message.slot == Occurrence.digest)
