"""The words of a Word paragraph in pieces, and what stands between them that a replacement would break."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from xml.etree.ElementTree import Element

from tracker.office.docx_numbering import W
from tracker.office.docx_reading import FALLBACK, SIGNS, is_hidden
from tracker.office.passages import Span


class Obstacle(StrEnum):
    """What a replacement would break."""

    field = "field"
    link = "link"
    tracked = "tracked"
    note = "note"
    hidden = "hidden"
    drawing = "drawing"
    bound = "bound"
    other = "other"


SILENT = {
    f"{W}{tag}"
    for tag in (
        *("pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "instrText", "proofErr"),
        *("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd"),
        *("lastRenderedPageBreak", "softHyphen", "annotationRef", "commentReference"),
    )
} | {FALLBACK}
WRAPPERS = {f"{W}{tag}" for tag in ("r", "sdt", "sdtContent", "customXml", "smartTag", "bdo", "dir")}
SPANNING = {
    f"{W}fldSimple": Obstacle.field,
    f"{W}hyperlink": Obstacle.link,
    f"{W}ins": Obstacle.tracked,
    f"{W}moveTo": Obstacle.tracked,
}
STANDING = {
    **{f"{W}{tag}": Obstacle.tracked for tag in ("del", "moveFrom")},
    **{f"{W}{tag}": Obstacle.note for tag in ("footnoteReference", "endnoteReference")},
    **{f"{W}{tag}": Obstacle.drawing for tag in ("drawing", "pict", "object")},
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent": Obstacle.drawing,
}
BLANKS = " \u3000\xa0\t"


class Hurdle(NamedTuple):
    """An obstacle and the signs it reaches over; none where it stands between two of them."""

    what: Obstacle
    span: Span


class Piece(NamedTuple):
    """A stretch of signs that one element holds, with the run it belongs to."""

    start: int
    text: str
    element: Element
    run: Element


@dataclass
class Pieces:
    """The words of one paragraph. ``fields`` is how many fields are open at its end."""

    element: Element
    pieces: list[Piece] = field(default_factory=list)
    hurdles: list[Hurdle] = field(default_factory=list)
    fields: int = 0

    @property
    def text(self) -> str:
        """The words as printed."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def gaps(self) -> tuple[Span, ...]:
        """Stretches of at least two underlined blanks."""
        found: list[Span] = []
        for piece in self.pieces:
            if piece.text.strip(BLANKS) or not piece.text or not _is_underlined(piece.run):
                continue
            span = Span(piece.start, piece.start + len(piece.text))
            if found and found[-1].end == span.start:
                span = Span(found.pop().start, span.end)
            found.append(span)
        return tuple(span for span in found if span.end - span.start > 1)

    def hurdle(self, span: Span) -> Obstacle | None:
        """What keeps these signs from being replaced. Within a tracked insertion they may be."""
        for what, (start, end) in self.hurdles:
            if what is Obstacle.tracked and start <= span.start and span.end <= end and start < end:
                continue
            if start < end and span.start < span.end and start < span.end and span.start < end:
                return what
            if start < span.start < end or span.start < start < span.end:
                return what
        return None


def pieces_of(paragraph: Element, fields: int) -> Pieces:
    """The words of a paragraph at whose beginning so many fields are open."""
    return _Reader(paragraph, fields).read()


def _is_underlined(run: Element) -> bool:
    line = run.find(f"{W}rPr/{W}u")
    return line is not None and line.get(f"{W}val", "single") != "none"


class _Reader:
    def __init__(self, paragraph: Element, fields: int) -> None:
        self.found = Pieces(paragraph, fields=fields)
        self.at = 0
        self.field_start = 0

    def read(self) -> Pieces:
        self._walk(self.found.element, self.found.element)
        if self.found.fields:
            self._note(Obstacle.field, self.field_start)
        return self.found

    def _walk(self, parent: Element, run: Element) -> None:
        for child in parent:
            if child.tag in SILENT:
                continue
            if child.tag == f"{W}t" or (child.tag in SIGNS and not _breaks_page(child)):
                self._take(child, run)
            elif child.tag == f"{W}fldChar":
                self._meet_field(child.get(f"{W}fldCharType", ""))
            elif is_hidden(child):
                self._note(Obstacle.hidden, self.at)
            else:
                self._go_into(child, run)

    def _go_into(self, child: Element, run: Element) -> None:
        start = self.at
        if child.tag in WRAPPERS or child.tag in SPANNING:
            self._walk(child, child if child.tag == f"{W}r" else run)
            what = SPANNING.get(child.tag)
            if child.find(f"{W}sdtPr/{W}dataBinding") is not None:
                what = Obstacle.bound
            if what is not None:
                self._note(what, start)
        else:
            self._note(STANDING.get(child.tag, Obstacle.other), start)

    def _take(self, child: Element, run: Element) -> None:
        text = (child.text or "") if child.tag == f"{W}t" else SIGNS[child.tag]
        self.found.pieces.append(Piece(self.at, text, child, run))
        self.at += len(text)

    def _meet_field(self, kind: str) -> None:
        if kind == "begin":
            self.field_start = self.at if not self.found.fields else self.field_start
            self.found.fields += 1
        elif kind == "end" and self.found.fields:
            self.found.fields -= 1
            if not self.found.fields:
                self._note(Obstacle.field, self.field_start)

    def _note(self, what: Obstacle, start: int) -> None:
        self.found.hurdles.append(Hurdle(what, Span(start, self.at)))


def _breaks_page(sign: Element) -> bool:
    return sign.get(f"{W}type", "textWrapping") != "textWrapping"


def paragraphs_below(parent: Element) -> Iterator[Element]:
    """All paragraphs that are printed, each before those of the text boxes that hang on it."""
    for child in parent:
        if child.tag in {FALLBACK, f"{W}del", f"{W}moveFrom"} or child.find(f"{W}trPr/{W}del") is not None:
            continue
        if child.tag == f"{W}p":
            yield child
        yield from paragraphs_below(child)
