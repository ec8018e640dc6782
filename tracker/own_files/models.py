"""Reports of the office's own into which the section on rectification is written anew."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, length_check
from tracker.org.models import Person
from tracker.own_files.rules.marks import NO_MARKS
from tracker.reports.models import Report


class OwnFile(Base):
    """A report as it was uploaded, with what is marked in it.

    The report is to be about ``year`` with figures as of ``as_of``. ``report_id`` is the report whose text is put
    in, with its own day and decimals; None lets it be written from the ledger. ``marks`` is a JSON object, see
    ``rules.marks``.
    """

    __tablename__ = "report_own_file"
    __table_args__ = (
        Index(None, "by_id"),
        length_check("file_name", 255),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year_of_reports"),
        CheckConstraint("decimals BETWEEN 0 AND 2", name="decimals_of_rates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    year: Mapped[int]
    as_of: Mapped[date]
    decimals: Mapped[int]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    marks: Mapped[str] = mapped_column(Text, default=NO_MARKS)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_in_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    by: Mapped[Person | None] = relationship()
    report: Mapped[Report | None] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def figures_as_of(self) -> date:
        """The day of the figures: that of the report whose text is put in, as it is now."""
        return self.report.as_of if self.report else self.as_of
