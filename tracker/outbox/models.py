"""Messages to people."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.org.models import Person
from tracker.outbox.rules import RETRIABLE, Channel, MessageState
from tracker.outlets.models import Outlet


class Message(Base):
    """One message to one person over one channel.

    ``slot`` makes it unique: the local day of a digest, or the key of the one event it tells of. ``subject`` and
    ``body`` are empty until it is rendered at sending. ``message_id`` is the Message-ID of its mail, fixed at queueing.
    One to a work group belongs to the keeper of the group's robot.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("kind", "person_id", "channel", "slot"),
        UniqueConstraint("key"),
        Index("ix_message_due", "state", "not_before"),
        Index("ix_message_inbox", "person_id", "channel", "state", "read_at"),
        CheckConstraint("(channel IN ('sms', 'group')) = (outlet_id IS NOT NULL)", name="outside_has_outlet"),
        CheckConstraint("(lease_token IS NULL) = (state <> 'claimed')", name="claimed_has_token"),
        length_check("subject", 300),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[Channel] = mapped_column(code(Channel, "channel"))
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlet.id"), index=True)
    slot: Mapped[str] = mapped_column(String(120))
    data: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[MessageState] = mapped_column(code(MessageState, "state"))
    queued_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    subject: Mapped[str] = mapped_column(String(300), default="")
    body_text: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    item_numbers: Mapped[str] = mapped_column(Text, default="[]")
    message_id: Mapped[str] = mapped_column(String(120))
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship()
    outlet: Mapped[Outlet | None] = relationship()

    @property
    def is_retriable(self) -> bool:
        """Whether it may be sent anew."""
        return self.state in RETRIABLE


class MessageItem(Base):
    """An item that a message told of, by number; written when it is rendered, so that an item finds what was sent."""

    __tablename__ = "message_item"

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
