"""The tables of Word documents, read like sheets."""

import pytest
from docx import Document
from docx.oxml import parse_xml

from tests.office.documents import W, add_list, level, number, stream_of
from tests.office.word_tables import a_table, sheets_of
from tracker.office.docx_reading import read_word_file
from tracker.office.sheets import Area
from tracker.office.unreadable import Unreadable, UnreadableFile


def test_a_table_becomes_a_sheet_with_its_merged_areas() -> None:
    document = Document()
    rows = [["问题清单", "", ""], ["方面", "问题", "责任单位"], ["政治", "学习少", "办公室"], ["", "研讨少", ""]]
    a_table(document, rows, (0, 0, 0, 2), (2, 0, 3, 0), (2, 2, 3, 2))

    (sheet,) = sheets_of(document)

    assert [(row.number, *row.cells) for row in sheet.rows] == [
        (1, "问题清单"),
        (2, "方面", "问题", "责任单位"),
        (3, "政治", "学习少", "办公室"),
        (4, None, "研讨少"),
    ]
    assert sorted(sheet.merged, key=lambda area: (area.top, area.left)) == [
        Area(1, 1, 1, 3),
        Area(3, 1, 4, 1),
        Area(3, 3, 4, 3),
    ]


def test_paragraphs_of_a_cell_are_lines_and_empty_rows_keep_their_numbers() -> None:
    document = Document()
    table = a_table(document, [["问题"], [""], ["学习少"]])
    table.cell(2, 0).add_paragraph("研讨少")

    assert [(row.number, *row.cells) for row in sheets_of(document)[0].rows] == [(1, "问题"), (3, "学习少\n研讨少")]


def test_automatic_numbers_stand_in_cells_even_without_words_but_bullets_do_not() -> None:
    document = Document()
    add_list(document, 91, [level(0, "decimal", "%1")])
    add_list(document, 92, [level(0, "bullet", "·")])
    table = a_table(document, [["序号", "措施"], ["", "定计划"], ["", "抓检查"]])
    for row in (1, 2):
        number(table.cell(row, 0).paragraphs[0], 91)
        number(table.cell(row, 1).paragraphs[0], 92)

    assert [row.cells for row in sheets_of(document)[0].rows] == [("序号", "措施"), ("1", "定计划"), ("2", "抓检查")]


def test_every_table_knows_the_lines_above_it() -> None:
    document = Document()
    document.add_paragraph("整改台账")
    document.add_paragraph("一、政治建设")
    a_table(document, [["问题"]])
    document.add_paragraph("二、组织建设")
    a_table(document, [["问题"]])

    assert [sheet.above for sheet in sheets_of(document)] == [("整改台账", "一、政治建设"), ("二、组织建设",)]


def test_a_row_deleted_in_a_tracked_change_is_gone() -> None:
    document = Document()
    table = a_table(document, [["问题"], ["学习少"], ["研讨少"]])
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {W} w:id="1" w:author="a"/>'))

    assert [row.cells for row in sheets_of(document)[0].rows] == [("问题",), ("研讨少",)]


def test_a_table_wider_than_any_ledger_is_refused() -> None:
    document = Document()
    a_table(document, [["问题"]]).cell(0, 0)._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:gridSpan {W} w:val="999999999"/>')
    )

    with pytest.raises(UnreadableFile) as refused:
        read_word_file(stream_of(document))
    assert refused.value.code is Unreadable.too_many_columns
