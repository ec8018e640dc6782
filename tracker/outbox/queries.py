"""Reading messages."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState


def count_unread(session: Session, person_id: int) -> int:
    """Messages in a person's inbox that were not opened yet."""
    unread = select(func.count()).where(
        Message.person_id == person_id,
        Message.channel == Channel.INBOX,
        Message.state == MessageState.SENT,
        Message.read_at.is_(None),
    )
    return session.scalar(unread) or 0
