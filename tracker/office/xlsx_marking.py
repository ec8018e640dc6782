"""Giving a workbook back with remarks: the same sheets, and a column that says what is wrong with which row."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tracker.office.sheets import Sheet

REMARKED = PatternFill("solid", fgColor="FFF2CC")
WIDTH = 48


def marked(stream: BinaryIO, notes: Mapping[str, Mapping[int, str]], *, heading: str) -> BytesIO:
    """The workbook with a column right of each sheet that has notes (by row); cells keep their look, formulas too."""
    book = load_workbook(stream)
    for sheet in book.worksheets:
        if sheet.title in notes:
            _mark(sheet, notes[sheet.title], heading)
    return _saved(book)


def marked_sheets(sheets: Sequence[Sheet], notes: Mapping[str, Mapping[int, str]], *, heading: str) -> BytesIO:
    """The same for a table that is no workbook: its cells as text, on the rows they had."""
    book = Workbook()
    book.remove(book.active)
    for each in sheets:
        sheet = book.create_sheet(each.name)
        for row in each.rows:
            for column, value in enumerate(row.cells, start=1):
                cell = sheet.cell(row.number, column, None if value is None else str(value))
                cell.data_type = "n" if value is None else "s"
        if each.name in notes:
            _mark(sheet, notes[each.name], heading)
    return _saved(book)


def _mark(sheet: Worksheet, notes: Mapping[int, str], heading: str) -> None:
    column = sheet.max_column + 1
    first = sheet.cell(max(min(notes, default=2) - 1, 1), column)
    first.value, first.font, first.fill = heading, Font(bold=True), REMARKED
    for row, words in notes.items():
        cell = sheet.cell(max(row, 1), column)
        cell.value, cell.data_type = words, "s"
        cell.fill, cell.alignment = REMARKED, Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[first.column_letter].width = WIDTH


def _saved(book: Workbook) -> BytesIO:
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream
