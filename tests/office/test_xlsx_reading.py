import io
from collections.abc import Callable
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from docx import Document
from openpyxl import Workbook

from tests.office.documents import stream_of
from tests.office.workbooks import a_workbook, rewritten
from tracker.office.sheets import ROWS_LIMIT, Area, letters
from tracker.office.unreadable import Unreadable, UnreadableFile
from tracker.office.xlsx_reading import read_workbook

SHEET = "xl/worksheets/sheet1.xml"


def test_values_keep_their_kind_and_their_place() -> None:
    day = datetime(2026, 6, 30)
    (sheet,) = read_workbook(a_workbook([[None, None], ["问题", 3, 2.5, True, day], [None, "  "], [None, None, "末"]]))

    assert [(row.number, row.cells) for row in sheet.rows] == [
        (2, ("问题", 3, 2.5, True, day)),
        (4, (None, None, "末")),
    ]
    assert sheet.by_number[4].value(3) == "末"
    assert sheet.by_number[4].value(9) is None


def test_merged_areas_and_hidden_sheets_are_told() -> None:
    def dress(book: Workbook) -> None:
        book.worksheets[0].merge_cells("B2:B4")
        book.worksheets[1].sheet_state = "veryHidden"

    shown, hidden = read_workbook(a_workbook([["a", "b"], ["c", "d"]], [["x"]], dress=dress))

    assert shown.merged == (Area(2, 2, 4, 2),)
    assert (shown.is_hidden, hidden.is_hidden) == (False, True)


def test_a_formula_counts_by_its_last_result_and_is_named_when_it_has_none() -> None:
    def counted(name: str, data: bytes) -> bytes:
        if name != SHEET:
            return data
        return data.replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
        )

    book = rewritten(a_workbook([["=1+1", "=CMD()", "text"]]), counted)
    (sheet,) = read_workbook(book)

    assert sheet.rows[0].cells == (2, None, "text")
    assert sheet.uncounted == [(1, 2)]


def test_rich_text_and_phonetic_signs_come_as_plain_words() -> None:
    def rich(name: str, data: bytes) -> bytes:
        if name != SHEET:
            return data
        return data.replace(
            b"<t>plain</t>", "<r><t>立行</t></r><r><t>立改</t></r><rPh sb='0' eb='1'><t>li</t></rPh>".encode()
        )

    (sheet,) = read_workbook(rewritten(a_workbook([["plain"]]), rich))

    assert sheet.rows[0].cells == ("立行立改",)


def test_a_date_that_cannot_be_one_comes_as_an_error_value() -> None:
    def dress(book: Workbook) -> None:
        cell = book.worksheets[0]["A1"]
        cell.value, cell.number_format = 99_999_999, "yyyy-mm-dd"

    (sheet,) = read_workbook(a_workbook([["x"]], dress=dress))

    assert sheet.rows[0].cells == ("#VALUE!",)


def a_million_rows() -> io.BytesIO:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in range(1, 1_000_001))
    return rewritten(a_workbook([["x"]]), lambda name, data: _with_rows(data, rows) if name == SHEET else data)


def _with_rows(data: bytes, rows: str) -> bytes:
    head, _rest = data.split(b"<sheetData>")
    return head + b"<sheetData>" + rows.encode() + b"</sheetData></worksheet>"


def test_formatted_rows_without_anything_in_them_do_not_count() -> None:
    rows = "".join(f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="0"/></row>' for n in range(2, ROWS_LIMIT + 99))
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    book = rewritten(a_workbook([["x"]]), lambda name, data: _with_rows(data, first + rows) if name == SHEET else data)

    (sheet,) = read_workbook(book)

    assert [row.number for row in sheet.rows] == [1]


def a_far_cell() -> io.BytesIO:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return rewritten(a_workbook([["x"]]), lambda name, data: _with_rows(data, cells) if name == SHEET else data)


def a_bomb() -> io.BytesIO:
    return rewritten(
        a_workbook([["x"]]), lambda name, data: data + b" " * (201 * 1024 * 1024) if name == SHEET else data
    )


def large_styles() -> io.BytesIO:
    noise = b"<!--" + bytes(range(97, 122)) * 250_000 + b"-->"
    return rewritten(
        a_workbook([["x"]]),
        lambda name, data: (
            data.replace(b"</styleSheet>", noise + b"</styleSheet>") if name == "xl/styles.xml" else data
        ),
    )


def entities() -> io.BytesIO:
    declared = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return rewritten(
        a_workbook([["x"]]),
        lambda name, data: declared + data.replace(b"<t>x</t>", b"<t>&a;</t>") if name == SHEET else data,
    )


def macros() -> io.BytesIO:
    book = a_workbook([["x"]])
    with ZipFile(book, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    book.seek(0)
    return book


def torn() -> io.BytesIO:
    return rewritten(a_workbook([["x"]]), lambda name, data: data[:200] if name == SHEET else data)


def without_texts() -> io.BytesIO:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().write_string(0, 0, "kept in the part of texts")
    return rewritten(stream, lambda name, data: None if name == "xl/sharedStrings.xml" else data)


def odd_zip() -> io.BytesIO:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", b"x")
    return stream


def renamed_document() -> io.BytesIO:
    return stream_of(Document())


def renamed_image() -> io.BytesIO:
    return io.BytesIO(b"\x89PNG\r\n\x1a\nrest")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (a_million_rows, Unreadable.too_many_rows),
        (a_far_cell, Unreadable.too_many_columns),
        (a_bomb, Unreadable.bomb),
        (large_styles, Unreadable.bomb),
        (entities, Unreadable.broken),
        (macros, Unreadable.macros),
        (torn, Unreadable.broken),
        (without_texts, Unreadable.broken),
        (odd_zip, Unreadable.not_xlsx),
        (renamed_document, Unreadable.document),
        (renamed_image, Unreadable.image),
        (io.BytesIO, Unreadable.empty),
    ],
)
def test_what_is_no_harmless_workbook_is_refused_with_the_reason(
    make: Callable[[], io.BytesIO], code: Unreadable
) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_workbook(make())

    assert refusal.value.code is code
    assert ".docx" not in str(refusal.value)


def test_columns_are_named_as_programs_name_them() -> None:
    assert [letters(column) for column in (1, 26, 27, 200, 16_384)] == ["A", "Z", "AA", "GR", "XFD"]
