"""What a digest has to tell, and which of what waits is no longer so."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Subquery, and_, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.items.models import Item
from tracker.outbox.models import Message
from tracker.outbox.rules import WAITING, Channel, MessageState
from tracker.reminders.models import Occurrence, ReminderRule
from tracker.reminders.queries.steps import select_due
from tracker.reminders.rules import Trigger

KIND = "reminder_digest"
# A mail of one overdue item, for those who want it so; its slot is the digest's and the item's id.
SINGLE = "reminder_single"
NOTICE = "notice"
KEYS = ("item_id", "rule_id", "repetition", "deadline", "person_id")
# The inbox copy goes out within a minute; as long as it has not, nothing of the digest was told.
UNTOLD = frozenset({*WAITING, MessageState.SKIPPED})


def list_told(
    session: Session, person_id: int, slot: str, day: date
) -> Sequence[tuple[Occurrence, Item, ReminderRule]]:
    """What one digest has to tell on a day: its occurrences that are still due, the earliest deadline first."""
    rows = session.execute(_select_told(), {"day": day, "person_id": person_id, "slot": slot})
    return [(occurrence, item, rule) for occurrence, item, rule in rows.unique()]


@cache
def _select_told() -> Select[Occurrence, Item, ReminderRule]:
    in_digest = (Occurrence.person_id == bindparam("person_id"), Occurrence.digest == bindparam("slot"))
    due = select_due(select(Occurrence.item_id).where(*in_digest)).subquery()
    return (
        select(Occurrence, Item, ReminderRule)
        .join(due, _same(due))
        .join(Item, Item.id == Occurrence.item_id)
        .join(ReminderRule, ReminderRule.id == Occurrence.rule_id)
        .where(*in_digest)
        .options(joinedload(Item.lead_unit), joinedload(Item.supports))
        .order_by(Occurrence.deadline, Item.number)
    )


def _same(due: Subquery) -> Any:
    return and_(*(getattr(Occurrence, name) == due.c[name] for name in KEYS))


def _of_message() -> Any:
    return and_(Message.kind == KIND, Message.person_id == Occurrence.person_id, Message.slot == Occurrence.digest)


def list_outdated(session: Session, day: date, at: datetime) -> Sequence[int]:
    """Ids of occurrences that nobody was told of and that are no longer due: it is as if they had never been."""
    waiting = select(Occurrence.id, Occurrence.item_id).join(Message, _of_message())
    waiting = waiting.where(
        Message.channel == Channel.INBOX, Message.state.in_(sorted(UNTOLD)), Message.not_before <= at
    )
    due = select_due(waiting.with_only_columns(Occurrence.item_id)).subquery()
    untold = waiting.subquery()
    query = select(Occurrence.id).join(untold, untold.c.id == Occurrence.id).outerjoin(due, _same(due))
    return session.scalars(query.where(due.c.item_id.is_(None)), {"day": day}).all()


def list_emptied(session: Session, day: date, at: datetime) -> Sequence[Message]:
    """Digests that wait and have nothing left to tell on a day, locked."""
    waiting = (Message.kind == KIND, Message.state.in_(sorted(WAITING)), Message.not_before <= at)
    told = select(Message.id, Occurrence.item_id).join(Occurrence, _of_message()).where(*waiting)
    due = select_due(told.with_only_columns(Occurrence.item_id)).subquery()
    query = select(Message).where(*waiting, Message.id.not_in(told.with_only_columns(Message.id).join(due, _same(due))))
    return session.scalars(query.order_by(Message.id).with_for_update(), {"day": day}).all()


def list_numbers(
    session: Session, person_ids: Collection[int], slots: Collection[str]
) -> Sequence[tuple[int, str, str]]:
    """Person, slot and number of each item in these digests, by number."""
    query = select(Occurrence.person_id, Occurrence.digest, Item.number).join(Item, Item.id == Occurrence.item_id)
    query = query.where(Occurrence.person_id.in_(person_ids), Occurrence.digest.in_(slots)).distinct()
    return [tuple(row) for row in session.execute(query.order_by(Item.number))]  # type: ignore[misc]


def list_overdue(
    session: Session, person_ids: Collection[int], slots: Collection[str]
) -> Sequence[tuple[int, str, int, str]]:
    """Person, slot, id and number of each overdue item in these digests."""
    query = select(Occurrence.person_id, Occurrence.digest, Item.id, Item.number).distinct()
    query = query.join(Item, Item.id == Occurrence.item_id).join(ReminderRule, ReminderRule.id == Occurrence.rule_id)
    query = query.where(
        Occurrence.person_id.in_(person_ids),
        Occurrence.digest.in_(slots),
        ReminderRule.trigger == Trigger.OVERDUE_EVERY,
    )
    rows = session.execute(query.order_by(Occurrence.person_id, Item.number))
    return [tuple(row) for row in rows]  # type: ignore[misc]


def list_told_singly(session: Session, person_id: int, slot: str) -> set[int]:
    """Ids of the items of a digest that have mails of their own."""
    mine = select(Message.slot).where(
        Message.kind == SINGLE, Message.person_id == person_id, Message.slot.startswith(f"{slot}:", autoescape=True)
    )
    return {int(each.rpartition(":")[2]) for each in session.scalars(mine)}
