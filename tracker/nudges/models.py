"""Nudges with those they were sent to, and supervision notices with their items."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.items.models import Item
from tracker.nudges.rules.notices import Addressed, NoticeState
from tracker.nudges.rules.nudging import Told
from tracker.org.models import Person, Unit


class Nudge(Base):
    """One item pressed by hand. Those sent with one press share a ``batch``, which is the slot of their message.

    When it was read is told by that message; the unit replies at most once.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        UniqueConstraint("batch", "item_id"),
        Index(None, "item_id", "nudged_at"),
        Index(None, "by_id"),
        length_check("sentence", 200),
        length_check("reply", 200),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    batch: Mapped[str] = mapped_column(String(40))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sentence: Mapped[str] = mapped_column(String(200), default="")
    nudged_at: Mapped[datetime]
    reply: Mapped[str] = mapped_column(String(200), default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replied_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replied_at: Mapped[datetime | None]

    item: Mapped[Item] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=by_id)
    for_person: Mapped[Person | None] = relationship(foreign_keys=for_id)
    replied_by: Mapped[Person | None] = relationship(foreign_keys=replied_by_id)
    readers: Mapped[list["NudgeReader"]] = relationship(cascade="all, delete-orphan", order_by="NudgeReader.person_id")


class NudgeReader(Base):
    """Somebody a nudge was sent to, and what they were to the item then."""

    __tablename__ = "nudge_reader"
    __table_args__ = (Index(None, "person_id"),)

    nudge_id: Mapped[int] = mapped_column(ForeignKey("nudge.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    relation: Mapped[Told] = mapped_column(code(Told, "relation"))

    person: Mapped[Person] = relationship()


class SupervisionNotice(Base):
    """A numbered paper to one unit about some of its items: drafted, signed, sent, answered.

    ``number`` is taken when it is signed and stays with it for ever. ``rule`` tells in words why the system drafted
    it; a person's draft has none. The scan is that of the signed paper.
    """

    __tablename__ = "supervision_notice"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("year", "serial"),
        Index(None, "unit_id", "state"),
        Index(None, "state"),
        CheckConstraint("(number IS NULL) = (serial IS NULL)", name="number_with_serial"),
        CheckConstraint("number IS NOT NULL OR state IN ('draft', 'void')", name="signed_has_number"),
        length_check("demand", 2000),
        length_check("feedback", 4000),
        length_check("scan_name", 255),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[NoticeState] = mapped_column(code(NoticeState, "state"))
    number: Mapped[str | None] = mapped_column(String(60))
    year: Mapped[int | None]
    serial: Mapped[int | None]
    demand: Mapped[str] = mapped_column(Text)
    feedback_due_on: Mapped[date]
    rule: Mapped[str] = mapped_column(String(200), default="")
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime]
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_on: Mapped[date | None]
    signature_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    scan_name: Mapped[str] = mapped_column(String(255), default="")
    scan_sha256: Mapped[str] = mapped_column(String(64), default="")
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    feedback: Mapped[str] = mapped_column(Text, default="")
    feedback_at: Mapped[datetime | None]
    feedback_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_feedback_for_others: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship()
    drafted_by: Mapped[Person | None] = relationship(foreign_keys=drafted_by_id)
    signer: Mapped[Person | None] = relationship(foreign_keys=signer_id)
    signature_by: Mapped[Person | None] = relationship(foreign_keys=signature_by_id)
    sent_by: Mapped[Person | None] = relationship(foreign_keys=sent_by_id)
    feedback_by: Mapped[Person | None] = relationship(foreign_keys=feedback_by_id)
    lines: Mapped[list["NoticeItem"]] = relationship(
        back_populates="notice", cascade="all, delete-orphan", order_by="NoticeItem.position"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def subject(self) -> Addressed:
        """What the permission table asks."""
        return Addressed(self.unit_id)


class NoticeItem(Base):
    """An item on a notice; the deadline is kept as it was when the notice was signed."""

    __tablename__ = "notice_item"
    __table_args__ = (Index(None, "item_id"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("supervision_notice.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    position: Mapped[int]
    due_on: Mapped[date | None]
    due_text: Mapped[str] = mapped_column(String(200), default="")

    notice: Mapped[SupervisionNotice] = relationship(back_populates="lines")
    item: Mapped[Item] = relationship()


class NoticeSeries(Base):
    """The last number given in a year; locked while the next one is taken."""

    __tablename__ = "notice_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
