"""Telling files apart by what is in them, never by their names."""

from enum import StrEnum
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from tracker.office.text_reading import is_text

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
HEAD_BYTES = 64 * 1024


class FileKind(StrEnum):
    """What a file is by its content."""

    docx = "docx"
    xlsx = "xlsx"
    text = "text"
    ole = "ole"
    pdf = "pdf"
    image = "image"
    zip = "zip"
    empty = "empty"
    unknown = "unknown"


def recognise(stream: BinaryIO) -> FileKind:
    """Tell the kind of a seekable stream from its content and leave the stream at its beginning."""
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    kind = _kind_of_head(head)
    if kind is FileKind.zip:
        kind = _kind_of_zip(stream)
    stream.seek(0)
    return kind


def _kind_of_head(head: bytes) -> FileKind:
    if not head:
        return FileKind.empty
    if head.startswith(OLE):
        return FileKind.ole
    if head.startswith((ZIP, b"PK\x05\x06")):
        return FileKind.zip
    if b"%PDF-" in head[:1024]:
        return FileKind.pdf
    if head.startswith(IMAGES) or _is_webp_or_bitmap(head):
        return FileKind.image
    return FileKind.text if is_text(head, complete=len(head) < HEAD_BYTES) else FileKind.unknown


def _is_webp_or_bitmap(head: bytes) -> bool:
    is_webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    return is_webp or (head.startswith(b"BM") and head[6:10] == bytes(4))


def _kind_of_zip(stream: BinaryIO) -> FileKind:
    stream.seek(0)
    try:
        with ZipFile(stream) as archive:
            names = set(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return FileKind.zip
    if any(name.startswith("word/document") for name in names):
        return FileKind.docx
    if any(name.startswith("xl/workbook") for name in names):
        return FileKind.xlsx
    return FileKind.zip
