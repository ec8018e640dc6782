"""Writing tables as workbooks: title, note, heading repeated on paper, real dates, equal cells merged, A4 lying."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.core.taken import TAKEN_SHEET
from tracker.office.docx_tables import characters
from tracker.office.docx_writing import clean
from tracker.office.filling import Cell, runs_of_equal

A4 = 9
# What a cell of a workbook can hold; longer texts end in CUT.
TEXT_LIMIT = 32_767
CUT = "……（全文见系统）"
# In figures of the usual font, of which a Chinese character takes two: what a lying A4 sheet holds, the least that a
# column needs, and that of a column of numbers.
PAGE_WIDTH, LEAST, LEAST_NUMBER = 170.0, 9.0, 5.0
MARGIN = 0.4
# In points; a row may be no higher than the program allows.
LINE_HEIGHT, HIGHEST = 13.5, 409
SONG, HEI, TITLE_SONG = "宋体", "黑体", "方正小标宋简体"


@dataclass(frozen=True)
class Grid:
    """One sheet: headings and rows of cells below a title.

    ``widths`` are in parts of the page, one for each column. In the columns ``merged`` (from 0) equal cells below each
    other become one, never beyond a merged cell to their left. ``frozen`` columns stay in view; ``free`` are those that
    may be typed into when the sheet is protected; ``choices`` offers values by column. ``mark`` stands above the title.
    ``links`` are cells (row and column, from 0) that lead to a file or folder lying beside the workbook, by its path.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float]
    title: str = ""
    note: str = ""
    mark: str = ""
    sum: Sequence[str] = ()
    merged: Collection[int] = ()
    frozen: int = 0
    free: Collection[int] | None = None
    choices: dict[int, Sequence[str]] = field(default_factory=dict)
    is_hidden: bool = False
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)


def write_workbook(grids: Sequence[Grid], *, made_at: datetime, footer: str = "") -> bytes:
    """The workbook with these sheets; texts never become formulas.

    ``footer`` is printed on every page, and stands on a last sheet of its own.
    """
    stream = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(stream, {"in_memory": True, **options}) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        looks = _Looks(book)
        told = [Grid(TAKEN_SHEET, [TAKEN_SHEET], [[footer]], [1])] if footer else []
        for grid in (*grids, *told):
            _Sheet(book.add_worksheet(grid.name), grid, looks).write(footer)
    return stream.getvalue()


