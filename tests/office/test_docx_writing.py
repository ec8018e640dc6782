"""Official documents, read back from the written file."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.office.docx_forms import FormField
from tracker.office.docx_tables import column_widths, row_heights
from tracker.office.docx_writing import Document, clean

NOON = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)
FOUR_ROWS = [["甲", "子", "1"], ["甲", "子", "2"], ["甲", "丑", "3"], ["乙", "丑", "4"]]


def a_document() -> Document:
    return Document("关于整改落实情况的报告", made_at=NOON)


def read_back(document: Document) -> Any:
    stream = BytesIO()
    document.save(stream)
    return docx.Document(BytesIO(stream.getvalue()))


def block_of(section: Any) -> tuple[int, int]:
    """Width and height of the text block in whole millimetres."""
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    return round(width / Mm(1)), round(height / Mm(1))


def style_of(written: Any, paragraph: Any) -> tuple[str, float]:
    """The Chinese font and the size a paragraph prints in."""
    run = written.styles[paragraph.style.name].element.rPr
    return run.rFonts.get(qn("w:eastAsia")), run.sz.val.pt


def test_the_page_is_a4_with_a_block_of_156_by_225_mm_in_its_place() -> None:
    section = read_back(a_document()).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert block_of(section) == (156, 225)


def test_22_lines_and_no_more_fit_on_the_page() -> None:
    written = read_back(a_document())
    grid = written.sections[0]._sectPr.find(qn("w:docGrid"))
    spacing = written.styles["Body Text"].element.pPr.find(qn("w:spacing"))
    assert grid.get(qn("w:linePitch")) == spacing.get(qn("w:line"))
    assert 22 * int(spacing.get(qn("w:line"))) <= Mm(225).twips < 23 * int(spacing.get(qn("w:line")))


def test_28_characters_and_no_more_fit_on_a_line() -> None:
    run = read_back(a_document()).styles["Body Text"].element.rPr
    character = run.sz.val.twips + int(run.find(qn("w:spacing")).get(qn("w:val")))
    assert 28 * character <= Mm(156).twips < 29 * character


def test_title_headings_and_body_have_their_fonts() -> None:
    document = a_document()
    document.heading(1, "一、履行职责情况")
    document.heading(2, "（六）狠抓整改落实")
    document.heading(3, "1. 抓好问题整改")
    document.heading(4, "（1）压实责任")
    document.paragraph("正文")
    written = read_back(document)
    assert [style_of(written, paragraph) for paragraph in written.paragraphs] == [
        ("方正小标宋简体", 22),
        ("黑体", 16),
        ("楷体_GB2312", 16),
        ("仿宋_GB2312", 16),
        ("仿宋_GB2312", 16),
        ("仿宋_GB2312", 16),
    ]


def test_no_font_of_a_theme_is_left_in_the_styles_used() -> None:
    written = read_back(a_document())
    for name in ("Normal", "Body Text", "Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        assert not [key for key in written.styles[name].element.rPr.rFonts.attrib if key.endswith("Theme")]


def test_the_first_line_of_body_text_is_indented_by_two_characters() -> None:
    document = a_document()
    document.paragraph("正文")
    indent = read_back(document).styles["Body Text"].element.pPr.find(qn("w:ind"))
    assert (indent.get(qn("w:firstLineChars")), indent.get(qn("w:firstLine"))) == ("200", "640")


def test_every_text_asks_for_chinese_quotation_marks() -> None:
    document = a_document()
    document.paragraph("党建与业务“两张皮”")
    document.table(["具体问题"], [["“两张皮”"]])
    fonts = list(read_back(document).element.body.iter(qn("w:rFonts")))
    assert len(fonts) == 4
    assert {font.get(qn("w:hint")) for font in fonts} == {"eastAsia"}


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    written = read_back(a_document())
    section = written.sections[0]
    assert written.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "— 1 —"
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert [field.text.strip() for field in paragraph._p.iter(qn("w:instrText"))] == ["PAGE"]


def test_each_line_of_a_text_is_a_paragraph() -> None:
    document = a_document()
    document.paragraph("第一行\r\n第二行\x0b第三行")
    assert [paragraph.text for paragraph in read_back(document).paragraphs[1:]] == ["第一行", "第二行", "第三行"]


@settings(deadline=None, max_examples=40)
@given(st.text())
def test_any_text_can_be_written_and_is_read_back_cleaned(text: str) -> None:
    document = Document(text, made_at=NOON)
    document.heading(2, text)
    document.paragraph(text)
    document.table([text], [[text]])
    written = read_back(document)
    assert written.paragraphs[0].text == clean(text)
    assert "\n".join(paragraph.text for paragraph in written.paragraphs[2:-1]) == clean(text)


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_dropped_and_nothing_else(sign: str) -> None:
    assert clean(f"甲{sign}乙\t𠮷") == "甲乙\t𠮷"


def test_a_table_repeats_its_heading_row_and_splits_no_row_between_pages() -> None:
    document = a_document()
    document.table(["方面", "类别", "编号"], FOUR_ROWS)
    table = read_back(document).tables[0]
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated == [True, False, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [[cell.text for cell in row.cells] for row in table.rows[1:]] == FOUR_ROWS


def test_equal_cells_merge_downwards_but_not_across_a_change_to_their_left() -> None:
    document = a_document()
    document.table(["方面", "类别", "编号"], FOUR_ROWS, merged=(0, 1))
    rows = read_back(document).tables[0].rows[1:]
    # The second 丑 belongs to 乙, so it does not join the first.
    assert [[tc.vMerge for tc in row._tr.tc_lst] for row in rows] == [
        ["restart", "restart", None],
        ["continue", "continue", None],
        ["continue", "restart", None],
        ["restart", "restart", None],
    ]


def test_a_row_that_does_not_match_the_headings_is_refused() -> None:
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        a_document().table(["方面", "类别"], [["甲"]])


def test_two_tables_stay_two_and_the_file_does_not_end_with_one() -> None:
    document = a_document()
    document.table(["甲"], [["1"]])
    document.table(["乙"], [["2"]])
    kinds = [child.tag.rpartition("}")[2] for child in read_back(document).element.body]
    assert kinds == ["p", "tbl", "p", "tbl", "p", "sectPr"]


def test_a_table_may_lie_across_and_is_as_wide_as_the_turned_block() -> None:
    document = a_document()
    document.landscape()
    document.table(["编号", "具体问题"], [["1", "账实不符"]])
    document.portrait()
    upright, across, again = read_back(document).sections
    assert block_of(across) == (225, 156)
    assert (round(across.page_width.mm), round(across.page_height.mm)) == (297, 210)
    assert block_of(upright) == block_of(again) == (156, 225)
    width = int(read_back(document).tables[0]._tbl.tblPr.find(qn("w:tblW")).get(qn("w:w")))
    assert abs(width - Mm(225).twips) <= 20


def test_the_file_says_when_it_was_made_and_nothing_of_its_maker() -> None:
    properties = read_back(a_document()).core_properties
    assert properties.created == NOON
    assert (properties.title, properties.author, properties.comments) == ("关于整改落实情况的报告", "", "")


@given(st.lists(st.floats(1, 500), min_size=1, max_size=15), st.integers(3_000, 13_000))
def test_columns_share_the_whole_width_and_none_vanishes(lengths: list[float], available: int) -> None:
    widths = column_widths(lengths, available)
    assert sum(widths) == available
    assert min(widths) > 0


def test_short_columns_are_not_squeezed_for_long_ones() -> None:
    number, text, state = column_widths([8, 200, 3], 8_000)
    assert number > 8 * 210
    assert state > 3 * 210
    assert text > number + state


def test_a_form_is_as_wide_as_the_text_and_keeps_signatures_with_what_they_sign() -> None:
    document = a_document()
    document.form(
        [
            [FormField("编号", "督查-1\x07"), FormField("单位", "组织部")],
            [FormField("整改办\n初审", "一\n二", foot="签字", lines=4)],
        ]
    )
    (table,) = read_back(document).tables
    first, second = table.rows
    assert [cell.text for cell in first.cells] == ["编号", "督查-1", "单位", "组织部"]
    assert [cell.text for cell in dict.fromkeys(second.cells)] == ["整改办\n初审", "一\n二\n签字"]
    widths = [int(cell._tc.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in first.cells]
    assert sum(widths) == round(Mm(156).twips)
    assert second._tr.trPr.find(qn("w:cantSplit")) is not None
    assert first._tr.trPr.find(qn("w:cantSplit")) is None


def test_a_note_is_small_and_each_of_its_lines_a_paragraph() -> None:
    document = a_document()
    document.note("截至2026年7月31日\n口径：销号率")
    written = read_back(document)
    assert [paragraph.text for paragraph in written.paragraphs[1:]] == ["截至2026年7月31日", "口径：销号率"]
    assert style_of(written, written.paragraphs[1]) == ("仿宋_GB2312", 10.5)


def test_a_paper_that_has_to_fit_one_page_has_narrow_margins_and_its_number_below() -> None:
    document = a_document()
    document.widen()
    section = read_back(document).sections[0]
    assert block_of(section) == (174, 257)
    assert section.footer_distance < section.bottom_margin


def test_rows_are_reckoned_as_high_as_their_longest_cell() -> None:
    heights = row_heights(["单位", "问题"], [["甲", "短"], ["乙", "长" * 200], ["丙", "一\n二\n三"]], width=Mm(156))
    assert heights[:2] == [17, 17]
    assert heights[3] == 49
    assert heights[2] == 97


def test_a_red_head_stands_over_the_title_with_number_signer_and_line() -> None:
    document = a_document()
    document.red_head("某机关工委文件", "某直工发〔2026〕7号", "李强 & 王敏")
    written = read_back(document)
    organ, number, line, gap, title = written.paragraphs[:5]
    run = organ.runs[0]._r.rPr
    assert (organ.text, run.rFonts.get(qn("w:eastAsia")), str(run.color.val)) == (
        "某机关工委文件",
        "方正小标宋简体",
        "FF0000",
    )
    assert organ.paragraph_format.space_before == pytest.approx(Mm(35), abs=Mm(0.1))
    assert number.text == "某直工发〔2026〕7号\t签发人：李强 & 王敏"
    assert line._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom")).get(qn("w:color")) == "FF0000"
    assert (gap.text, title.text) == ("", "关于整改落实情况的报告")


def test_every_chinese_font_of_the_styles_has_its_fall_backs_in_the_file() -> None:
    written = read_back(a_document())
    table = written.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE).blob.decode()
    used = {element.get(qn("w:eastAsia")) for element in written.styles.element.iter(qn("w:rFonts"))} - {None}
    assert {"仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"} <= used
    for font in used:
        assert re.search(rf'w:name="{font}"><w:altName w:val="[^"]*Noto \w+ CJK SC"/>', table), font


def test_columns_of_a_table_that_is_filled_later_are_as_wide_as_told() -> None:
    document = a_document()
    document.table(["序号", "内容"], [["{{ each.position }}", "{{ each.text }}"]], lengths=[3, 60])
    narrow, wide = (column.width for column in read_back(document).tables[0].columns)
    assert narrow < wide / 5
