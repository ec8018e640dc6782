"""Workbooks built in tests."""

import io
from collections.abc import Callable, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet


def a_workbook(*sheets: Sequence[Sequence[Any]], dress: Callable[[Workbook], None] | None = None) -> io.BytesIO:
    """A workbook with these rows, one sheet after the other; ``dress`` may do anything to it before it is saved."""
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet: Worksheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    if dress:
        dress(book)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def rewritten(stream: io.BytesIO, change: Callable[[str, bytes], bytes | None]) -> io.BytesIO:
    """The package with parts changed by ``change(name, data)``; a part for which it gives None is left out."""
    written = io.BytesIO()
    with ZipFile(stream) as old, ZipFile(written, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    written.seek(0)
    return written