class _Looks:
    """The formats of a workbook; each may be asked for locked or free."""

    def __init__(self, book: Workbook) -> None:
        usual = {"font_name": SONG, "font_size": 10, "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.title = book.add_format({"font_name": TITLE_SONG, "font_size": 18, "align": "center", "valign": "vcenter"})
        self.note = book.add_format({"font_name": SONG, "font_size": 10.5, "valign": "vcenter"})
        self.mark = book.add_format({"font_name": HEI, "font_size": 14})
        self.heading = book.add_format({**usual, "font_name": HEI, "align": "center", "bg_color": "#F2F2F2"})
        self.sum = book.add_format({**usual, "bold": True})
        self._cells: dict[tuple[str, bool], Format] = {}
        for is_free in (False, True):
            look = {**usual, "locked": not is_free, **({"bg_color": "#FFFBE6"} if is_free else {})}
            self._cells["text", is_free] = book.add_format({**look, "num_format": "@"})
            self._cells["middle", is_free] = book.add_format({**look, "align": "center"})
            self._cells["day", is_free] = book.add_format(
                {**look, "align": "center", "num_format": 'yyyy"年"m"月"d"日"'}
            )

    def cell(self, value: Cell, *, is_free: bool) -> Format:
        """The format of a value."""
        kind = "day" if isinstance(value, date) else "middle" if isinstance(value, int | float) else "text"
        return self._cells[kind, is_free]


class _Sheet:
    def __init__(self, sheet: Worksheet, grid: Grid, looks: _Looks) -> None:
        self.sheet, self.grid, self.looks = sheet, grid, looks
        self.last = len(grid.headings) - 1
        share = PAGE_WIDTH / sum(grid.widths)
        self.widths = [max(width * share, LEAST if width > 1 else LEAST_NUMBER) for width in grid.widths]

    def write(self, footer: str) -> None:
        if self.grid.is_hidden:
            self.sheet.very_hidden()
        heading_row = self._head()
        for column, words in enumerate(self.grid.headings):
            self.sheet.write_string(heading_row, column, clean(words), self.looks.heading)
        first = heading_row + 1
        self._rows(first)
        self._sum(first + len(self.grid.rows))
        self._set_up(heading_row, footer)

    def _head(self) -> int:
        """The lines above the heading; the row of the heading, from 0."""
        lines = (
            (self.grid.mark, self.looks.mark, 22),
            (self.grid.title, self.looks.title, 34),
            (self.grid.note, self.looks.note, 20),
        )
        row = 0
        for words, look, height in lines:
            if not words:
                continue
            self.sheet.set_row(row, height)
            if self.last:
                self.sheet.merge_range(row, 0, row, self.last, clean(words), look)
            else:
                self.sheet.write_string(row, 0, clean(words), look)
            row += 1
        return row

    def _rows(self, first: int) -> None:
        free = self.grid.free or ()
        areas = runs_of_equal(self.grid.rows, sorted(self.grid.merged))
        for at, row in enumerate(self.grid.rows):
            alone = [column for column in range(len(row)) if areas.get((at, column), 1) == 1]
            self.sheet.set_row(first + at, self._height([(column, row[column]) for column in alone]))
            for column, value in enumerate(row):
                height = areas.get((at, column), 1)
                look = self.looks.cell(value, is_free=column in free)
                if height > 1:
                    self.sheet.merge_range(first + at, column, first + at + height - 1, column, "", look)
                if height and (path := self.grid.links.get((at, column))):
                    words = cut(clean(str(value)))
                    self.sheet.write_url(first + at, column, f"external:{path}", look, string=words)
                elif height:
                    self._cell(first + at, column, value, look)
        for column, offered in self.grid.choices.items():
            if self.grid.rows:
                rule = {"validate": "list", "source": list(offered), "error_type": "warning"}
                self.sheet.data_validation(first, column, first + len(self.grid.rows) - 1, column, rule)

    def _height(self, cells: Sequence[tuple[int, Cell]]) -> float:
        """As high as the cell with most lines: programs do not reckon it anew for wrapped text."""
        lines = [
            sum(ceil(max(characters(line) * 2, 1) / (self.widths[column] - 1)) for line in value.split("\n"))
            for column, value in cells
            if isinstance(value, str)
        ]
        return min(max([1, *lines]) * LINE_HEIGHT + 4, HIGHEST)

    def _cell(self, row: int, column: int, value: Cell, look: Format) -> None:
        if isinstance(value, date):
            self.sheet.write_datetime(row, column, value, look)
        elif isinstance(value, int | float):
            self.sheet.write_number(row, column, value, look)
        elif value:
            self.sheet.write_string(row, column, cut(clean(value)), look)
        else:
            self.sheet.write_blank(row, column, None, look)

    def _sum(self, row: int) -> None:
        if not self.grid.sum:
            return
        words, told = self.grid.sum
        lines = ceil(max(characters(told) * 2, 1) / max(sum(self.widths[1:]) - 1, 1))
        self.sheet.set_row(row, min(lines * LINE_HEIGHT + 4, HIGHEST))
        self.sheet.write_string(row, 0, clean(words), self.looks.sum)
        if self.last > 1:
            self.sheet.merge_range(row, 1, row, self.last, clean(told), self.looks.sum)
        elif self.last:
            self.sheet.write_string(row, 1, clean(told), self.looks.sum)

    def _set_up(self, heading_row: int, footer: str) -> None:
        sheet, grid = self.sheet, self.grid
        for column, width in enumerate(self.widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(heading_row + 1, grid.frozen)
        sheet.repeat_rows(heading_row)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=MARGIN, right=MARGIN, top=0.6, bottom=0.6)
        sheet.set_footer(f"&L{clean(footer).replace('&', '&&')}&C第 &P 页，共 &N 页")
        if grid.rows:
            sheet.autofilter(heading_row, 0, heading_row + len(grid.rows), self.last)
        if grid.free is not None:
            allowed = {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True}
            sheet.protect("", {**allowed, "select_locked_cells": True})


def cut(text: str) -> str:
    """The text as far as a cell of a workbook can hold it."""
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - len(CUT)] + CUT
