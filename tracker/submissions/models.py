"""Forms that a superior wants filled, and every issue that was made of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, length_check
from tracker.org.models import Person
from tracker.sources.models import Source


class SubmissionForm(Base):
    """A superior's blank with what its columns mean.

    ``file_sha256`` is the blank as it came. ``sheet``, ``first_row`` and ``last_row`` tell where its rows go;
    ``columns`` is a JSON list of objects with ``column`` (from 1), ``words`` (its heading) and ``prints``, the heading
    of the column of ours that is printed there, empty for one that stays empty.
    """

    __tablename__ = "submission_form"
    __table_args__ = (
        Index(None, "source_id"),
        length_check("title", 200),
        length_check("recipient", 200),
        length_check("file_name", 255),
        CheckConstraint("first_row > 0 AND last_row >= first_row", name="rows_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    title: Mapped[str] = mapped_column(String(200))
    recipient: Mapped[str] = mapped_column(String(200), default="")
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    sheet: Mapped[str] = mapped_column(String(100))
    first_row: Mapped[int]
    last_row: Mapped[int]
    columns: Mapped[str] = mapped_column(Text)
    drawn_up_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    source: Mapped[Source] = relationship()
    issues: Mapped[list["Submission"]] = relationship(back_populates="form", order_by="Submission.issue.desc()")
    __mapper_args__ = {"version_id_col": version}


class Submission(Base):
    """Issue n of a form: the file as it was made, what stood in it, and when it was handed in.

    ``rows`` is a JSON object of item numbers to objects of headings to texts, read only when it is asked for.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("form_id", "issue"),
        length_check("file_name", 255),
        length_check("signed_by", 100),
        length_check("note", 1000),
        CheckConstraint("closed <= total", name="closed_of_total"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("submission_form.id"))
    issue: Mapped[int]
    as_of: Mapped[date]
    due_on: Mapped[date | None]
    rows: Mapped[str] = mapped_column(Text, deferred=True)
    total: Mapped[int]
    closed: Mapped[int]
    left_out: Mapped[int] = mapped_column(default=0)
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    signed_by: Mapped[str] = mapped_column(String(100), default="")
    handed_in_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    scan_name: Mapped[str] = mapped_column(String(255), default="")
    scan_sha256: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)

    form: Mapped[SubmissionForm] = relationship(back_populates="issues")
    by: Mapped[Person] = relationship()
    __mapper_args__ = {"version_id_col": version}
