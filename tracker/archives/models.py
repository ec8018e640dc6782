"""Archives of sources, and every file in them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.archives.rules import NAME_LIMIT, NUMBER_LIMIT, REASON_LIMIT, TITLE_LIMIT, Part
from tracker.core.db import Base, code, length_check
from tracker.items.models import Item
from tracker.org.models import Person
from tracker.sources.models import Source


class Archive(Base):
    """A source that was filed away; read-only from ``archived_at`` until it is lifted (撤销归档), which keeps the row.

    ``zip_sha256`` is empty while the ZIP is being made; ``chain_head`` is the hash at which the trail ended then.
    """

    __tablename__ = "archive"
    __table_args__ = (
        Index(
            "ix_archive_present",
            "source_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
            sqlite_where=text("lifted_at IS NULL"),
        ),
        Index(
            "ix_archive_number",
            "number",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
            sqlite_where=text("lifted_at IS NULL"),
        ),
        Index(None, "archived_on"),
        length_check("number", NUMBER_LIMIT),
        length_check("lift_reason", REASON_LIMIT),
        CheckConstraint("(lifted_at IS NULL) = (lift_reason = '')", name="lifted_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    number: Mapped[str] = mapped_column(String(NUMBER_LIMIT))
    archived_on: Mapped[date]
    archived_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(80))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    chain_head: Mapped[str] = mapped_column(String(64))
    folders: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
    zip_sha256: Mapped[str] = mapped_column(String(64), default="")
    zip_bytes: Mapped[int] = mapped_column(default=0)
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lift_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    source: Mapped[Source] = relationship()
    by: Mapped[Person | None] = relationship(foreign_keys=by_id)
    lifted_by: Mapped[Person | None] = relationship(foreign_keys=lifted_by_id)
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_made(self) -> bool:
        """Whether the ZIP is there."""
        return bool(self.zip_sha256)

    @property
    def is_lifted(self) -> bool:
        """Whether it holds no more."""
        return self.lifted_at is not None


class ArchiveFile(Base):
    """A file of an archive, as the list of files (归档文件目录) tells it; no item for what belongs to the source."""

    __tablename__ = "archive_file"
    __table_args__ = (
        UniqueConstraint("archive_id", "position"),
        Index(None, "archive_id", "item_id"),
        Index(None, "item_id"),
        length_check("title", TITLE_LIMIT),
        length_check("name", NAME_LIMIT),
        length_check("path", 600),
        CheckConstraint("pages > 0", name="pages_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    archive_id: Mapped[int] = mapped_column(ForeignKey("archive.id"))
    position: Mapped[int]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    part: Mapped[Part] = mapped_column(code(Part, "part"))
    code: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(600))
    title: Mapped[str] = mapped_column(String(TITLE_LIMIT))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    document_number: Mapped[str] = mapped_column(String(80), default="")
    author: Mapped[str] = mapped_column(String(200), default="")
    dated_on: Mapped[date | None]
    pages: Mapped[int | None]
    remark: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]

    archive: Mapped[Archive] = relationship()
    item: Mapped[Item | None] = relationship()
