"""Sources with their outline, closing chain and the text they were read from."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.org.models import Person, Unit
from tracker.sources.rules import Counting, Level, MilestoneKind, SourceKind, StepKind


class Source(Base):
    """One round of feedback, one meeting, one plan.

    ``last_serial`` is the last number given to an item; numbers are never reused. The switches are
    the 口径: whether an item kept up for ever may be closed at its date, and whether what is sustained stays out of the
    denominators of rates; ``counting`` is that of figures about this source.
    """

    __tablename__ = "source"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("kind", "title", "received_on"),
        length_check("title", 200),
        CheckConstraint("at_once_days > 0", name="at_once_days_positive"),
        CheckConstraint("check_months > 0", name="check_months_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[SourceKind] = mapped_column(code(SourceKind, "kind"))
    title: Mapped[str] = mapped_column(String(200))
    year: Mapped[int]
    round: Mapped[int]
    received_on: Mapped[date]
    issuing_body: Mapped[str] = mapped_column(String(200), default="")
    accountable_body: Mapped[str] = mapped_column(String(200), default="")
    document_number: Mapped[str] = mapped_column(String(80), default="")
    at_once_days: Mapped[int] = mapped_column(default=15)
    check_months: Mapped[int] = mapped_column(default=3)
    closes_when_sustained: Mapped[bool] = mapped_column(default=True)
    leaves_out_sustained: Mapped[bool] = mapped_column(default=False)
    counting: Mapped[Counting] = mapped_column(code(Counting, "counting"), default=Counting.WHOLES)
    declared_aspects: Mapped[int | None]
    declared_categories: Mapped[int | None]
    declared_problems: Mapped[int | None]
    last_serial: Mapped[int] = mapped_column(default=0)
    file_name: Mapped[str] = mapped_column(String(255), default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    drawn_up_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    sections: Mapped[list["Section"]] = relationship(back_populates="source", order_by="Section.position")
    steps: Mapped[list["ClosingStep"]] = relationship(
        back_populates="source", order_by="ClosingStep.position", cascade="all, delete-orphan"
    )
    readers: Mapped[list["SourceReader"]] = relationship(
        cascade="all, delete-orphan", order_by="SourceReader.person_id"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def reader_ids(self) -> frozenset[int]:
        """Whom the list of readers names; nobody where there is none."""
        return frozenset(each.person_id for each in self.readers)


class SourceReader(Base):
    """Somebody who alone, with the others named, may know of a source and of its items (知悉范围)."""

    __tablename__ = "source_reader"
    __table_args__ = (Index(None, "person_id"),)

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)

    person: Mapped[Person] = relationship()


class Section(Base):
    """A heading of the outline: an aspect, or a category below one (or on its own)."""

    __tablename__ = "section"
    __table_args__ = (length_check("title", 500),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"), index=True)
    level: Mapped[Level] = mapped_column(code(Level, "level"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(500))

    source: Mapped[Source] = relationship(back_populates="sections")
    parent: Mapped["Section | None"] = relationship(remote_side="Section.id")


class ClosingStep(Base):
    """One step of the chain that closes the source's items, and who alone decides it where somebody is named."""

    __tablename__ = "closing_step"
    __table_args__ = (UniqueConstraint("source_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    position: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(code(StepKind, "kind"))
    named_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    source: Mapped[Source] = relationship(back_populates="steps")
    named: Mapped[Person | None] = relationship()


class SourceDocument(Base):
    """A paper filed beside a source, such as the signed scan of its plan; taken off it, it is kept all the same."""

    __tablename__ = "source_document"
    __table_args__ = (
        Index(None, "source_id"),
        length_check("title", 200),
        length_check("file_name", 255),
        CheckConstraint("size_bytes > 0", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    title: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    by: Mapped[Person | None] = relationship()


class HandedIn:
    """What was handed in at a milestone: the day, number and file; empty until it was."""

    handed_in_on: Mapped[date | None]
    document_number: Mapped[str] = mapped_column(String(80), default="")
    file_name: Mapped[str] = mapped_column(String(255), default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int]


class SourceMilestone(HandedIn, Base):
    """A date that the source itself has to keep, and who answers for it: a person, a unit, else the office.

    ``set_on`` is the day on which the date was laid down or moved last; nothing before it is reminded of.
    """

    __tablename__ = "source_milestone"
    __table_args__ = (UniqueConstraint("source_id", "kind", "title"), Index(None, "due_on"), length_check("title", 200))

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    kind: Mapped[MilestoneKind] = mapped_column(code(MilestoneKind, "kind"))
    title: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    set_on: Mapped[date]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    source: Mapped[Source] = relationship()
    unit: Mapped[Unit | None] = relationship()
    owner: Mapped[Person | None] = relationship()
    __mapper_args__ = {"version_id_col": version}


class SourceParagraph(Base):
    """A paragraph of the feedback text, kept word for word for ever."""

    __tablename__ = "source_paragraph"

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    index: Mapped[int] = mapped_column("paragraph_index", primary_key=True)
    text: Mapped[str] = mapped_column(Text)
