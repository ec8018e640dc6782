"""Filling a blank Word file with rows: a table's rows are copied from its first one, all else stays as it is."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from io import BytesIO
from typing import BinaryIO

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from tracker.office.docx_writing import clean
from tracker.office.filling import Space, Words, runs_of_equal
from tracker.office.unreadable import Unreadable, UnreadableFile


def fill_document(stream: BinaryIO, space: Space, rows: Sequence[Sequence[str]], words: Words) -> bytes:
    """The document with these rows in their table and its blanks filled in; ``space.sheet`` is the table's name.

    A row that is put in looks like the first one of the space. Raises ``UnreadableFile`` when the document has no such
    table or no such rows.
    """
    try:
        document = docx.Document(stream)
        table = dict(named_tables(document.element.body))[space.sheet]
        there = _rows(table)[space.first - 1 : space.last]
        template = there[0]
    except Exception as error:
        # Whatever a broken file makes it raise: KeyError, IndexError and its own among them.
        raise UnreadableFile(Unreadable.broken) from error
    for paragraph in document.element.body.iter(qn("w:p")):
        _fill_blanks(paragraph, words)
    _fill(template, there, space, rows)
    found = BytesIO()
    document.save(found)
    return found.getvalue()


def named_tables(body: BaseOxmlElement) -> Iterator[tuple[str, BaseOxmlElement]]:
    """The tables of a document that stand in no other, in order, by the name they are known by: 表1, 表2."""
    alone = [table for table in body.iter(qn("w:tbl")) if not any(True for _ in table.iterancestors(qn("w:tbl")))]
    for number, table in enumerate(alone, start=1):
        yield f"表{number}", table


def _rows(table: BaseOxmlElement) -> list[BaseOxmlElement]:
    return [row for row in table.iter(qn("w:tr")) if next(row.iterancestors(qn("w:tbl"))) is table]


def _fill(
    template: BaseOxmlElement, there: Sequence[BaseOxmlElement], space: Space, rows: Sequence[Sequence[str]]
) -> None:
    blank = deepcopy(template)
    areas = runs_of_equal(rows, sorted(space.columns.index(column) for column in space.merged))
    for at, row in enumerate(rows):
        filled = deepcopy(blank)
        cells = dict(_cells(filled))
        for place, (column, text) in enumerate(zip(space.columns, row, strict=True)):
            if column not in cells:
                continue
            reach = areas.get((at, place), 1)
            _write(cells[column], text if reach else "")
            _join(cells[column], reach if (at, place) in areas else None)
        template.addprevious(filled)
    for old in there[: len(rows)]:
        old.getparent().remove(old)


def _cells(row: BaseOxmlElement) -> Iterator[tuple[int, BaseOxmlElement]]:
    """The cells of a row by the number of their first column."""
    properties = row.find(qn("w:trPr"))
    before = properties.find(qn("w:gridBefore")) if properties is not None else None
    column = 1 + (int(before.get(qn("w:val"), "0")) if before is not None else 0)
    for cell in row.iterchildren(qn("w:tc"), qn("w:sdt")):
        inner = cell if cell.tag == qn("w:tc") else next(cell.iter(qn("w:tc")), None)
        if inner is None:
            continue
        yield column, inner
        span = inner.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        column += int(span.get(qn("w:val"), "1")) if span is not None else 1


def _write(cell: BaseOxmlElement, text: str) -> None:
    """The text in the first paragraph of the cell, in the look that it had; a line is a line of the paragraph."""
    first, *others = list(cell.iterchildren(qn("w:p")))
    for paragraph in others:
        cell.remove(paragraph)
    look = first.find(f".//{qn('w:rPr')}")
    if (mark := first.find(f"{qn('w:pPr')}/{qn('w:rPr')}")) is not None and first.find(qn("w:r")) is None:
        look = mark
    look = deepcopy(look) if look is not None else None
    for child in list(first):
        if child.tag != qn("w:pPr"):
            first.remove(child)
    run = OxmlElement("w:r")
    if look is not None:
        run.append(look)
    run.text = clean(text)
    first.append(run)


def _join(cell: BaseOxmlElement, reach: int | None) -> None:
    """Begin a merged cell (``reach`` rows), be part of the one above (0), or stand alone (None)."""
    properties = cell.get_or_add_tcPr()
    for old in properties.findall(qn("w:vMerge")):
        properties.remove(old)
    if reach is None or reach == 1:
        return
    merge = OxmlElement("w:vMerge")
    merge.set(qn("w:val"), "restart" if reach else "continue")
    after = [each for each in (qn("w:gridSpan"), qn("w:tcW")) if properties.find(each) is not None]
    if after:
        properties.find(after[0]).addnext(merge)
    else:
        properties.insert(0, merge)


def _fill_blanks(paragraph: BaseOxmlElement, words: Words) -> None:
    """Fill in the blanks of a paragraph, each in the look of the run it begins in; other runs are not touched."""
    texts = [text for text in paragraph.iter(qn("w:t")) if next(text.iterancestors(qn("w:p"))) is paragraph]
    whole = "".join(text.text or "" for text in texts)
    for change in reversed(words(whole)):
        replace_span(texts, change.start, change.end, change.text)


def replace_span(texts: Sequence[BaseOxmlElement], start: int, end: int, new: str) -> None:
    """Put ``new`` in place of the signs from ``start`` to ``end`` of neighbouring text elements of runs.

    It stands in the element that the first of the signs stood in, so in that one's look.
    """
    at = 0
    for text in texts:
        old = text.text or ""
        begin, stop = max(start - at, 0), min(end - at, len(old))
        at += len(old)
        if begin > len(old) or (begin == len(old) and start != end) or stop < 0:
            continue
        text.text = old[:begin] + clean(new) + old[stop:]
        text.set(qn("xml:space"), "preserve")
        new = ""
        if end <= at:
            return
