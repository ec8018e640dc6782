"""What a template of an office may name, and reports filled into the templates that come with the program."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.enum.section import WD_ORIENTATION
from docx.oxml.ns import qn
from libreoffice import converted, needs_office

from tests.office.hostile import a_template
from tests.reports.worlds import a_source, an_item, facts_of, three_of_27_open
from tracker.core.i18n import force_locale
from tracker.figures.rules import FigureName as F
from tracker.office.docx_templates import Unfilled, check
from tracker.office.text_templates import Rows
from tracker.reports.rules import Facts
from tracker.reports.shipped_templates import Shipped, shipped_template
from tracker.reports.templating import REQUIRED, SHAPE, Head, documented, render_report, sentence

LINES = [
    (1, "一、基本情况"),
    (0, "截至2026年12月31日，问题共27个，已销号24个。"),
    (2, "（一）主要做法"),
    (0, "逐项对账 {{ title }}。"),
]
HEAD = Head("市直机关工委", "市直工发〔2026〕7号", "李强", date(2026, 12, 31))
TITLE = "关于2026年整改落实情况的报告"


def rendered(template: bytes, facts: Facts | None = None, **changed: Any) -> Any:
    told: dict[str, Any] = {"title": TITLE, "lines": LINES, "head": HEAD} | changed
    return docx.Document(io.BytesIO(render_report(template, facts or facts_of(three_of_27_open()), 1, **told)))


def names() -> list[str]:
    """Every name that may be written, those within lists and records as ``list.field``."""
    return [
        full
        for name, within in SHAPE.items()
        for full in ([name] if within is None else [f"{name}.{field}" for field in within])
    ]


def test_every_name_has_a_sentence_and_stands_in_the_documentation_once() -> None:
    for name in names():
        assert str(sentence(name)).strip(), name
    marks = [(group.opening, mark) for group in documented() for mark, _told in group.names]
    assert len(marks) == len(set(marks)) == len(names())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sentence_is_told_in_the_language_of_the_page(language: str, app: Any) -> None:
    with app.test_request_context(), force_locale(language):
        told = [str(words) for group in documented() for _mark, words in group.names]
    is_chinese = [any("\u4e00" <= sign <= "\u9fff" for sign in words.split("“")[0][:8]) for words in told]
    assert set(is_chinese) == {language == "zh"}, [
        words for words, wrong in zip(told, is_chinese, strict=True) if wrong
    ]


def test_a_template_of_every_documented_mark_has_no_fault() -> None:
    paragraphs = []
    for group in documented():
        opening, closing = (mark.replace("{%tr", "{%p") for mark in (group.opening, group.closing))
        paragraphs += [*filter(None, [opening]), *(mark for mark, _told in group.names), *filter(None, [closing])]
    content = a_template(*paragraphs)
    assert check(io.BytesIO(content), SHAPE, REQUIRED) == []
    assert any("市纪委市监委内部督查反馈" in paragraph.text for paragraph in rendered(content).paragraphs)


@pytest.mark.parametrize("which", Shipped)
def test_a_shipped_template_passes_the_check_of_uploads(which: Shipped) -> None:
    assert check(io.BytesIO(shipped_template(which)), SHAPE, REQUIRED) == []


def test_the_plain_template_prints_title_levels_signature_notes_and_table() -> None:
    written = rendered(shipped_template(Shipped.PLAIN))
    told = [(paragraph.style.name, paragraph.text) for paragraph in written.paragraphs if paragraph.text]
    assert told[:7] == [
        ("Title", TITLE),
        ("Heading 1", "一、基本情况"),
        ("Body Text", "截至2026年12月31日，问题共27个，已销号24个。"),
        ("Heading 2", "（一）主要做法"),
        ("Body Text", "逐项对账 {{ title }}。"),
        ("Normal", "市直机关工委"),
        ("Normal", "2026年12月31日"),
    ]
    assert ("Body Text", "1. 统计截止日：2026年12月31日。") in told
    rows = [[cell.text for cell in row.cells] for row in written.tables[0].rows]
    assert len(rows) == 28
    assert rows[1][:5] == ["1", "督查2026-1-001", "市纪委市监委内部督查反馈", "", "第1个“两张皮”问题，3项制度未完成"]
    assert [section.orientation for section in written.sections] == [WD_ORIENTATION.PORTRAIT, WD_ORIENTATION.LANDSCAPE]
    assert "PAGE" in written.sections[0].footer._element.xml


def test_the_red_head_names_organ_number_and_signer_over_a_red_line() -> None:
    written = rendered(shipped_template(Shipped.RED_HEAD))
    organ, number, line = written.paragraphs[:3]
    assert (organ.text, str(organ.runs[0].font.color.rgb)) == ("市直机关工委文件", "FF0000")
    assert number.text == "市直工发〔2026〕7号\t签发人：李强"
    assert line._p.pPr.find(qn("w:pBdr")) is not None
    assert written.paragraphs[4].text == TITLE


def test_before_it_is_issued_the_places_of_number_and_day_are_empty() -> None:
    written = rendered(shipped_template(Shipped.RED_HEAD), head=Head("市直机关工委"))
    assert written.paragraphs[1].text == "\t签发人："
    unsigned = rendered(shipped_template(Shipped.PLAIN), head=Head())
    assert not any(paragraph.text for paragraph in unsigned.paragraphs if paragraph.style.name == "Normal")


def test_what_is_not_for_the_public_is_left_out_of_the_attachment_of_a_public_report() -> None:
    items = [an_item(1, F.CLOSED), replace(an_item(2, F.WORKING), is_withheld=True)]
    left_out = "另有1个按规定不予公开，未列入本表。"
    for is_public, numbers in ((True, ["督查2026-1-001"]), (False, ["督查2026-1-001", "督查2026-1-002"])):
        written = rendered(shipped_template(Shipped.PLAIN), facts_of(a_source(items), is_public=is_public))
        assert [row.cells[1].text for row in written.tables[0].rows][1:] == numbers
        assert (left_out in [paragraph.text for paragraph in written.paragraphs]) is is_public


def test_words_that_a_file_cannot_hold_are_left_out_and_others_kept_to_the_letter() -> None:
    hostile = "坏\x00字\x0b符 </w:t> & {% if %} {{ 7 * 7 }} {_{ \ud800"
    item = replace(an_item(1, F.CLOSED), text=hostile)
    written = rendered(shipped_template(Shipped.PLAIN), facts_of(a_source([item])), lines=[(0, hostile)])
    cell = written.tables[0].rows[1].cells[4].text
    assert cell == "坏字\n符 </w:t> & {% if %} {{ 7 * 7 }} {{ "


def test_a_template_that_was_sound_once_is_refused_when_it_asks_for_a_name_that_is_gone() -> None:
    with pytest.raises(Unfilled, match=r"模板不能用：正文第1段“.+”：没有“nobody”这个名称。"):
        rendered(a_template("{{ nobody }}"))


def test_all_lists_of_the_shape_are_documented_as_lists() -> None:
    lists = {group.opening.split()[-2] for group in documented() if group.opening}
    assert lists == {name for name, within in SHAPE.items() if isinstance(within, Rows)}


@needs_office
@pytest.mark.parametrize("which", Shipped)
def test_libreoffice_prints_the_report_on_upright_pages_and_the_table_across(which: Shipped, tmp_path: Path) -> None:
    told: dict[str, Any] = {"title": TITLE, "lines": LINES, "head": HEAD}
    (tmp_path / "a.docx").write_bytes(render_report(shipped_template(which), facts_of(three_of_27_open()), 1, **told))
    with pypdfium2.PdfDocument(converted(tmp_path / "a.docx", "pdf", tmp_path)) as pdf:
        sizes = [tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in pdf]
        text = pdf[0].get_textpage().get_text_range()
    assert (sizes[0], sizes[-1]) == ((210, 297), (297, 210))
    assert TITLE in text.replace(" ", "")
