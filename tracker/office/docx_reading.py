"""Reading the words of a Word document: paragraphs and table cells in document order, with printed numbers."""

import posixpath
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree.ElementTree import Element

from tracker.office.docx_grids import Grid
from tracker.office.docx_numbering import Numbering, W, read_numbering, value
from tracker.office.docx_styles import Styles, read_styles
from tracker.office.package import Package, opened
from tracker.office.paragraphs import Cell, Paragraph
from tracker.office.recognition import FileKind, recognise
from tracker.office.sheets import Sheet
from tracker.office.unreadable import Unreadable, UnreadableFile

RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
NOT_PRINTED = {f"{W}{tag}" for tag in ("pPr", "rPr", "del", "moveFrom", "instrText", "delText")} | {FALLBACK}
WRAPPERS = {f"{W}{tag}" for tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
MARGIN = " \t\n\u3000\xa0\u200b\ufeff"
REFUSED = {
    FileKind.empty: Unreadable.empty,
    FileKind.xlsx: Unreadable.workbook,
    FileKind.pdf: Unreadable.pdf,
    FileKind.image: Unreadable.image,
}


@dataclass(frozen=True)
class WordFile:
    """A Word document in document order: its paragraphs with words in them, and its tables once more as grids."""

    paragraphs: list[Paragraph]
    grids: list[Grid]

    def sheets(self, name: Callable[[int], str]) -> list[Sheet]:
        """The tables as sheets, each under the name of its place, counted from 1."""
        return [grid.sheet(name(place)) for place, grid in enumerate(self.grids, start=1)]


def read_docx(stream: BinaryIO) -> list[Paragraph]:
    """Read all paragraphs with words in them, each table cell once.

    Deleted and hidden words are left out, inserted ones stand. Raises ``UnreadableFile``.
    """
    return read_word_file(stream).paragraphs


def read_word_file(stream: BinaryIO) -> WordFile:
    """Read paragraphs and tables in one pass. Raises ``UnreadableFile``."""
    with opened_docx(stream) as package:
        return _Reader(package).read()


@contextmanager
def opened_docx(stream: BinaryIO) -> Iterator[Package]:
    """Open a Word document for reading. Raises ``UnreadableFile`` for whatever else it is."""
    kind = recognise(stream)
    if kind is FileKind.ole:
        raise UnreadableFile(kind_of_ole(stream.read()))
    if kind not in {FileKind.docx, FileKind.zip}:
        raise UnreadableFile(REFUSED.get(kind, Unreadable.not_docx))
    with opened(stream) as package:
        if kind is FileKind.zip:
            raise UnreadableFile(Unreadable.not_docx)
        yield package


def kind_of_ole(data: bytes) -> Unreadable:
    """An encrypted .docx is an OLE file around one stream; .doc and .wps hold WordDocument, .xls and .et Workbook."""
    for name, kind in (
        ("EncryptedPackage", Unreadable.encrypted),
        ("Workbook", Unreadable.old_workbook),
        ("WordDocument", Unreadable.old_word),
    ):
        if name.encode("utf-16-le") in data:
            return kind
    return Unreadable.old_word


class _Reader:
    def __init__(self, package: Package) -> None:
        name = main_part(package)
        root = package.part(name)
        body = root.find(f"{W}body") if root is not None else None
        if body is None:
            raise UnreadableFile(Unreadable.broken)
        folder = posixpath.dirname(name)
        self.body = body
        self.styles: Styles = read_styles(package.part(posixpath.join(folder, "styles.xml")))
        numbering_part = package.part(posixpath.join(folder, "numbering.xml"))
        self.numbering: Numbering = read_numbering(numbering_part, self.styles.by_id)
        self.found: list[Paragraph] = []
        self.grids: list[Grid] = []
        self.lines: list[str] = []

    def read(self) -> WordFile:
        self._read_blocks(self.body, None)
        return WordFile(self.found, self.grids)

    def _read_blocks(self, parent: Element, cell: Cell | None) -> None:
        for block in _blocks(parent):
            if block.tag == f"{W}p":
                self._read_paragraph(block, cell)
            else:
                self._read_table(block)

    def _read_paragraph(self, paragraph: Element, cell: Cell | None) -> None:
        text = "".join(_words(paragraph)).strip(MARGIN)
        number = self.styles.number(paragraph, self.numbering) if is_counted(paragraph, text) else ""
        if text:
            level = self.styles.heading_level(paragraph)
            self.found.append(Paragraph(len(self.found), text, number, level, cell is not None, cell))
        if cell is not None:
            self.grids[cell.table].write(cell.row, cell.column, number, text)
        elif text:
            self.lines.append(f"{number}{text}")
        for box in _text_boxes(paragraph):
            self._read_blocks(box, cell)

    def _read_table(self, table: Element) -> None:
        number, grid = len(self.grids), Grid(self.lines)
        self.grids.append(grid)
        self.lines = []
        for row_number, row in enumerate(_rows(table)):
            column = int(_property(row, "trPr", "gridBefore") or 0)
            for cell in _below(row, f"{W}tc"):
                width = int(_property(cell, "tcPr", "gridSpan") or 1)
                if _continues(cell, "vMerge"):
                    grid.reach_down(row_number, column)
                elif _continues(cell, "hMerge"):
                    grid.reach_right(row_number, column, width=width)
                else:
                    grid.begin(row_number, column, width=width)
                    self._read_blocks(cell, Cell(number, row_number, column))
                column += width


def main_part(package: Package) -> str:
    """The name of the part that holds the text."""
    relationships = package.part("_rels/.rels")
    for relationship in relationships.iter(RELATIONSHIP) if relationships is not None else ():
        if relationship.get("Type", "").endswith("/officeDocument"):
            return relationship.get("Target", "").lstrip("/")
    return "word/document.xml"


def _blocks(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif child.tag in WRAPPERS:
            yield from _blocks(child)


def _below(parent: Element, tag: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _below(child, tag)


def _words(parent: Element) -> Iterator[str]:
    for child in parent:
        if child.tag in NOT_PRINTED or child.tag == f"{W}txbxContent" or is_hidden(child):
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in SIGNS:
            yield SIGNS[child.tag]
        else:
            yield from _words(child)


def _text_boxes(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag not in NOT_PRINTED:
            yield from _text_boxes(child)


def is_hidden(run: Element) -> bool:
    """Whether a run is in the text but not printed."""
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val", "1") not in {"0", "false"}


def is_counted(paragraph: Element, text: str) -> bool:
    """Word counts empty paragraphs too, but not those whose whole text and mark were deleted in a tracked change."""
    return bool(text) or paragraph.find(f"{W}pPr/{W}rPr/{W}del") is None


def _property(element: Element, group: str, tag: str) -> str | None:
    properties = element.find(f"{W}{group}")
    return value(properties, tag) if properties is not None else None


def _continues(cell: Element, tag: str) -> bool:
    merge = cell.find(f"{W}tcPr/{W}{tag}")
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"


def _rows(table: Element) -> Iterator[Element]:
    """The rows that stand; those deleted in a tracked change do not."""
    return (row for row in _below(table, f"{W}tr") if row.find(f"{W}trPr/{W}del") is None)
