"""Reading tables kept as text (.csv), whichever program and code page wrote them."""

import csv
from io import StringIO

from tracker.office.sheets import COLUMNS_LIMIT, ROWS_LIMIT, Row, Sheet
from tracker.office.text_reading import decode
from tracker.office.unreadable import XLSX, Unreadable, UnreadableFile

SEPARATORS = ",\t;|"
CELL_LIMIT = 1 << 20


def read_csv(data: bytes, *, name: str = "") -> Sheet:
    """Read a table of text cells: UTF-8 with or without its mark, UTF-16 or GB18030; the separator is found out.

    Quotes embrace cells with separators or line breaks. Raises ``UnreadableFile``.
    """
    if not data:
        raise UnreadableFile(Unreadable.empty, wanted=XLSX)
    try:
        text = decode(data)
    except UnreadableFile as error:
        raise UnreadableFile(error.code, wanted=XLSX) from error
    # The module's own limit, 128 KiB, is for all readers of a process; ours asks for more and checks later.
    csv.field_size_limit(max(csv.field_size_limit(), CELL_LIMIT))
    try:
        rows = _rows(text)
    except csv.Error as error:
        raise UnreadableFile(Unreadable.broken, wanted=XLSX) from error
    if any(len(row.cells) > COLUMNS_LIMIT for row in rows):
        raise UnreadableFile(Unreadable.too_many_columns, wanted=XLSX)
    return Sheet(name, rows)


def _rows(text: str) -> list[Row]:
    rows: list[Row] = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text))
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append(Row(reader.line_num, tuple(cell or None for cell in cells)))
        if len(rows) > ROWS_LIMIT:
            raise UnreadableFile(Unreadable.too_many_rows, wanted=XLSX)
    return rows


def _separator(text: str) -> str:
    """The sign that parts most lines into equally many cells; a comma when there is no table to see."""
    head = "\n".join(text.splitlines()[:60])

    def agreement(separator: str) -> int:
        widths = [len(cells) for cells in csv.reader(StringIO(head, newline=""), delimiter=separator) if cells]
        return max((widths.count(width) for width in set(widths) if width > 1), default=0)

    return max(SEPARATORS, key=lambda separator: (agreement(separator), separator == ","))
