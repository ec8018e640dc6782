"""Requests to change what was issued, field by field with old and new."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.amendments.rules import OPINION_MAX, REASON_MAX, TEXT_MAX, Amended, AmendmentState
from tracker.core.db import Base, code, length_check
from tracker.items.models import Decided, Item
from tracker.org.models import Person


class Amendment(Decided, Base):
    """A unit asks and the office decides; what the office itself asks (``is_by_office``) names the leader who approved.

    At most one of an item is pending.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        Index(
            "ix_amendment_pending",
            "item_id",
            unique=True,
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        Index(None, "item_id", "asked_at"),
        CheckConstraint("state NOT IN ('approved', 'refused') OR decided_at IS NOT NULL", name="decided_has_time"),
        length_check("reason", REASON_MAX),
        length_check("opinion", OPINION_MAX),
        length_check("body", 120),
        length_check("scan_name", 255),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    reason: Mapped[str] = mapped_column(Text)
    is_by_office: Mapped[bool]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    state: Mapped[AmendmentState] = mapped_column(code(AmendmentState, "state"), default=AmendmentState.PENDING)
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=asked_by_id)
    asked_for: Mapped[Person | None] = relationship(foreign_keys=asked_for_id)
    lines: Mapped[list["AmendmentLine"]] = relationship(back_populates="amendment", order_by="AmendmentLine.id")
    __mapper_args__ = {"version_id_col": version}

    @property
    def askers(self) -> frozenset[int | None]:
        """Who asked, and whom they acted for."""
        return frozenset({self.asked_by_id, self.asked_for_id} - {None})


class AmendmentLine(Base):
    """One field with what stands and what is to stand, as people read it; measures one per line."""

    __tablename__ = "amendment_line"
    __table_args__ = (
        Index("uq_amendment_line_amendment_id_field", "amendment_id", "field", unique=True),
        length_check("before", TEXT_MAX),
        length_check("after", TEXT_MAX),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"))
    field: Mapped[Amended] = mapped_column(code(Amended, "field"))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)

    amendment: Mapped[Amendment] = relationship(back_populates="lines")
