"""Filling a blank workbook with rows: its look, its order and whatever stands around them stay as they are."""

from collections.abc import Sequence
from copy import copy
from datetime import date
from io import BytesIO
from math import ceil
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from tracker.office.docx_tables import characters
from tracker.office.docx_writing import clean
from tracker.office.filling import Cell, Space, Words, changed, runs_of_equal
from tracker.office.unreadable import XLSX, Unreadable, UnreadableFile
from tracker.office.xlsx_shifting import put_in_rows
from tracker.office.xlsx_writing import HIGHEST, cut

DAY_FORMAT = 'yyyy"年"m"月"d"日"'
# Of a column that says nothing, in figures of the usual font; and of text, in points, that says nothing either.
USUAL_WIDTH, USUAL_POINTS = 8.43, 11.0
LEADING = 1.35
# Cells that are looked at for blanks, at most: a form is a page, not a table of data.
SEARCHED_ROWS, SEARCHED_COLUMNS = 2_000, 200


def fill_workbook(stream: BinaryIO, space: Space, rows: Sequence[Sequence[Cell]], words: Words) -> bytes:
    """The workbook with these rows in their space and its blanks filled in.

    What stands below the space moves down when the rows need more of it; a row that is put in looks like the first
    one and reckons as it does. Texts never become formulas. Raises ``UnreadableFile`` when the workbook or its sheet
    is not what it was.
    """
    try:
        book = load_workbook(stream)
    except Exception as error:
        # Whatever a broken file makes it raise: KeyError, TypeError and its own among them.
        raise UnreadableFile(Unreadable.broken, wanted=XLSX) from error
    if space.sheet not in book.sheetnames:
        raise UnreadableFile(Unreadable.broken, wanted=XLSX)
    for sheet in book.worksheets:
        _fill_blanks(sheet, words)
    _Filler(book[space.sheet], space).fill(rows)
    found = BytesIO()
    book.save(found)
    return found.getvalue()


def _fill_blanks(sheet: Worksheet, words: Words) -> None:
    limits = {"max_row": min(sheet.max_row, SEARCHED_ROWS), "max_col": min(sheet.max_column, SEARCHED_COLUMNS)}
    for row in sheet.iter_rows(**limits):
        for cell in row:
            if cell.data_type == "s" and isinstance(cell.value, str) and (changes := words(cell.value)):
                cell.value = clean(changed(cell.value, changes))
                cell.data_type = "s"


class _Filler:
    def __init__(self, sheet: Worksheet, space: Space) -> None:
        self.sheet, self.space = sheet, space
        self.width = max(sheet.max_column, *space.columns)
        self.height = sheet.row_dimensions[space.first].height
        self.beside = [area for area in self._areas() if area.min_row == area.max_row == space.first]

    def _areas(self) -> list[CellRange]:
        return list(self.sheet.merged_cells.ranges)

    def fill(self, rows: Sequence[Sequence[Cell]]) -> None:
        first, last = self.space.first, self.space.last
        looks = [copy(self.sheet.cell(first, column)._style) for column in range(1, self.width + 1)]
        self._unmerge(first, last)
        if (more := len(rows) - self.space.size) > 0:
            put_in_rows(self.sheet, last, more)
        reckoned = self._reckoned()
        areas = runs_of_equal(rows, sorted(self.space.columns.index(column) for column in self.space.merged))
        for at, row in enumerate(rows):
            self._dress(first + at, looks)
            for column, formula in reckoned.items():
                self.sheet.cell(first + at, column).value = formula.translate_formula(row_delta=at)
            for place, (column, value) in enumerate(zip(self.space.columns, row, strict=True)):
                if (reach := areas.get((at, place), 1)) > 0:
                    self._write(first + at, column, value)
                if reach > 1:
                    self._merge(first + at, column, reach)
            alone = [place for place in range(len(row)) if areas.get((at, place), 1) == 1]
            self._set_height(first + at, [(self.space.columns[place], row[place]) for place in alone])
        for row_number in range(first + len(rows), last + 1):
            for column in self.space.columns:
                self._write(row_number, column, None)

    def _reckoned(self) -> dict[int, Translator]:
        """The formulas of the first row by their columns; each row that is filled gets them, speaking of itself."""
        row = self.space.first
        beside = (self.sheet.cell(row, column) for column in range(1, self.width + 1))
        cells = [cell for cell in beside if cell.data_type == "f" and cell.column not in self.space.columns]
        return {cell.column: Translator(cell.value, cell.coordinate) for cell in cells if isinstance(cell.value, str)}

    def _unmerge(self, first: int, last: int) -> None:
        for area in self._areas():
            if first <= area.min_row <= last:
                self.sheet.unmerge_cells(area.coord)

    def _dress(self, row: int, looks: Sequence[Any]) -> None:
        for column, look in enumerate(looks, start=1):
            cell = self.sheet.cell(row, column)
            cell._style = copy(look)
        for area in self.beside:
            self.sheet.merge_cells(start_row=row, end_row=row, start_column=area.min_col, end_column=area.max_col)

    def _write(self, row: int, column: int, value: Cell) -> None:
        cell = self.sheet.cell(row, column)
        if isinstance(value, str):
            cell.value = cut(clean(value)) or None
            cell.data_type = "s" if value else "n"
        else:
            cell.value = value
        if isinstance(value, date) and not cell.is_date:
            cell.number_format = DAY_FORMAT

    def _merge(self, row: int, column: int, reach: int) -> None:
        beside = [area for area in self.beside if area.min_col == column]
        right = beside[0].max_col if beside else column
        for area in self._areas():
            if row <= area.min_row < row + reach and area.min_col == column:
                self.sheet.unmerge_cells(area.coord)
        self.sheet.merge_cells(start_row=row, end_row=row + reach - 1, start_column=column, end_column=right)

    def _set_height(self, row: int, cells: Sequence[tuple[int, Cell]]) -> None:
        """No lower than in the form, and as high as the cell with most lines: programs do not reckon it anew."""
        lines = [1]
        for column, value in cells:
            if isinstance(value, str):
                width = max(self._width(column) - 1, 1.0)
                lines.append(sum(ceil(max(characters(line) * 2, 1) / width) for line in value.split("\n")))
        points = float(self.sheet.cell(row, self.space.columns[0]).font.sz or USUAL_POINTS)
        needed = max(lines) * points * LEADING + 4
        self.sheet.row_dimensions[row].height = min(max(needed, self.height or 0), HIGHEST)

    def _width(self, column: int) -> float:
        beside = [area for area in self.beside if area.min_col == column]
        last = beside[0].max_col if beside else column
        return sum(_column_width(self.sheet, each) for each in range(column, last + 1))


def _column_width(sheet: Worksheet, column: int) -> float:
    for dimension in sheet.column_dimensions.values():
        if dimension.width and (dimension.min or 0) <= column <= (dimension.max or 0):
            return float(dimension.width)
    dimension = sheet.column_dimensions.get(get_column_letter(column))
    return float(dimension.width) if dimension is not None and dimension.width else USUAL_WIDTH
