"""Word documents built in tests."""

import io
from collections.abc import Sequence
from zipfile import ZipFile

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph as DocxParagraph

from tracker.office.docx_reading import read_docx
from tracker.office.paragraphs import Paragraph

W = nsdecls("w")


def stream_of(document: DocxDocument) -> io.BytesIO:
    """A document as a file that was uploaded."""
    stream = io.BytesIO()
    document.save(stream)
    stream.seek(0)
    return stream


def read(document: DocxDocument) -> list[Paragraph]:
    """A document as it is read."""
    return read_docx(stream_of(document))


def texts(document: DocxDocument) -> list[str]:
    """The words of the paragraphs of a document, as they are read."""
    return [paragraph.text for paragraph in read(document)]


def numbers(document: DocxDocument) -> list[str]:
    """The printed numbers of the paragraphs of a document, as they are read."""
    return [paragraph.number for paragraph in read(document)]


def level(place: int, number_format: str, text: str, *, start: int = 1, more: str = "") -> str:
    """The XML of one level of a list."""
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>'
        f'{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def add_list(document: DocxDocument, key: int, levels: Sequence[str], *, number_id: int | None = None) -> None:
    """Define a list with its levels; its number id is its key unless another is given."""
    root = document.part.numbering_part.element
    abstract = parse_xml(f'<w:abstractNum {W} w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>')
    root.insert(0, abstract)
    add_number(document, number_id or key, key)


def add_number(document: DocxDocument, number_id: int, key: int, overrides: str = "") -> None:
    """Define another use of a list, with what it overrides."""
    root = document.part.numbering_part.element
    root.append(parse_xml(f'<w:num {W} w:numId="{number_id}"><w:abstractNumId w:val="{key}"/>{overrides}</w:num>'))


def number(paragraph: DocxParagraph, number_id: int, place: int = 0) -> DocxParagraph:
    """Put a paragraph into a list."""
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{place}"/><w:numId w:val="{number_id}"/></w:numPr>'))
    return paragraph


def numbered(levels: Sequence[str], entries: Sequence[tuple[int, str]]) -> DocxDocument:
    """A document of one list: each entry is its level and its words."""
    document = Document()
    add_list(document, 90, levels)
    for place, words in entries:
        number(document.add_paragraph(words), 90, place)
    return document


def repacked(stream: io.BytesIO, changes: dict[str, bytes]) -> io.BytesIO:
    """The same package with some parts replaced or added."""
    packed = io.BytesIO()
    with ZipFile(stream) as old, ZipFile(packed, "w") as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            new.writestr(name, data)
    packed.seek(0)
    return packed
