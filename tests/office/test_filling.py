"""Filling blank forms: rows go where they belong, all else stays as it was."""

import io
from datetime import date

import docx
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from tests.office.workbooks import a_workbook
from tracker.office.docx_filling import fill_document, replace_span
from tracker.office.filling import Change, Space
from tracker.office.unreadable import UnreadableFile
from tracker.office.xlsx_filling import fill_workbook

HEAD = ["序号", "存在问题", None, "责任单位", "整改时限"]
ROWS = [
    [1, "第一议题坚持不够经常", "组织部", date(2026, 6, 30)],
    [2, "=1+1 不是公式", "组织部", "长期坚持"],
    [3, "基层党组织换届提醒不及时，三个党支部到期半年以上没有换届", "宣传部", date(2026, 9, 30)],
]


def nothing(_text: str) -> list[Change]:
    return []


def a_blank(rows: int = 2) -> io.BytesIO:
    """A form with a title, so many empty rows, a sum and a line to be signed; problems stand in two merged columns."""

    def dress(book: Workbook) -> None:
        sheet = book.worksheets[0]
        sheet.merge_cells("A1:E1")
        sheet["A1"].font = Font(name="方正小标宋简体", size=18)
        thin = Side(style="thin")
        for row in range(2, 3 + rows):
            sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=3)
            for column in range(1, 6):
                sheet.cell(row, column).border = Border(left=thin, right=thin, top=thin, bottom=thin)
        sheet.row_dimensions[3].height = 30
        sheet.merge_cells(start_row=4 + rows, end_row=4 + rows, start_column=1, end_column=5)
        sheet.row_dimensions[4 + rows].height = 44

    blank: list[list[object]] = [[None] * 5 for _ in range(rows)]
    return a_workbook(
        [
            ["整改情况月报表"],
            HEAD,
            *blank,
            ["合计", None, None, None, f"=COUNTA(D3:D{2 + rows})"],
            ["签发人：　　审核："],
        ],
        dress=dress,
    )


def filled(blank: io.BytesIO, rows: list[list[object]], last: int = 4) -> Worksheet:
    space = Space("Sheet", 3, last, [1, 2, 4, 5])
    return load_workbook(io.BytesIO(fill_workbook(blank, space, rows, nothing)))["Sheet"]  # type: ignore[arg-type]


def test_more_rows_than_the_form_has_push_what_stands_below_down_with_its_look() -> None:
    sheet = filled(a_blank(), ROWS)
    assert [sheet.cell(row, 2).value for row in (3, 4, 5)] == [row[1] for row in ROWS]
    assert sheet.cell(6, 1).value == "合计"
    assert sheet.cell(6, 5).value == "=COUNTA(D3:D5)"
    assert sheet.cell(7, 1).value == "签发人：　　审核："
    assert sheet.row_dimensions[7].height == 44
    areas = {area.coord for area in sheet.merged_cells.ranges}
    assert {"A1:E1", "B3:C3", "B4:C4", "B5:C5", "A7:E7"} <= areas
    assert sheet.cell(5, 5).border.left.style == "thin"


def test_fewer_rows_leave_the_rest_of_the_form_empty_and_in_its_place() -> None:
    sheet = filled(a_blank(), ROWS[:1])
    assert (sheet["B3"].value, sheet["B4"].value, sheet["A5"].value) == (ROWS[0][1], None, "合计")
    assert sheet.row_dimensions[3].height >= 30


def test_a_text_that_begins_like_a_formula_stays_text_and_days_are_days() -> None:
    sheet = filled(a_blank(), ROWS)
    assert sheet["B4"].data_type == "s"
    assert sheet["B4"].value == "=1+1 不是公式"
    assert sheet["E3"].is_date
    assert sheet["E4"].value == "长期坚持"


def test_what_the_first_row_reckons_every_row_reckons_of_itself() -> None:
    def dress(book: Workbook) -> None:
        book.worksheets[0]["F3"] = "=E3-$A$1"

    blank = a_workbook([["月报"], [*HEAD, "剩余天数"], [None] * 5], dress=dress)
    sheet = filled(io.BytesIO(blank.getvalue()), ROWS, last=3)
    assert [sheet.cell(row, 6).value for row in (3, 4, 5, 6)] == ["=E3-$A$1", "=E4-$A$1", "=E5-$A$1", None]


