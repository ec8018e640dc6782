"""Meetings with their agenda, what was frozen for them, and what they decided."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.items.models import Item
from tracker.items.rules import ItemKind
from tracker.meetings.rules import NAME_LIMIT, TEXT_LIMIT, TITLE_LIMIT, MeetingKind, PointKind
from tracker.org.models import Person, Unit
from tracker.sources.models import Source


class Meeting(Base):
    """A meeting on what is put right: about a unit with all below it (None: the whole organ), one source, one kind.

    ``as_of`` is the day of its figures. Once the minutes are issued (``minutes_issued_on``) nothing changes any more;
    ``produced_id`` is the source that its decisions then became.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        Index(None, "held_on"),
        length_check("title", TITLE_LIMIT),
        length_check("host", NAME_LIMIT),
        length_check("attendees", TEXT_LIMIT),
        length_check("minutes_number", 80),
        CheckConstraint("as_of <= held_on", name="as_of_before"),
        CheckConstraint("minutes_issued_on IS NOT NULL OR produced_id IS NULL", name="minutes_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MeetingKind] = mapped_column(code(MeetingKind, "kind"))
    title: Mapped[str] = mapped_column(String(TITLE_LIMIT))
    held_on: Mapped[date]
    as_of: Mapped[date]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    item_kind: Mapped[ItemKind | None] = mapped_column(code(ItemKind, "item_kind"))
    host: Mapped[str] = mapped_column(Text, default="")
    attendees: Mapped[str] = mapped_column(Text, default="")
    called_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime]
    minutes_number: Mapped[str] = mapped_column(String(80), default="")
    minutes_issued_on: Mapped[date | None]
    produced_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit | None] = relationship()
    source: Mapped[Source | None] = relationship(foreign_keys=source_id)
    produced: Mapped[Source | None] = relationship(foreign_keys=produced_id)
    points: Mapped[list["MeetingPoint"]] = relationship(
        order_by="MeetingPoint.position", cascade="all, delete-orphan", back_populates="meeting"
    )
    decisions: Mapped[list["MeetingDecision"]] = relationship(
        order_by="MeetingDecision.position", back_populates="meeting"
    )
    freezes: Mapped[list["MeetingFreeze"]] = relationship(
        order_by="MeetingFreeze.serial.desc()", back_populates="meeting", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}


class MeetingPoint(Base):
    """A point of the agenda."""

    __tablename__ = "meeting_point"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        length_check("title", TITLE_LIMIT),
        length_check("note", TEXT_LIMIT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int]
    kind: Mapped[PointKind] = mapped_column(code(PointKind, "kind"))
    title: Mapped[str] = mapped_column(String(TITLE_LIMIT))
    note: Mapped[str] = mapped_column(Text, default="")

    meeting: Mapped[Meeting] = relationship(back_populates="points")


class MeetingFreeze(Base):
    """What a meeting looks at, kept as it stood.

    ``content`` is ``frozen.Frozen`` as text, read only when it is asked for, ``content_hash`` its SHA-256, ``known_at``
    the instant whose knowledge it holds. The last one of a meeting counts; those before stay.
    """

    __tablename__ = "meeting_freeze"
    __table_args__ = (
        UniqueConstraint("meeting_id", "serial"),
        length_check("reason", TEXT_LIMIT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    serial: Mapped[int]
    as_of: Mapped[date]
    known_at: Mapped[datetime]
    content: Mapped[str] = mapped_column(Text, deferred=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    items: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text, default="")

    meeting: Mapped[Meeting] = relationship(back_populates="freezes")


class MeetingDecision(Base):
    """What a meeting decided, in one line: what, who leads and helps, by when, how one will see that it is done.

    ``deadline_text`` is as typed; without one the lead unit is asked (``asked_at``) and ``given_by_id`` answered. The
    minutes make it ``item_id``, a draft. One that was taken back keeps its number and says why.
    """

    __tablename__ = "meeting_decision"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        Index(None, "lead_unit_id"),
        length_check("text", TEXT_LIMIT),
        length_check("acceptance", NAME_LIMIT),
        length_check("deadline_text", 200),
        length_check("dropped_reason", NAME_LIMIT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    deadline_text: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date | None]
    acceptance: Mapped[str] = mapped_column(Text, default="")
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), unique=True)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    dropped_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship(back_populates="decisions")
    lead_unit: Mapped[Unit] = relationship()
    item: Mapped[Item | None] = relationship()
    given_by: Mapped[Person | None] = relationship(foreign_keys=given_by_id)
    supports: Mapped[list["DecisionSupport"]] = relationship(
        order_by="DecisionSupport.position", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_dropped(self) -> bool:
        """Whether it was taken back."""
        return bool(self.dropped_reason)


class DecisionSupport(Base):
    """A unit that helps with a decision."""

    __tablename__ = "meeting_decision_support"

    decision_id: Mapped[int] = mapped_column(ForeignKey("meeting_decision.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    position: Mapped[int]

    unit: Mapped[Unit] = relationship()
