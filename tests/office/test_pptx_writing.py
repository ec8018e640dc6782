"""Slides, read back from the written file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Pt

from tracker.office.docx_writing import clean
from tracker.office.pptx_looks import FONT
from tracker.office.pptx_writing import Block, Slides, Words

NOON = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)
FOOT, NOTES = "截至2026年7月31日", "口径：销号率 = 已销号 ÷ 反馈总数"


def some_slides() -> Slides:
    return Slides("调度会", made_at=NOON, foot=FOOT, notes=NOTES)


def read_back(slides: Slides) -> Any:
    return Presentation(BytesIO(slides.to_bytes()))


def all_kinds() -> Any:
    slides = some_slides()
    slides.opening("调度会", ["2026年7月31日"])
    slides.ring("总体情况", {"已销号": 42, "整改中": 6, "待下发": 0}, ["反馈总数48个"])
    slides.bars("各单位销号率", "销号率", [("组织部", 95.0), ("宣传部", 87.5)], 'General"%"')
    slides.table("逾期事项", ["编号", "问题"], [["巡察2026-1-001", "账实不符"]], [1, 3])
    slides.text("组织部", [Block([Words("巡察2026-1-001", is_head=True), Words("正在整改")], notes="全文")])
    return read_back(slides)


def texts(slide: Any) -> list[str]:
    frames = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    cells = [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return frames + cells


def titles(written: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in written.slides]


def chart_of(slide: Any) -> Any:
    return next(shape.chart for shape in slide.shapes if shape.has_chart)


def roots(slide: Any) -> Iterator[Any]:
    yield slide._element
    yield slide.notes_slide._element
    yield from (shape.chart._chartSpace for shape in slide.shapes if shape.has_chart)


def test_slides_are_wide_and_each_has_title_foot_and_notes() -> None:
    written = all_kinds()
    assert written.slide_width / written.slide_height == pytest.approx(16 / 9, abs=0.001)
    assert titles(written) == ["调度会", "总体情况", "各单位销号率", "逾期事项", "组织部"]
    assert all(FOOT in texts(slide) and NOTES in slide.notes_slide.notes_text_frame.text for slide in written.slides)
    assert written.slides[4].notes_slide.notes_text_frame.text == f"全文\n{NOTES}"


def test_the_number_of_a_slide_follows_when_it_is_moved() -> None:
    fields = [slide._element.findall(f".//{qn('a:fld')}") for slide in all_kinds().slides]
    assert [[(field.get("type"), field.find(qn("a:t")).text) for field in found] for found in fields] == [
        [("slidenum", str(number))] for number in range(1, 6)
    ]


def test_letters_are_at_least_18_points_high_and_chinese_everywhere() -> None:
    for slide in all_kinds().slides:
        for root in roots(slide):
            kinds = ("a:rPr", "a:defRPr")
            for properties in (each for kind in kinds for each in root.iter(qn(kind))):
                fonts = [properties.find(qn(kind)) for kind in ("a:latin", "a:ea")]
                assert [font.get("typeface") for font in fonts] == [FONT, FONT]
                assert int(properties.get("sz")) >= 1800 or root is slide.notes_slide._element


def test_charts_are_native_and_hold_numbers() -> None:
    written = all_kinds()
    ring, bars = chart_of(written.slides[1]), chart_of(written.slides[2])
    assert (list(ring.plots[0].categories), list(ring.plots[0].series[0].values)) == (
        ["已销号", "整改中", "待下发"],
        [42, 6, 0],
    )
    assert (list(bars.plots[0].categories), list(bars.plots[0].series[0].values)) == (["组织部", "宣传部"], [95, 87.5])
    assert bars.plots[0].data_labels.number_format == 'General"%"'
    assert bars.part.chart_workbook.xlsx_part is not None


def test_a_slice_of_nothing_has_no_label() -> None:
    labels = chart_of(all_kinds().slides[1])._chartSpace.findall(f".//{qn('c:dLbl')}")
    assert [label.find(qn("c:numFmt")).get("formatCode") for label in labels] == ["0;;;"] * 3


def test_no_name_becomes_a_formula_in_the_workbook_behind_a_chart() -> None:
    slides = some_slides()
    slides.bars("销号率", "=9*9", [("=1+1", 1.0), ("{=1+1}", 2.0)], "0")
    chart = chart_of(read_back(slides).slides[0])
    sheet = load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    assert [(cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row] == [
        (None, "n"),
        ("＝9*9", "s"),
        ("＝1+1", "s"),
        (1, "n"),
        ("{＝1+1}", "s"),
        (2, "n"),
    ]


def test_bars_that_do_not_fit_one_chart_go_on_evenly() -> None:
    slides = some_slides()
    slides.bars("销号率", "销号率", [(f"单位{number}", float(number)) for number in range(20)], "0")
    written = read_back(slides)
    assert titles(written) == ["销号率（1/3）", "销号率（2/3）", "销号率（3/3）"]
    assert [len(list(chart_of(slide).plots[0].categories)) for slide in written.slides] == [7, 7, 6]


def test_rows_and_blocks_that_do_not_fit_go_on_under_the_same_title() -> None:
    slides = some_slides()
    slides.table("逾期", ["编号", "问题"], [[str(number), "问题" * 40] for number in range(30)], [1, 3])
    slides.text("组织部", [Block([Words("事项", is_head=True), Words(f"第{number}个" * 30)]) for number in range(12)])
    written = read_back(slides)
    body = "".join(text for slide in written.slides for text in texts(slide))
    tables = [shape for slide in written.slides for shape in slide.shapes if shape.has_table]
    assert all(f"第{number}个" in body for number in range(12))
    assert [row.cells[0].text for shape in tables for row in list(shape.table.rows)[1:]] == list(map(str, range(30)))
    assert all(shape.top + shape.height <= Pt(6.8 * 72) for shape in tables)
    assert titles(written)[0].startswith("逾期（1/")


def test_nothing_to_show_makes_no_slide() -> None:
    slides = some_slides()
    slides.table("逾期", ["编号"], [], [1])
    slides.text("组织部", [])
    slides.bars("销号率", "销号率", [], "0")
    assert titles(read_back(slides)) == []


@settings(deadline=None, max_examples=20)
@given(st.text(max_size=60))
def test_any_text_can_be_written_and_is_read_back_cleaned(text: str) -> None:
    slides = some_slides()
    slides.opening(text, [text])
    slides.text("文", [Block([Words(text)])])
    slides.table("表", [text], [[text]], [1])
    slides.bars("图", text, [(text, 1.0)], "0")
    written = read_back(slides)
    assert written.slides[0].shapes.title.text_frame.text == clean(text).replace("\n", " ")
    assert clean(text).split("\n")[0] in "".join(texts(written.slides[1]))
