"""Reading workbooks (.xlsx): values as a person sees them, merged areas beside them, one sheet at a time."""

from collections.abc import Iterator
from typing import Any, BinaryIO
from warnings import catch_warnings, simplefilter
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook

# Its reader of one sheet tells the merged areas in the same pass as the values; the public ones give either only the
# values or the whole workbook in memory. Pinned below 3.2.
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from tracker.office.docx_reading import kind_of_ole
from tracker.office.package import opened
from tracker.office.recognition import FileKind, recognise
from tracker.office.sheets import COLUMNS_LIMIT, ROWS_LIMIT, Area, Row, Sheet, Value
from tracker.office.unreadable import XLSX, Unreadable, UnreadableFile

SHEETS_LIMIT = 50
AREAS_LIMIT = 20_000
SHEET_LIMIT_BYTES = 100 * 1024 * 1024
TEXTS_LIMIT_BYTES = 32 * 1024 * 1024
# Read whole into memory, and many times larger there.
PART_LIMIT_BYTES = 5 * 1024 * 1024
REFUSED = {
    FileKind.empty: Unreadable.empty,
    FileKind.docx: Unreadable.document,
    FileKind.pdf: Unreadable.pdf,
    FileKind.image: Unreadable.image,
}


def read_workbook(stream: BinaryIO) -> list[Sheet]:
    """Read every sheet that is shown, and hidden ones marked as such; empty ones have no rows.

    Formulas count by their last result. Raises ``UnreadableFile``.
    """
    try:
        _refuse_others(stream)
        return list(_sheets(stream))
    except UnreadableFile as error:
        raise UnreadableFile(error.code, wanted=XLSX) from error


def _refuse_others(stream: BinaryIO) -> None:
    """Raise ``UnreadableFile`` for what is no workbook or would do harm, and leave the stream at its beginning."""
    kind = recognise(stream)
    if kind is FileKind.ole:
        raise UnreadableFile(kind_of_ole(stream.read()))
    if kind not in {FileKind.xlsx, FileKind.zip}:
        raise UnreadableFile(REFUSED.get(kind, Unreadable.not_xlsx))
    with opened(stream) as package:
        if kind is FileKind.zip:
            raise UnreadableFile(Unreadable.not_xlsx)
        _refuse_large_parts(package.archive)
    stream.seek(0)


def _refuse_large_parts(archive: ZipFile) -> None:
    for entry in archive.infolist():
        name = entry.filename.lower()
        limit = PART_LIMIT_BYTES
        if name.startswith("xl/worksheets/"):
            limit = SHEET_LIMIT_BYTES
        elif name.endswith("sharedstrings.xml"):
            limit = TEXTS_LIMIT_BYTES
        if name.endswith((".xml", ".rels")) and entry.file_size > limit:
            raise UnreadableFile(Unreadable.bomb)


def _sheets(stream: BinaryIO) -> Iterator[Sheet]:
    with catch_warnings():
        # It warns of what it does not keep, such as charts, and of dates out of range, which come as errors.
        simplefilter("ignore")
        workbook = _loaded(stream)
        if len(workbook.worksheets) > SHEETS_LIMIT:
            raise UnreadableFile(Unreadable.too_many_rows)
        for worksheet in workbook.worksheets:
            yield _sheet(workbook, worksheet)


def _loaded(stream: BinaryIO) -> Workbook:
    try:
        return load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except UnreadableFile:
        raise
    except Exception as error:
        # Whatever a broken file makes it raise: KeyError, TypeError and its own among them.
        raise UnreadableFile(Unreadable.broken) from error


class _Parser(WorkSheetParser):
    """Notes the formulas that have no result; what is not asked for is not built."""

    uncounted: list[tuple[int, int]]

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """A cell of the sheet's XML."""
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.find(FORMULA_TAG) is not None and not element.findtext(VALUE_TAG):
            self.uncounted.append((cell["row"], cell["column"]))
        return cell


def _sheet(workbook: Workbook, worksheet: ReadOnlyWorksheet) -> Sheet:
    rows: list[Row] = []
    with worksheet._get_source() as source:
        parser = _Parser(
            source,
            worksheet._shared_strings,
            data_only=True,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        parser.uncounted = []
        for number, cells in _parsed(parser):
            if any(_is_something(cell["value"]) for cell in cells):
                rows.append(Row(number, _values(cells)))
            if len(rows) > ROWS_LIMIT:
                raise UnreadableFile(Unreadable.too_many_rows)
            # Kept by the parser for what is not read here; a million formatted rows would fill the memory.
            parser.row_dimensions.clear()
    return Sheet(
        worksheet.title,
        rows,
        merged=_areas(parser),
        uncounted=parser.uncounted,
        is_hidden=worksheet.sheet_state != "visible",
    )


def _parsed(parser: WorkSheetParser) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    try:
        yield from parser.parse()
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile(Unreadable.broken) from error


def _is_something(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def _values(cells: list[dict[str, Any]]) -> tuple[Value, ...]:
    """The cells of a row at their places. Raises ``UnreadableFile`` for something right of the last column read."""
    told = [(cell["column"], cell["value"]) for cell in cells if _is_something(cell["value"])]
    width = max(column for column, _value in told)
    if width > COLUMNS_LIMIT:
        raise UnreadableFile(Unreadable.too_many_columns)
    values: list[Value] = [None] * width
    for column, value in told:
        values[column - 1] = value
    return tuple(values)


def _areas(parser: WorkSheetParser) -> tuple[Area, ...]:
    found = parser.merged_cells.mergeCell if parser.merged_cells else ()
    return tuple(Area(each.min_row, each.min_col, each.max_row, each.max_col) for each in list(found)[:AREAS_LIMIT])
