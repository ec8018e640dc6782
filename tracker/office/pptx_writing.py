"""Writes slides that can be edited: wide, calm, letters to be read from afar, charts that stay charts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from math import ceil
from typing import Any, NamedTuple, TypeVar

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Inches, Length, Pt

from tracker.office import pptx_looks as looks
from tracker.office.docx_tables import characters, lines_of
from tracker.office.docx_writing import clean

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, INNER = Inches(0.6), Inches(12.133)
TITLE_TOP, TITLE_HEIGHT = Inches(0.35), Inches(0.8)
TOP, BODY = Inches(1.4), Inches(5.35)
FOOT_TOP, FOOT_HEIGHT = Inches(6.9), Inches(0.42)
# Of a line of text, in parts of its letters; between blocks and inside cells, in points.
LEADING, GAP, CELL_MARGIN = 1.3, 10, 5
# Characters of a title that fit one line.
LONG_TITLE = 28
# Bars of a chart that leave room for their names.
BARS = 9
BAR_SPACE, BAR_HEIGHT = Inches(0.9), Inches(0.55)

Part = TypeVar("Part")


class Words(NamedTuple):
    """A paragraph on a slide; a head is larger and bold."""

    text: str
    is_head: bool = False

    @property
    def points(self) -> int:
        """How high its letters are."""
        return looks.HEAD_POINTS if self.is_head else looks.TEXT_POINTS


@dataclass(frozen=True)
class Block:
    """Paragraphs that stay together on one slide, and what else is told of them in the speaker's notes."""

    words: Sequence[Words]
    notes: str = ""

    @property
    def height(self) -> float:
        """About how high it comes out, in points."""
        return sum(lines_of(each.text, INNER.pt / each.points) * each.points * LEADING for each in self.words) + GAP


