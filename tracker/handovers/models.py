"""Handovers as they were made, for the list to sign."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.handovers.rules import Duty
from tracker.org.models import Person


class Handover(Base):
    """What one person handed over to another at once."""

    __tablename__ = "handover"
    __table_args__ = (
        Index(None, "from_id"),
        length_check("reason", 1000),
        CheckConstraint("from_id <> to_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)

    giver: Mapped[Person] = relationship(foreign_keys=from_id)
    taker: Mapped[Person] = relationship(foreign_keys=to_id)
    by: Mapped[Person | None] = relationship(foreign_keys=by_id)
    lines: Mapped[list["HandoverLine"]] = relationship(order_by="HandoverLine.position")


class HandoverLine(Base):
    """One thing that was handed over, as it was called then."""

    __tablename__ = "handover_line"

    handover_id: Mapped[int] = mapped_column(ForeignKey("handover.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    duty: Mapped[Duty] = mapped_column(code(Duty, "duty"))
    number: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
