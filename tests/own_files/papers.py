"""Last year's report as an office has it: a Word file with looks, numbers, a table and a footer of its own."""

import io
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

REPORT = Path(__file__).parents[1] / "data" / "report-2021.txt"
LINES = [line for line in REPORT.read_text(encoding="utf-8").split("\n") if line.strip()]
SECTION = next(line for line in LINES if line.startswith("（六）")).rstrip()
ABOUT, REST = SECTION[:131], SECTION[131:]
HEADING = SECTION[:21]
ROUND = "市纪委市监委内部督查反馈"
CUTS = (5, 40, 22, 7, 61)


def a_report(lines: Sequence[str] = LINES) -> io.BytesIO:
    """The report in runs of odd lengths: blanks are split, and each run of a paragraph has another look."""
    return io.BytesIO(_saved(tuple(lines)))


@cache
def _saved(lines: tuple[str, ...]) -> bytes:
    document = Document()
    _look(document.add_paragraph().add_run("述职报告"), "方正小标宋简体", 22)
    for line in lines:
        _write(document.add_paragraph(), line)
    table = document.add_table(rows=2, cols=2)
    table.style = "Table Grid"
    for cell, words in zip(_cells(table), ["项目", "数量", "上党课", "XX次"], strict=True):
        cell.text = words
    footer = document.sections[0].footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("— XX —")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _cells(table: Any) -> Iterator[Any]:
    for row in table.rows:
        yield from row.cells


def _write(paragraph: Paragraph, line: str) -> None:
    paragraph.paragraph_format.first_line_indent = Pt(32)
    paragraph.paragraph_format.line_spacing = Pt(29)
    stop = line.find("。") + 1 if line.startswith("（") else 0
    if line[1:2] == "、":
        _look(paragraph.add_run(line), "黑体", 16)
        return
    if stop:
        _look(paragraph.add_run(line[:stop]), "楷体_GB2312", 16)
    for number, piece in enumerate(_pieces(line[stop:])):
        run = _look(paragraph.add_run(piece), "仿宋_GB2312", 16)
        run.font.color.rgb = RGBColor(0, 0, number % 2)


def _pieces(text: str) -> Iterator[str]:
    """Cut anywhere, in the midst of each blank too."""
    at, turn = 0, 0
    while at < len(text):
        blank = text.find("XX", at)
        size = CUTS[turn % len(CUTS)]
        if at <= blank < at + size:
            size = blank + 1 - at
        yield text[at : at + size]
        at, turn = at + size, turn + 1


def _look(run: Any, font: str, size: int) -> Any:
    run.font.size, run.font.name = Pt(size), font
    fonts = run._r.get_or_add_rPr().find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        run._r.rPr.insert(0, fonts)
    fonts.set(qn("w:eastAsia"), font)
    return run


def a_plain_report() -> io.BytesIO:
    """A report with a section on rectification and nothing that waits to be filled."""
    document = Document()
    for line in ("一、整改落实情况", "逐项整改。", "二、其他工作", "开展文明创建。"):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    stream.seek(0)
    return stream
