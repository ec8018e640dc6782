"""Writes official documents: title, numbered headings, paragraphs and tables in the form of GB/T 9704."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.section import Section
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from tracker.office import gbt9704
from tracker.office.docx_fonts import name_fall_backs
from tracker.office.docx_forms import FormField, form_element
from tracker.office.docx_red_head import red_head
from tracker.office.docx_tables import table_element

# Whatever XML 1.0 does not allow: control characters but tab and line feed, lone surrogates, the two non-characters.
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without characters that a Word file cannot hold; every kind of line end becomes a line feed."""
    return _ILLEGAL.sub("", re.sub("\r\n?|\x0b|\x0c|\u2028|\u2029", "\n", text))


class Document:
    """An official document that grows from top to bottom."""

    def __init__(self, title: str, *, made_at: datetime, is_lying: bool = False) -> None:
        """Begin a page with the title, of one line or several; ``made_at`` (aware) is noted in the file."""
        self._document = docx.Document()
        gbt9704.dress(self._document)
        name_fall_backs(self._document)
        # The last section, kept: looking for it takes the longer the more there is.
        self._section = self._document.sections[0]
        self._style_ids: dict[str, str | None] = {}
        if is_lying:
            gbt9704.lay_across(self._section)
        self._describe(clean(title), made_at)
        self._write(title, gbt9704.TITLE_STYLE)

    def title(self, text: str) -> None:
        """Add one more title, of a paper that follows in the same file."""
        self._write(text, gbt9704.TITLE_STYLE)

    def heading(self, level: int, text: str) -> None:
        """Add a heading of level 1 (一、), 2 (（一）), 3 (1.) or 4 (（1）); the number is part of the text."""
        self._write(text, gbt9704.HEADING_STYLES[level])

    def paragraph(self, text: str) -> None:
        """Add body text with the first line indented; each line of the text is a paragraph of its own."""
        for line in clean(text).split("\n"):
            self._write(line, gbt9704.BODY_STYLE)

    def line(self, text: str) -> None:
        """Add a line that is not indented, such as the note over a table."""
        self._write(text, "Normal")

    def centred(self, text: str) -> None:
        """Add a line in the middle, such as the number of a paper."""
        self._write(text, "Normal").alignment = WD_ALIGN_PARAGRAPH.CENTER

    def note(self, text: str) -> None:
        """Add small print that is not indented."""
        for line in clean(text).split("\n"):
            self._write(line, gbt9704.NOTE_STYLE)

    def picture(self, content: bytes, words: str) -> None:
        """Add a picture (.png) as wide as the text; ``words`` say what it shows to whoever cannot see it."""
        paragraph = self._document.add_paragraph(style="Normal")
        # Lines of a fixed height would show no more of it than one line.
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        shape = paragraph.add_run().add_picture(BytesIO(content), width=gbt9704.text_width(self._section))
        shape._inline.docPr.set("descr", clean(words))

    def spread(self, left: str, right: str) -> None:
        """Add a line that is not indented with one text at each edge, such as the number and the signer of a paper."""
        paragraph = self._write(f"{left}\t{right}", "Normal")
        width = gbt9704.text_width(self._section)
        paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)

    def signature(self, *lines: str) -> None:
        """Add who signs and the day after an empty line, at the right, four characters from the edge."""
        self._write("", "Normal")
        for line in lines:
            paragraph = self._write(line, "Normal")
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.right_indent = Pt(4 * gbt9704.BODY_POINTS)

    def red_head(self, organ: str, number: str, signer: str) -> None:
        """Put the red head of the organ over all that was written so far."""
        first = self._document.paragraphs[0]._p
        for paragraph in red_head(*map(clean, (organ, number, signer))):
            first.addprevious(paragraph)

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        merged: Collection[int] = (),
        lengths: Sequence[float] | None = None,
    ) -> None:
        """Add a table as wide as the text, its heading row repeated on every page.

        ``merged`` are the columns (from 0) in which equal cells under each other become one. ``lengths`` are for a
        table that is filled later: how many characters the columns are going to hold.
        """
        width = gbt9704.text_width(self._section)
        cleaned = [[clean(cell) for cell in row] for row in rows]
        told = [clean(heading) for heading in headings]
        table = table_element(told, cleaned, width=width, merged=merged, lengths=lengths)
        self._document.element.body.insert_element_before(table, "w:sectPr")
        # Word joins two tables that nothing separates, and a file may not end with one.
        _make_thin(self._document.add_paragraph())

    def form(self, rows: Sequence[Sequence[FormField]]) -> None:
        """Add a form as wide as the text; a row holds one field or two side by side."""
        width = gbt9704.text_width(self._section)
        cleaned = [
            [replace(each, label=clean(each.label), text=clean(each.text), foot=clean(each.foot)) for each in row]
            for row in rows
        ]
        self._document.element.body.insert_element_before(form_element(cleaned, width=width), "w:sectPr")
        _make_thin(self._document.add_paragraph())

    def widen(self) -> None:
        """Let the text take the page but for narrow margins, from here on."""
        gbt9704.widen(self._section)

    def landscape(self) -> None:
        """Go on across a new page."""
        gbt9704.lay_across(self._new_page())

    def portrait(self) -> None:
        """Go on upright on a new page."""
        gbt9704.lay_upright(self._new_page())

    def save(self, stream: IO[bytes]) -> None:
        """Write the .docx file."""
        self._document.save(stream)

    def to_bytes(self) -> bytes:
        """The .docx file."""
        stream = BytesIO()
        self.save(stream)
        return stream.getvalue()

    def _describe(self, title: str, made_at: datetime) -> None:
        properties = self._document.core_properties
        properties.title, properties.author, properties.comments = title.replace("\n", "")[:255], "", ""
        properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)

    def _write(self, text: str, style: str) -> Paragraph:
        paragraph = self._document.add_paragraph()
        paragraph._p.style = self._style_id(style)
        paragraph.add_run(clean(text))._r.get_or_add_rPr().append(gbt9704.hint())
        return paragraph

    def _style_id(self, style: str) -> str | None:
        """The id of a style, looked up once: python-docx goes through all styles for every paragraph."""
        if style not in self._style_ids:
            part: Any = self._document.part
            self._style_ids[style] = part.get_style_id(style, WD_STYLE_TYPE.PARAGRAPH)
        return self._style_ids[style]

    def _new_page(self) -> Section:
        self._section = self._document.add_section(WD_SECTION.NEW_PAGE)
        # The paragraph that carries the break would otherwise take a line, and after a full page a whole empty one.
        _make_thin(self._document.paragraphs[-1])
        return self._section


def _make_thin(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(1)
