"""Requests to move a deadline, and what each level said of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.extensions.rules import OPINION_MAX, REASON_MAX, ExtensionState, Level, Verdict
from tracker.items.models import Decided, Item
from tracker.org.models import Person, Unit


class Extension(Base):
    """A unit asks for a later deadline. At most one of an item is pending.

    ``nth`` is which extension it would be once granted; ``due_on`` the deadline at the time of asking, ``asked_until``
    the one asked for, ``granted_until`` the one granted. ``waits_for`` is the level whose turn it is.
    """

    __tablename__ = "extension"
    __table_args__ = (
        Index(
            "ix_extension_pending",
            "item_id",
            unique=True,
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        Index(None, "item_id", "asked_at"),
        Index(None, "state", "waits_for"),
        CheckConstraint("(state = 'pending') = (waits_for IS NOT NULL)", name="pending_waits"),
        CheckConstraint("(state IN ('granted', 'undone')) = (granted_until IS NOT NULL)", name="granted_has_day"),
        CheckConstraint("asked_until > due_on", name="asked_later"),
        length_check("reason", REASON_MAX),
        length_check("progress", REASON_MAX),
        length_check("safeguards", REASON_MAX),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    nth: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    asked_until: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    progress: Mapped[str] = mapped_column(Text)
    safeguards: Mapped[str] = mapped_column(Text)
    state: Mapped[ExtensionState] = mapped_column(code(ExtensionState, "state"))
    waits_for: Mapped[Level | None] = mapped_column(code(Level, "waits_for"))
    granted_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    unit: Mapped[Unit | None] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=asked_by_id)
    asked_for: Mapped[Person | None] = relationship(foreign_keys=asked_for_id)
    steps: Mapped[list["ExtensionStep"]] = relationship(back_populates="extension", order_by="ExtensionStep.position")
    __mapper_args__ = {"version_id_col": version}

    @property
    def askers(self) -> frozenset[int | None]:
        """Who asked, and whom they acted for."""
        return frozenset({self.asked_by_id, self.asked_for_id} - {None})

    @property
    def step(self) -> "ExtensionStep | None":
        """The step whose turn it is."""
        return next((each for each in self.steps if each.verdict is None), None) if self.waits_for else None

    @property
    def proposed_until(self) -> date:
        """The day that stands now: granted by the last level that spoke, else asked for."""
        said = [each.until for each in self.steps if each.until is not None]
        return said[-1] if said else self.asked_until


class ExtensionStep(Decided, Base):
    """One level of an extension; decided at most once, with the day it grants."""

    __tablename__ = "extension_step"
    __table_args__ = (
        UniqueConstraint("extension_id", "position"),
        CheckConstraint("(verdict = 'grant') = (until IS NOT NULL) OR verdict IS NULL", name="grant_has_day"),
        length_check("opinion", OPINION_MAX),
        length_check("body", 120),
        length_check("scan_name", 255),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    extension_id: Mapped[int] = mapped_column(ForeignKey("extension.id"))
    position: Mapped[int]
    kind: Mapped[Level] = mapped_column(code(Level, "kind"))
    verdict: Mapped[Verdict | None] = mapped_column(code(Verdict, "verdict"))
    until: Mapped[date | None]

    extension: Mapped[Extension] = relationship(back_populates="steps")
