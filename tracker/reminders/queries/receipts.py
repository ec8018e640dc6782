"""What was sent about an item, to whom, by which rules, and whether it was read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from tracker.items.models import Item
from tracker.outbox.models import Message, MessageItem
from tracker.reminders.models import Occurrence, ReminderRule
from tracker.reminders.queries.digests import KIND


@dataclass(frozen=True)
class Receipt:
    """One message, with the rules it told the item by; none for what is no reminder."""

    message: Message
    rules: Sequence[ReminderRule]


def list_receipts(session: Session, item: Item, *, limit: int) -> Sequence[Receipt]:
    """The messages that told of an item, the newest first: sent, or tried in vain."""
    told = select(MessageItem.message_id).where(MessageItem.number == item.number)
    query = select(Message).where(Message.id.in_(told)).options(joinedload(Message.person))
    messages = session.scalars(query.order_by(Message.queued_at.desc(), Message.id.desc()).limit(limit)).all()
    steps = and_(Message.kind == KIND, Message.person_id == Occurrence.person_id, Message.slot == Occurrence.digest)
    named = select(Message.id, ReminderRule).join(Occurrence, steps).join(ReminderRule)
    named = named.where(Message.id.in_([message.id for message in messages]), Occurrence.item_id == item.id)
    rules: defaultdict[int, list[ReminderRule]] = defaultdict(list)
    for message_id, rule in session.execute(named.order_by(Occurrence.id)):
        if rule not in rules[message_id]:
            rules[message_id].append(rule)
    return [Receipt(message, rules[message.id]) for message in messages]