def test_equal_cells_of_merged_columns_become_one() -> None:
    space = Space("Sheet", 3, 4, [1, 2, 4, 5], merged=[4])
    sheet = load_workbook(io.BytesIO(fill_workbook(a_blank(), space, ROWS, nothing)))["Sheet"]
    assert "D3:D4" in {area.coord for area in sheet.merged_cells.ranges}
    assert sheet["D5"].value == "宣传部"


def test_blanks_around_the_rows_are_filled_in() -> None:
    def words(text: str) -> list[Change]:
        return [Change(4, 4, "李强")] if text.startswith("签发人：") else []

    space = Space("Sheet", 3, 4, [1, 2, 4, 5])
    sheet = load_workbook(io.BytesIO(fill_workbook(a_blank(), space, ROWS[:1], words)))["Sheet"]
    assert sheet["A6"].value == "签发人：李强　　审核："


def test_a_sheet_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        fill_workbook(a_blank(), Space("没有", 3, 4, [1]), [[1]], nothing)
    with pytest.raises(UnreadableFile):
        fill_workbook(io.BytesIO(b"PK"), Space("Sheet", 3, 4, [1]), [[1]], nothing)


def a_document(rows: int = 2) -> io.BytesIO:
    document = docx.Document()
    paragraph = document.add_paragraph("填报")
    paragraph.add_run("单位：").bold = True
    paragraph.add_run("　　　　")
    table = document.add_table(rows=0, cols=4)
    for cells in (["序号", "存在问题", "责任单位", "完成时限"], *([""] * 4 for _ in range(rows)), ["备注", "", "", ""]):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    table.rows[1].cells[1].paragraphs[0].add_run("").font.size = docx.shared.Pt(9)
    document.add_paragraph("签发人：")
    stream = io.BytesIO()
    document.save(stream)
    stream.seek(0)
    return stream


def test_rows_of_a_word_table_are_put_in_before_what_follows() -> None:
    rows = [["1", "问题一", "组织部", "6月底"], ["2", "问题二", "组织部", "长期"], ["3", "问题三", "宣传部", "长期"]]
    space = Space("表1", 2, 3, [1, 2, 3, 4], merged=[3])
    document = docx.Document(io.BytesIO(fill_document(a_document(), space, rows, nothing)))
    table = document.tables[0]
    told = [[cell.text for cell in row.cells] for row in table.rows]
    assert told[1:4] == rows
    assert told[4][0] == "备注"
    assert table.rows[1].cells[2]._tc is table.rows[2].cells[2]._tc
    assert table.rows[3].cells[1].paragraphs[0].runs[0].font.size == docx.shared.Pt(9)
    assert document.paragraphs[-1].text == "签发人："


def test_blanks_of_a_word_file_are_filled_in_across_runs_in_the_look_of_the_first() -> None:
    def words(text: str) -> list[Change]:
        at = text.find("：")
        return [Change(at + 1, len(text), "市直机关工委")] if text.startswith("填报单位") else []

    space = Space("表1", 2, 3, [1])
    document = docx.Document(io.BytesIO(fill_document(a_document(), space, [["1"]], words)))
    runs = document.paragraphs[0].runs
    assert [run.text for run in runs] == ["填报", "单位：", "市直机关工委"]


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [(0, 2, ["X", "cd", "ef"]), (1, 5, ["aX", "", "f"]), (2, 4, ["ab", "X", "ef"]), (6, 6, ["ab", "cd", "efX"])],
)
def test_a_span_is_replaced_in_the_run_it_begins_in(start: int, end: int, told: list[str]) -> None:
    paragraph = docx.Document().add_paragraph()
    for part in ("ab", "cd", "ef"):
        paragraph.add_run(part)
    texts = [run._r.t_lst[0] for run in paragraph.runs]
    replace_span(texts, start, end, "X")
    assert [text.text or "" for text in texts] == told
