"""Reading plain text, whichever way an office machine stored it."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from tracker.office.paragraphs import Cell, Paragraph
from tracker.office.unreadable import Unreadable, UnreadableFile

CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
WEB_PAGE = re.compile(rb"\s*(<!doctype html|<html|mime-version:)", re.IGNORECASE)
MARGIN = " \t\u3000\xa0\u200b\ufeff"


def read_text(data: bytes) -> list[Paragraph]:
    """Read one paragraph per line that has words in it.

    Lines pasted from a table (two or more neighbours with tabs inside) come as its cells.
    Raises ``UnreadableFile`` when the bytes are empty or no text.
    """
    text = decoded_plain(data)[0]
    lines = [line.strip("\u200b\ufeff\n ") for line in LINE_ENDS.split(text)]
    return _paragraphs(lines)


def decode(data: bytes) -> str:
    """Decode by byte order mark, else as UTF-8, else as GB18030; raise ``UnreadableFile`` when none fits."""
    return decoded(data)[0]


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding, told as ``decode`` does."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROLS.search(text):
            return text, encoding
    raise UnreadableFile(Unreadable.not_text)


def is_text(head: bytes, *, complete: bool) -> bool:
    """Tell whether the bytes decode as text; an incomplete head may end within a character."""
    for cut in range(1 if complete else 4):
        try:
            decode(head[: len(head) - cut])
        except UnreadableFile:
            continue
        return True
    return False


def decoded_plain(data: bytes) -> tuple[str, str]:
    """The same of a file that is to be nothing but text; an empty, rich or marked-up one is refused as well."""
    if not data:
        raise UnreadableFile(Unreadable.empty)
    if data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFile(Unreadable.rich_text)
    if WEB_PAGE.match(data):
        raise UnreadableFile(Unreadable.web_page)
    return decoded(data)


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith(BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8", "gb18030")


def _paragraphs(lines: list[str]) -> list[Paragraph]:
    found: list[Paragraph] = []
    table = -1
    previous_was_row = False
    row = 0
    for place, line in enumerate(lines):
        if not line.strip(MARGIN):
            continue
        if not _is_row(lines, place):
            previous_was_row = False
            found.append(Paragraph(len(found), line.strip(MARGIN)))
            continue
        table, row = (table, row + 1) if previous_was_row else (table + 1, 0)
        previous_was_row = True
        for column, words in enumerate(line.split("\t")):
            if words.strip(MARGIN):
                cell = Cell(table, row, column)
                found.append(Paragraph(len(found), words.strip(MARGIN), in_table=True, cell=cell))
    return found


def _is_row(lines: list[str], place: int) -> bool:
    """Two neighbouring lines with two or more tabs each make rows; a single tab is only an indent after a number."""
    neighbours = lines[max(place - 1, 0) : place] + lines[place + 1 : place + 2]
    return all(line.count("\t") >= 2 for line in (lines[place], max(neighbours, key=_tabs, default="")))


def _tabs(line: str) -> int:
    return line.count("\t")
