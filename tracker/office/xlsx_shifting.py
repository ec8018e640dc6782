"""Putting rows into a sheet: what stands below moves down, and whatever refers to it, or to them, goes along.

openpyxl moves cells but leaves formulas, merged cells, lists to choose from and printed areas as they were.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

# A cell, a range of cells or of whole rows, with the sheet it lies in: D5, $D$3:$D$4, 3:4, '表 1'!A1.
_REFERENCE = re.compile(
    r"""(?P<sheet>(?:'(?:[^']|'')+'|[^'!:(]+)!)?
    (?P<left>\$?[A-Z]{0,3}\$?)(?P<top>\d+) (?: :(?P<right>\$?[A-Z]{0,3}\$?)(?P<bottom>\d+) )?""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Shift:
    """``more`` rows are put in below the row ``last``."""

    last: int
    more: int

    def row(self, number: int) -> int:
        """Where a row is afterwards."""
        return number + self.more if number > self.last else number

    def reference(self, found: re.Match[str]) -> str:
        """A reference as it reads afterwards.

        A range that ends with the last row takes the new rows in, unless it lies in that row alone and runs across.
        """
        left, right, top = found["left"], found["right"], int(found["top"])
        start = f"{found['sheet'] or ''}{left}{self.row(top)}"
        if right is None:
            return start
        bottom = int(found["bottom"])
        is_own = bottom == self.last and (top < bottom or left.strip("$") == right.strip("$"))
        return f"{start}:{right}{bottom + self.more if is_own else self.row(bottom)}"

    def area(self, words: str) -> str:
        """Areas apart by a space or a comma, as they are afterwards."""
        return _REFERENCE.sub(self.reference, words)

    def formula(self, words: str, inside: Worksheet, of: Worksheet) -> str:
        """A formula that stands in the sheet ``inside`` after rows were put into the sheet ``of``."""
        parsed = Tokenizer(words)
        for token in parsed.items:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                token.value = self._operand(token.value, inside is of, of)
        return str(parsed.render())

    def _operand(self, words: str, is_own: bool, of: Worksheet) -> str:
        found = _REFERENCE.fullmatch(words)
        if found is None:
            return words
        names = {f"{of.title}!", f"{quote_sheetname(of.title)}!"}
        return self.reference(found) if (found["sheet"] in names if found["sheet"] else is_own) else words


def put_in_rows(sheet: Worksheet, last: int, more: int) -> None:
    """Put empty rows in below the row ``last``; the new ones have no look yet."""
    shift = Shift(last, more)
    moved = [area for area in list(sheet.merged_cells.ranges) if area.min_row > last]
    for area in moved:
        sheet.unmerge_cells(area.coord)
    _move_cells(sheet, shift)
    for area in moved:
        area.shift(row_shift=more)
        sheet.merge_cells(area.coord)
    _move_formulas(sheet, shift)
    _move_areas(sheet, shift)


def _move_cells(sheet: Worksheet, shift: Shift) -> None:
    below, end = shift.last + 1, sheet.max_row
    if end < below:
        return
    sheet.move_range(f"A{below}:{get_column_letter(sheet.max_column)}{end}", rows=shift.more)
    for row in range(end, below - 1, -1):
        sheet.row_dimensions[row + shift.more].height = sheet.row_dimensions[row].height


def _move_formulas(of: Worksheet, shift: Shift) -> None:
    book = of.parent
    for sheet in book.worksheets:
        for cell in _formulas(sheet):
            if isinstance(cell.value, ArrayFormula):
                cell.value.ref = shift.area(cell.value.ref) if sheet is of else cell.value.ref
                cell.value.text = shift.formula(cell.value.text, sheet, of)
            else:
                cell.value = shift.formula(cell.value, sheet, of)
        for name in sheet.defined_names.values():
            name.attr_text = shift.formula(f"={name.attr_text}", sheet, of)[1:]
    for name in book.defined_names.values():
        # A name of the whole workbook always says in which sheet it lies.
        name.attr_text = shift.formula(f"={name.attr_text}", of, of)[1:]


def _formulas(sheet: Worksheet) -> Iterator[Cell]:
    # Of what is stored alone: to ask for rows makes all their cells.
    return (cell for cell in list(sheet._cells.values()) if cell.data_type == "f")


def _move_areas(sheet: Worksheet, shift: Shift) -> None:
    """Printed areas, lists to choose from, looks that depend on the words, and the filter."""
    if sheet.print_area:
        areas = [each.rpartition("!")[2] for each in sheet.print_area.split(",")]
        sheet.print_area = ",".join(shift.area(each) for each in areas)
    for validation in sheet.data_validations.dataValidation:
        validation.sqref = MultiCellRange(shift.area(str(validation.sqref)))
    kept, sheet.conditional_formatting = sheet.conditional_formatting, ConditionalFormattingList()
    for each in kept:
        for rule in each.rules:
            rule.formula = [shift.formula(f"={words}", sheet, sheet)[1:] for words in rule.formula]
            sheet.conditional_formatting.add(shift.area(str(each.sqref)), rule)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = shift.area(sheet.auto_filter.ref)
