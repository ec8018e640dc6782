"""The trail as a workbook, written row by row, however long it is."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from xlsxwriter import Workbook

from tracker.core.taken import TAKEN_SHEET

WIDTHS = (8, 20, 14, 20, 24, 80, 18, 20)
TEXT_LIMIT = 32_767


def write_workbook(target: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[str]], *, told: str) -> None:
    """Write the rows below their headings; texts never become formulas. ``told`` stands on a last sheet."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(target, {"constant_memory": True, **options}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#F2F2F2", "border": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("操作日志")
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.write_row(0, 0, headings, bold)
        for place, row in enumerate(rows, start=1):
            sheet.write_row(place, 0, [cell[:TEXT_LIMIT] for cell in row], wrapped)
        book.add_worksheet(TAKEN_SHEET).write_string(0, 0, told)
