"""Measures, entries, evidence and outcomes of items."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.core.filetypes import UNKNOWN_TYPE, FileType, of_type
from tracker.items.models import Item
from tracker.org.models import Person
from tracker.progress.rules import EntryStanding, OutcomeKind


class Measure(Base):
    """A line of what will be done; ``dated_on`` is the day on which its date was laid down or moved last."""

    __tablename__ = "measure"
    __table_args__ = (Index(None, "item_id", "position"), Index(None, "due_on"), length_check("text", 1000))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    dated_on: Mapped[date | None]
    done_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    owner: Mapped[Person | None] = relationship()
    __mapper_args__ = {"version_id_col": version}


class Entry(Base):
    """A dated report of progress by one unit; ``unit_id`` tells a cooperating unit's own line from the lead's.

    ``by_id`` is None for what the system itself took from a ledger. Where a source has a rhythm the office reviews
    it: ``standing``, and why it was returned. ``obstacle`` and ``next_step`` may be told beside the text, for meetings.
    ``is_unchanged`` marks a report that nothing changed, its reason as text; ``is_joint`` one that was written on the
    item's carrier (并案).
    """

    __tablename__ = "entry"
    __table_args__ = (
        Index(None, "item_id", "made_at"),
        length_check("text", 4000),
        length_check("obstacle", 1000),
        length_check("next_step", 1000),
        length_check("return_reason", 1000),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    obstacle: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    is_for_others: Mapped[bool] = mapped_column(default=False)
    is_unchanged: Mapped[bool] = mapped_column(default=False)
    is_joint: Mapped[bool] = mapped_column(default=False)
    standing: Mapped[EntryStanding] = mapped_column(code(EntryStanding, "standing"), default=EntryStanding.FREE)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None]
    return_reason: Mapped[str] = mapped_column(Text, default="")

    item: Mapped[Item] = relationship()
    by: Mapped[Person | None] = relationship(foreign_keys=by_id)
    reviewed_by: Mapped[Person | None] = relationship(foreign_keys=reviewed_by_id)


class Evidence(Base):
    """A file that proves something: number within the item, name as uploaded, bytes by hash, type by content.

    Who removes it leaves the row and the bytes. ``is_joint`` marks a file that was added to the item's carrier (并案).
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("item_id", "serial"),
        length_check("name", 255),
        CheckConstraint("size_bytes > 0", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    serial: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(120), default=UNKNOWN_TYPE)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_for_others: Mapped[bool] = mapped_column(default=False)
    is_joint: Mapped[bool] = mapped_column(default=False)

    item: Mapped[Item] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=by_id)

    @property
    def type(self) -> FileType:
        """What its content is."""
        return of_type(self.media_type)


class Outcome(Base):
    """A counted result of an item."""

    __tablename__ = "outcome"
    __table_args__ = (Index(None, "item_id"), CheckConstraint("amount > 0", name="positive"), length_check("note", 400))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    kind: Mapped[OutcomeKind] = mapped_column(code(OutcomeKind, "kind"))
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    note: Mapped[str] = mapped_column(Text, default="")
    counted_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    item: Mapped[Item] = relationship()


class JointHandling(Base):
    """An item that shares measures and evidence of its carrier (并案), from when to when, why, by whom.

    ``own_measures`` is what the item itself had, as JSON, for the day on which it is undone.
    """

    __tablename__ = "joint_handling"
    __table_args__ = (
        Index(
            "ix_joint_handling_open",
            "item_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index(None, "item_id"),
        Index(None, "carrier_id"),
        CheckConstraint("item_id <> carrier_id", name="two_items"),
        length_check("reason", 1000),
        length_check("end_reason", 1000),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    carrier_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    reason: Mapped[str] = mapped_column(Text)
    own_measures: Mapped[str] = mapped_column(Text)
    joined_at: Mapped[datetime]
    joined_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    joined_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    end_reason: Mapped[str] = mapped_column(Text, default="")

    item: Mapped[Item] = relationship(foreign_keys=item_id)
    carrier: Mapped[Item] = relationship(foreign_keys=carrier_id)
