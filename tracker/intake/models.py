"""Drafts of intakes: what a person has read in and corrected, kept until confirmed; headings that were explained."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.items.headings import Field
from tracker.org.models import Person
from tracker.sources.rules import SourceKind


class IntakeDraft(Base):
    """A text read in but not yet confirmed.

    ``paragraphs`` is a JSON list of texts, ``lines`` the outline as corrected: a JSON list of objects with
    ``kind``, ``number``, ``text``, ``paragraph`` and ``why``; ``declared`` the three declared counts; ``warnings`` a
    JSON list of what the reader doubted.
    """

    __tablename__ = "intake_draft"
    __table_args__ = (Index(None, "by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SourceKind] = mapped_column(code(SourceKind, "kind"))
    title: Mapped[str] = mapped_column(String(200))
    received_on: Mapped[date]
    issuing_body: Mapped[str] = mapped_column(String(200), default="")
    file_name: Mapped[str] = mapped_column(String(255), default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    paragraphs: Mapped[str] = mapped_column(Text)
    lines: Mapped[str] = mapped_column(Text)
    declared: Mapped[str] = mapped_column(Text)
    warnings: Mapped[str] = mapped_column(Text, default="[]")
    made_at: Mapped[datetime]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    version: Mapped[int] = mapped_column(default=1)

    by: Mapped[Person] = relationship()
    __mapper_args__ = {"version_id_col": version}


class LedgerDraft(Base):
    """A ledger that came in and is not yet carried out.

    The kept file is read anew each time; ``choices`` is a JSON object of what the person chose. Without ``title`` the
    rows must name items that are there. ``plan`` tells in JSON what carrying it out would do, ``plan_hash`` is of
    all it would write: nobody confirms anything but what was shown. ``result`` counts what was done.
    """

    __tablename__ = "ledger_draft"
    __table_args__ = (Index(None, "by_id"), length_check("title", 200), length_check("file_name", 255))

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SourceKind | None] = mapped_column(code(SourceKind, "kind"))
    title: Mapped[str] = mapped_column(String(200), default="")
    received_on: Mapped[date | None]
    issuing_body: Mapped[str] = mapped_column(String(200), default="")
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    choices: Mapped[str] = mapped_column(Text, default="{}")
    plan: Mapped[str] = mapped_column(Text, default="")
    plan_hash: Mapped[str] = mapped_column(String(64), default="")
    made_at: Mapped[datetime]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    carried_out_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    by: Mapped[Person] = relationship()
    __mapper_args__ = {"version_id_col": version}


class ColumnMeaning(Base):
    """What a heading stands for that the program does not know, as somebody once said; by ``heading_key``."""

    __tablename__ = "column_meaning"
    __table_args__ = (length_check("heading", 60),)

    heading: Mapped[str] = mapped_column(String(60), primary_key=True)
    field: Mapped[Field] = mapped_column(code(Field, "field"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime]
