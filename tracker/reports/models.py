"""Reports with their text and facts, earlier texts of them, and the wordings and Word templates of the office."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.org.models import Person, Unit
from tracker.reports.kinds import (
    NAME_LIMIT,
    NUMBER_LIMIT,
    SIGNER_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Edition,
    ReportKind,
    ReportState,
)
from tracker.sources.models import Source


class Report(Base):
    """A report on what was put right in a period, about a unit with all below it (None: the whole organ).

    ``text`` is the draft with its figures (``texts``), ``facts`` what it was written from (``facts_text``) as of
    ``as_of`` and as known at ``known_at``; ``held`` the figures that were not taken over when the facts were read
    anew, ``refused`` the sentences that the wording had to leave out, ``typical`` the numbers of the items that were
    chosen as typical by hand. ``template`` is what its file is made with: the name of a shipped Word template, the
    id of one of the office, or empty for the plain form with tables. ``of_id`` is the report that it is another edition
    of. An issued one never changes: ``file_sha256`` is the file as it went out, ``text_hash`` seals text, title,
    edition, number, signer and day, ``facts_hash`` the facts; ``trail_head`` is where the trail ended then.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index(None, "as_of"),
        length_check("title", TITLE_LIMIT),
        length_check("text", TEXT_LIMIT),
        length_check("wording", NAME_LIMIT),
        length_check("template", NAME_LIMIT),
        length_check("number", NUMBER_LIMIT),
        length_check("signer", SIGNER_LIMIT),
        CheckConstraint("first_on <= as_of", name="period"),
        CheckConstraint("decimals BETWEEN 0 AND 2", name="decimals"),
        CheckConstraint("(state = 'issued') = (issued_at IS NOT NULL)", name="issued"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReportKind] = mapped_column(code(ReportKind, "kind"))
    edition: Mapped[Edition] = mapped_column(code(Edition, "edition"), default=Edition.ABOVE)
    state: Mapped[ReportState] = mapped_column(code(ReportState, "state"), default=ReportState.DRAFT)
    title: Mapped[str] = mapped_column(String(TITLE_LIMIT))
    first_on: Mapped[date]
    as_of: Mapped[date]
    known_at: Mapped[datetime]
    decimals: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    wording: Mapped[str] = mapped_column(String(NAME_LIMIT))
    template: Mapped[str] = mapped_column(String(NAME_LIMIT), default="")
    text: Mapped[str] = mapped_column(Text)
    facts: Mapped[str] = mapped_column(Text)
    held: Mapped[str] = mapped_column(Text, default="{}")
    refused: Mapped[str] = mapped_column(Text, default="[]")
    typical: Mapped[str] = mapped_column(Text, default="[]")
    of_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    number: Mapped[str] = mapped_column(String(NUMBER_LIMIT), default="")
    signer: Mapped[str] = mapped_column(String(SIGNER_LIMIT), default="")
    issued_on: Mapped[date | None]
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    issued_by_name: Mapped[str] = mapped_column(String(80), default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    text_hash: Mapped[str] = mapped_column(String(64), default="")
    facts_hash: Mapped[str] = mapped_column(String(64), default="")
    trail_head: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit | None] = relationship()
    written_by: Mapped[Person | None] = relationship(foreign_keys=written_by_id)
    sources: Mapped[list["ReportSource"]] = relationship(
        order_by="ReportSource.source_id", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def year(self) -> int:
        """The year that is reported on."""
        return self.as_of.year

    @property
    def source_ids(self) -> tuple[int, ...]:
        """The sources that it is about; none means all of the period."""
        return tuple(each.source_id for each in self.sources)


class ReportSource(Base):
    """A source that a report is about."""

    __tablename__ = "report_source"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True, index=True)

    source: Mapped[Source] = relationship()


class ReportItem(Base):
    """An item that a report tells of: one of its facts."""

    __tablename__ = "report_item"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, index=True)


class ReportText(Base):
    """The text of a report as it was before somebody changed it."""

    __tablename__ = "report_text"
    __table_args__ = (UniqueConstraint("report_id", "serial"), length_check("text", TEXT_LIMIT))

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    serial: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by_name: Mapped[str] = mapped_column(String(80))


class ReportWording(Base):
    """A wording of the office for one kind of report, beside those that are shipped."""

    __tablename__ = "report_wording"
    __table_args__ = (
        UniqueConstraint("kind", "name"),
        length_check("name", NAME_LIMIT),
        length_check("text", 20_000),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReportKind] = mapped_column(code(ReportKind, "kind"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    text: Mapped[str] = mapped_column(Text)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


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
        length_check("name", NAME_LIMIT),
        length_check("file_name", 255),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime]
    is_retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    kept_by: Mapped[Person | None] = relationship()
    __mapper_args__ = {"version_id_col": version}
