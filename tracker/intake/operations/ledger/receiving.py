"""Reading a table that came in, before any transaction: recognised by content, the file kept in the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import SEEK_END
from typing import BinaryIO

from sqlalchemy.orm import Session

from tracker.core import files
from tracker.core.errors import TooLarge
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake import queries
from tracker.intake.operations.reading import PLAIN, tables_of, word_file
from tracker.intake.rules.ledger import Base, LedgerReading, is_ledger_text, read_base, read_ledger
from tracker.office.converting import convert
from tracker.office.csv_reading import read_csv
from tracker.office.docx_reading import kind_of_ole
from tracker.office.recognition import FileKind, recognise
from tracker.office.sheets import Sheet
from tracker.office.unreadable import XLSX, Unreadable, UnreadableFile


@dataclass(frozen=True)
class Table:
    """A table that came in: its sheets, and the file it was kept as."""

    sheets: Sequence[Sheet]
    file_name: str = ""
    file_sha256: str = ""

    @property
    def base(self) -> Base:
        """The words of the list as it was handed out, if it came from here."""
        return read_base(self.sheets)

    def read(self, session: Session, received_on: date | None) -> LedgerReading:
        """The ledger in it, headings understood as people explained them before."""
        return read_ledger(self.sheets, received_on=received_on, mapped=queries.column_meanings(session))


def is_table(stream: BinaryIO, name: str) -> bool:
    """Whether a file holds a table and not a text.

    So do a workbook, new or old, plain text called .csv, and a Word file whose tables are a ledger.
    """
    kind, ending = recognise(stream), name.lower()
    if kind is FileKind.ole:
        old = kind_of_ole(stream.read())
        stream.seek(0)
        return old is Unreadable.old_workbook or (old is Unreadable.old_word and _is_ledger_text(stream))
    if kind is FileKind.docx:
        return _is_ledger_text(stream)
    return kind is FileKind.xlsx or (kind in PLAIN and ending.endswith((".csv", ".tsv")))


def _is_ledger_text(stream: BinaryIO) -> bool:
    """Whether a Word file holds a ledger; one that can't be read is none, and its reader says why."""
    try:
        word = word_file(stream)
    except UnreadableFile:
        return False
    finally:
        stream.seek(0)
    return is_ledger_text(tables_of(word), word.paragraphs)


def read_sheets(stream: BinaryIO) -> list[Sheet]:
    """Read a workbook, the tables of a Word file or a table kept as text; nothing is kept.

    Old office files are read where LibreOffice is installed. Raises UnreadableFile at the field ``file``.
    """
    try:
        kind = recognise(stream)
        if kind in PLAIN:
            return [read_csv(stream.read(), name="CSV")]
        if kind is FileKind.docx or (kind is FileKind.ole and _is_old_word(stream)):
            return _tables(stream)
        return _workbook(stream)
    except UnreadableFile as error:
        raise UnreadableFile(error.code, wanted=error.wanted, field="file") from error


def _is_old_word(stream: BinaryIO) -> bool:
    kind = kind_of_ole(stream.read())
    stream.seek(0)
    return kind is Unreadable.old_word


def _tables(stream: BinaryIO) -> list[Sheet]:
    sheets = [sheet for sheet in tables_of(word_file(stream)) if sheet.rows]
    if not sheets:
        raise UnreadableFile(Unreadable.document, wanted=XLSX)
    return sheets


def _workbook(stream: BinaryIO) -> list[Sheet]:
    from tracker.office.xlsx_reading import read_workbook

    try:
        return read_workbook(stream)
    except UnreadableFile as error:
        converted = convert(stream, XLSX) if error.code is Unreadable.old_workbook else None
        if converted is None:
            raise
        return read_workbook(converted)


def receive_table(stream: BinaryIO, name: str, *, limit_bytes: int) -> Table:
    """Read an uploaded table and keep its bytes; raises TooLarge past the limit, UnreadableFile for no table."""
    if stream.seek(0, SEEK_END) > limit_bytes:
        message = _l("文件超过 %(limit)d MB 的上限，请拆成几个文件再上传。", limit=limit_bytes >> 20)
        raise TooLarge(message, field="file")
    sheets = read_sheets(stream)
    stream.seek(0)
    stored = files.store(stream, limit_bytes=limit_bytes)
    return Table(sheets, files.bare_name(name), stored.sha256)


def kept_table(sha256: str, name: str) -> Table:
    """Read a table that was kept. Raises NotFound when it is gone."""
    with files.path_of(sha256).open("rb") as stream:
        return Table(read_sheets(stream), name, sha256)
