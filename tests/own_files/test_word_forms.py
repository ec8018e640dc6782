"""The section in what Word makes of a report: cells, revisions, notes, links, numbers of its own."""

import io
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from tests.office.documents import W, add_list, level, number, stream_of
from tests.office.test_docx_passages import run
from tracker.office.docx_passages import DocxPassages
from tracker.office.passages import Unreplaceable
from tracker.own_files.rules.reports import OldReport, first_marks

NEW = ("一是甲。", "二是乙。", "三是丙。")
HEADING, OTHER = "一、整改落实情况", "二、其他工作"
NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
INSERTED = '<w:ins w:id="1" w:author="王敏">{}</w:ins>'
DELETED = '<w:del w:id="1" w:author="王敏"><w:r><w:delText>旧话。</w:delText></w:r></w:del>'
LINK = '<w:hyperlink w:anchor="a">{}</w:hyperlink>'


def a_document(*paragraphs: str) -> Any:
    """A document of a section with these paragraphs, given as the XML of their runs, and another section."""
    document = Document()
    for runs in (run(HEADING), *paragraphs, run(OTHER), run("开展文明创建。")):
        document.add_paragraph()._p.extend(_elements(runs))
    return document


def _elements(runs: str) -> list[Any]:
    return list(parse_xml(f"<w:x {W}>{runs}</w:x>"))


def written(document: Any) -> list[str]:
    """The paragraphs, numbers included, once the proposed sentences are replaced."""
    text = DocxPassages(stream_of(document))
    report = OldReport(text.passages, first_marks(text.passages), 2026)
    assert report.marks.stretch is not None
    made = DocxPassages(io.BytesIO(text.replaced(report.edits(NEW, []))))
    return [passage.number + passage.text for passage in made.passages]


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ((run("逐项整改") + INSERTED.format(run("到位")) + run("。"),), "修订"),
        ((run("逐项整改") + DELETED + run("到位。"),), "修订"),
        ((run("逐项整改") + NOTE + run("。"),), "脚注"),
        ((run("整改") + LINK.format(run("平台")) + run("上线。"),), "超链接"),
    ],
    ids=["inserted", "deleted", "note", "link"],
)
def test_what_hangs_on_the_marked_sentences_is_refused_by_name(section: tuple[str, ...], what: str) -> None:
    with pytest.raises(Unreplaceable, match=what):
        written(a_document(*section))


@pytest.mark.parametrize("inside", [INSERTED.format(run("新话。")), DELETED, NOTE, LINK.format(run("平台"))])
def test_what_stands_elsewhere_keeps_nothing_from_being_replaced(inside: str) -> None:
    document = a_document(run("逐项整改。"))
    document.paragraphs[-1]._p.extend(_elements(inside))
    assert written(document)[:5] == [HEADING, *NEW, OTHER]


def test_a_section_within_a_cell_is_replaced_there() -> None:
    document = Document()
    cell = document.add_table(1, 2).cell(0, 1)
    cell.paragraphs[0].text = HEADING
    for words in ("逐项整改。", OTHER, "开展文明创建。"):
        cell.add_paragraph(words)
    assert written(document)[1:] == [HEADING, *NEW, OTHER, "开展文明创建。"]
    last = Document()
    row = last.add_table(1, 2).rows[0].cells
    row[0].text, row[1].text = HEADING, "逐项整改。再整改。"
    assert written(last)[:4] == [HEADING, *NEW]


def test_headings_that_word_numbers_are_headings_and_keep_their_numbers() -> None:
    document = Document()
    add_list(document, 41, [level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）")])
    for words, place in (
        ("履职情况", 0),
        ("作风建设。开会。", 1),
        ("狠抓整改落实，提升水平。逐项整改。开会。", 1),
        ("存在问题", 0),
    ):
        number(document.add_paragraph(words), 41, place)
    assert written(document) == [
        "一、履职情况",
        "（一）作风建设。开会。",
        "（二）狠抓整改落实，提升水平。一是甲。二是乙。三是丙。开会。",
        "二、存在问题",
    ]


@pytest.mark.parametrize("behind", ["", run("开会。开会。")])
def test_a_note_behind_the_marked_sentences_is_not_lost(behind: str) -> None:
    document = a_document(run("逐项整改。") + NOTE + behind)
    text = DocxPassages(stream_of(document))
    report = OldReport(text.passages, first_marks(text.passages), 2026)
    made = Document(io.BytesIO(text.replaced(report.edits(NEW, []))))
    assert len(made.element.findall(".//" + qn("w:footnoteReference"))) == 1


def test_all_of_a_tracked_insertion_is_replaced_within_it() -> None:
    assert written(a_document(INSERTED.format(run("逐项整改。"))))[:4] == [HEADING, *NEW]


def test_where_word_prints_the_ordinals_the_section_is_refused() -> None:
    document = Document()
    add_list(document, 41, [level(0, "chineseCounting", "%1是")])
    document.add_paragraph(HEADING)
    for words in ("整改第一项。", "整改第二项。"):
        number(document.add_paragraph(words), 41)
    document.add_paragraph(OTHER)
    with pytest.raises(Unreplaceable, match="自动编号"):
        written(document)
