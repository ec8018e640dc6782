"""Word tables built in tests."""

from collections.abc import Sequence

from docx.document import Document as DocxDocument
from docx.table import Table

from tests.office.documents import stream_of
from tracker.office.docx_reading import read_word_file
from tracker.office.sheets import Sheet


def a_table(document: DocxDocument, rows: Sequence[Sequence[object]], *merged: tuple[int, int, int, int]) -> Table:
    """A table with these rows; ``merged`` areas are top, left, bottom, right from 0."""
    table = document.add_table(len(rows), max(len(row) for row in rows))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, words in zip(cells.cells, row, strict=False):
            cell.text = "" if words is None else str(words)
    for top, left, bottom, right in merged:
        words = table.cell(top, left).text
        table.cell(top, left).merge(table.cell(bottom, right)).text = words
    return table


def sheets_of(document: DocxDocument) -> list[Sheet]:
    """The tables of a document as they are read."""
    return read_word_file(stream_of(document)).sheets("表{}".format)
