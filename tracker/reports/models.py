"""Templates of the office for reports."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, length_check
from tracker.org.models import Person

TEMPLATE_NAME_LIMIT = 60


class ReportTemplate(Base):
    """A Word template of the office under a name, which is nobody else's while it is in use.

    ``file_sha256`` is the file as it was uploaded last, by ``kept_by`` at ``kept_at``. One that ``is_retired`` is
    chosen no more and stays for the reports that were made with it.
    """

    __tablename__ = "report_template"
    __table_args__ = (
        Index(
            "uq_report_template_name",
            "name",
            unique=True,
            postgresql_where=text("NOT is_retired"),
            sqlite_where=text("NOT is_retired"),
        ),
        length_check("name", TEMPLATE_NAME_LIMIT),
        length_check("file_name", 255),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(TEMPLATE_NAME_LIMIT))
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime]
    is_retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    kept_by: Mapped[Person | None] = relationship()
    __mapper_args__ = {"version_id_col": version}