class Slides:
    """Slides that follow each other; what does not fit one goes on on the next, numbered behind the title."""

    def __init__(self, title: str, *, made_at: datetime, foot: str, notes: str) -> None:
        """Begin with no slide; ``foot`` stands on every one, ``notes`` in the speaker's notes of every one."""
        self._file = Presentation()
        self._file.slide_width, self._file.slide_height = WIDTH, HEIGHT
        self._foot, self._notes, self._count = clean(foot), notes, 0
        self._keep_one_layout()
        properties = self._file.core_properties
        properties.title, properties.author, properties.last_modified_by = clean(title)[:255], "", ""
        properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)

    def opening(self, title: str, lines: Sequence[str]) -> None:
        """Add the first slide: the title in the middle with lines below it."""
        slide = self._slide(title, place=Inches(2.3))
        self._text(slide, [Words(line) for line in lines], top=Inches(3.6))

    def text(self, title: str, blocks: Sequence[Block]) -> None:
        """Add blocks of text on as many slides as they need."""
        for name, part in _numbered(title, list(_split(blocks, [each.height for each in blocks], BODY.pt))):
            slide = self._slide(name, notes="\n".join(each.notes for each in part if each.notes))
            self._blocks(slide, part)

    def table(
        self, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]
    ) -> None:
        """Add a table on as many slides as it needs; ``shares`` are the parts of the width that the columns get."""
        widths = [int(INNER * share / sum(shares)) for share in shares]
        cleaned = [[clean(cell) for cell in row] for row in rows]
        head = _row_height(headings, widths)
        heights = [_row_height(row, widths) for row in cleaned]
        for name, part in _numbered(title, list(_split(cleaned, heights, BODY.pt - head))):
            self._grid(self._slide(name), [headings, *part], widths)

    def ring(self, title: str, counts: Mapping[str, int], lines: Sequence[str]) -> None:
        """Add a ring of counts by their names, with lines of text beside it."""
        slide = self._slide(title)
        half = Length(INNER // 2)
        self._text(slide, [Words(line, is_head=True) for line in lines], width=half)
        data = CategoryChartData(number_format="0")
        data.categories = [_label(name) for name in counts]
        data.add_series("事项", list(counts.values()))
        place = (LEFT + half, TOP, half, BODY)
        looks.dress_ring(slide.shapes.add_chart(XL_CHART_TYPE.DOUGHNUT, *place, data).chart)

    def bars(self, title: str, series: str, bars: Sequence[tuple[str, float]], number_format: str) -> None:
        """Add lying bars, the first on top, on as many slides as they need; values go up to 100, shown as formatted."""
        for name, part in _numbered(title, _evenly(bars)):
            data = CategoryChartData(number_format=number_format)
            data.categories = [_label(label) for label, _value in part]
            data.add_series(_label(series), [value for _label, value in part])
            place = (LEFT, TOP, INNER, Length(min(BODY, BAR_SPACE + BAR_HEIGHT * len(part))))
            shape = self._slide(name).shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
            looks.dress_bars(shape.chart, number_format)

    def to_bytes(self) -> bytes:
        """The .pptx file."""
        stream = BytesIO()
        self._file.save(stream)
        return stream.getvalue()

    def _keep_one_layout(self) -> None:
        layouts = self._file.slide_layouts
        self._layout = layouts.get_by_name("Title Only")
        for other in [each for each in layouts if each.name != self._layout.name]:
            layouts.remove(other)
        for master in (self._layout, self._file.slide_master):
            for shape in list(master.placeholders):
                if shape.placeholder_format.idx != 0:
                    shape._element.getparent().remove(shape._element)
                else:
                    shape.left, shape.top, shape.width, shape.height = LEFT, TITLE_TOP, INNER, TITLE_HEIGHT

    def _slide(self, title: str, *, place: Length = TITLE_TOP, notes: str = "") -> Slide:
        slide = self._file.slides.add_slide(self._layout)
        self._count += 1
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = LEFT, place, INNER, TITLE_HEIGHT
        self._head(shape.text_frame, title)
        below = Length(place + TITLE_HEIGHT + Inches(0.06))
        line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, LEFT, below, Length(LEFT + Inches(1.2)), below).line
        line.color.rgb, line.width = looks.LINE, Pt(2)
        self._foot_of(slide)
        frame = slide.notes_slide.notes_text_frame
        _fill(frame, [Words(text) for text in f"{notes}\n{self._notes}".strip().split("\n")], points=12)
        return slide

    def _head(self, frame: TextFrame, title: str) -> None:
        points = looks.TITLE_POINTS if characters(title) <= LONG_TITLE else looks.LONG_TITLE_POINTS
        frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        _no_margins(frame)
        _fill(frame, [Words(clean(title).replace("\n", " "))], points=points, is_bold=True)

    def _foot_of(self, slide: Slide) -> None:
        told = slide.shapes.add_textbox(LEFT, FOOT_TOP, Length(INNER - Inches(1.0)), FOOT_HEIGHT).text_frame
        _no_margins(told)
        _fill(told, [Words(self._foot)], points=looks.TEXT_POINTS, color=looks.GREY)
        number = slide.shapes.add_textbox(LEFT + INNER - Inches(0.9), FOOT_TOP, Inches(0.9), FOOT_HEIGHT).text_frame
        _no_margins(number)
        _fill(number, [Words(str(self._count))], points=looks.TEXT_POINTS, color=looks.GREY)
        number.paragraphs[0].alignment = PP_ALIGN.RIGHT
        _make_field(number.paragraphs[0])

    def _text(self, slide: Slide, words: Sequence[Words], *, top: Length = TOP, width: Length = INNER) -> None:
        frame = slide.shapes.add_textbox(LEFT, top, width, Length(FOOT_TOP - top - Inches(0.1))).text_frame
        _no_margins(frame)
        _fill(frame, words)

    def _blocks(self, slide: Slide, blocks: Sequence[Block]) -> None:
        self._text(slide, [words for block in blocks for words in block.words])
        frame = slide.shapes[-1].text_frame
        at = 0
        for block in blocks:
            at += len(block.words)
            frame.paragraphs[at - 1].space_after = Pt(GAP)

    def _grid(self, slide: Slide, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        heights = [_row_height(row, widths) for row in rows]
        shape = slide.shapes.add_table(len(rows), len(widths), LEFT, TOP, INNER, Pt(sum(heights)))
        looks.dress_table(shape.table, widths)
        for at, (row, height) in enumerate(zip(shape.table.rows, heights, strict=True)):
            row.height = Pt(height)
            for cell, text in zip(row.cells, rows[at], strict=True):
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = Pt(CELL_MARGIN)
                _fill(cell.text_frame, [Words(line) for line in text.split("\n")], is_bold=at == 0)


def _label(text: str) -> str:
    """A name in a chart. The workbook behind a chart would take what begins like a formula for one."""
    return re.sub("^(\\{?)=", r"\1＝", clean(text))


def _fill(
    frame: TextFrame, words: Sequence[Words], *, points: float = 0, is_bold: bool = False, color: Any = looks.INK
) -> None:
    for at, each in enumerate(words):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        # Told in points, or each font would stand for another height.
        paragraph.alignment, paragraph.line_spacing = PP_ALIGN.LEFT, Pt((points or each.points) * LEADING)
        run = paragraph.add_run()
        run.text = clean(each.text)
        looks.dress(run.font, points or each.points, is_bold=is_bold or each.is_head, color=color)


def _no_margins(frame: TextFrame) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0


def _make_field(paragraph: Any) -> None:
    """Turn a run into the number of its slide, which follows when slides are moved."""
    run = paragraph.runs[0]._r
    field = parse_xml(f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum"/>')
    run.addprevious(field)
    for child in list(run):
        field.append(child)
    paragraph._p.remove(run)


def _row_height(row: Sequence[str], widths: Sequence[int]) -> float:
    held = [(Length(width).pt - 2 * CELL_MARGIN) / looks.TEXT_POINTS for width in widths]
    return max(map(lines_of, row, held)) * looks.TEXT_POINTS * LEADING + 2 * CELL_MARGIN


def _split(parts: Sequence[Part], heights: Sequence[float], room: float) -> Iterator[list[Part]]:
    """The parts in runs that fit the room; one that is higher than it stands alone."""
    run: list[Part] = []
    used = 0.0
    for part, height in zip(parts, heights, strict=True):
        if run and used + height > room:
            yield run
            run, used = [], 0.0
        run.append(part)
        used += height
    if run:
        yield run


def _evenly(parts: Sequence[Part]) -> list[Sequence[Part]]:
    """The parts in as few runs as can be, none much shorter than another."""
    size = ceil(len(parts) / max(1, ceil(len(parts) / BARS)))
    return [parts[at : at + size] for at in range(0, len(parts), size or 1)]


def _numbered(title: str, runs: Sequence[Sequence[Part]]) -> Iterator[tuple[str, Sequence[Part]]]:
    for number, run in enumerate(runs, start=1):
        yield (f"{title}（{number}/{len(runs)}）" if len(runs) > 1 else title), run
