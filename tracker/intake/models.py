"""Drafts of intakes: what a person has read in and corrected, kept until confirmed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code
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
