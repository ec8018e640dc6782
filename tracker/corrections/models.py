"""Requests to put a decision right or to take a closed item up again."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.corrections.rules import OPINION_MAX, REASON_MAX, CorrectionKind, CorrectionState
from tracker.items.models import Decided, Item
from tracker.org.models import Person


class Correction(Decided, Base):
    """The office asks, another person approves. At most one of an item is pending.

    ``wrong`` is the event of the change that is taken back, ``wrong_serial`` which change of the item it is and
    ``wrong_on`` the day from which it counted; for what is taken up again they tell of its closing.
    """

    __tablename__ = "correction"
    __table_args__ = (
        Index(
            "ix_correction_pending",
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
    kind: Mapped[CorrectionKind] = mapped_column(code(CorrectionKind, "kind"))
    wrong: Mapped[str] = mapped_column(String(40))
    wrong_serial: Mapped[int]
    wrong_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    state: Mapped[CorrectionState] = mapped_column(code(CorrectionState, "state"), default=CorrectionState.PENDING)
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=asked_by_id)
    asked_for: Mapped[Person | None] = relationship(foreign_keys=asked_for_id)
    __mapper_args__ = {"version_id_col": version}

    @property
    def askers(self) -> frozenset[int | None]:
        """Who asked, and whom they acted for."""
        return frozenset({self.asked_by_id, self.asked_for_id} - {None})
