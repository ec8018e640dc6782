"""Opening an office package (a zip of XML parts) without being harmed by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from defusedxml.common import DefusedXmlException, DTDForbidden

from tracker.office.unreadable import Unreadable, UnreadableFile

UNPACKED_LIMIT_BYTES = 200 * 1024 * 1024
PART_LIMIT_BYTES = 60 * 1024 * 1024
RATIO_LIMIT = 200
BROKEN = (
    BadZipFile,
    ParseError,
    expat.ExpatError,
    ZlibError,
    LookupError,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    RecursionError,
)
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Package:
    """An opened package; parts are asked for by name."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())

    def part(self, name: str) -> Element | None:
        """Parse a part; None when the package has none of that name."""
        if name not in self.names:
            return None
        if self.archive.getinfo(name).file_size > PART_LIMIT_BYTES:
            raise UnreadableFile(Unreadable.bomb)
        data = self.archive.read(name).replace(STRICT, TRANSITIONAL)
        return _parsed(data)


def _parsed(data: bytes) -> Element:
    """Parse what declares nothing of its own: without it there are no entities that grow or reach outside.

    The library that refuses them calls Python for every element, ten times as slow.
    """
    gate = expat.ParserCreate()
    gate.StartDoctypeDeclHandler = _refuse_declarations
    gate.Parse(data, True)
    return fromstring(data)


def _refuse_declarations(name: str, system_id: str | None, public_id: str | None, _internal: bool) -> None:
    raise DTDForbidden(name, system_id, public_id)


@contextmanager
def opened(stream: BinaryIO) -> Iterator[Package]:
    """Open a package for reading, with every way of being broken or hostile turned into ``UnreadableFile``."""
    try:
        with ZipFile(stream) as archive:
            _refuse_harm(archive)
            yield Package(archive)
    except DefusedXmlException as error:
        raise UnreadableFile(Unreadable.entities) from error
    except BROKEN as error:
        raise UnreadableFile(Unreadable.broken) from error


def _refuse_harm(archive: ZipFile) -> None:
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile(Unreadable.encrypted)
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > UNPACKED_LIMIT_BYTES or unpacked > RATIO_LIMIT * max(packed, 1):
        raise UnreadableFile(Unreadable.bomb)
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise UnreadableFile(Unreadable.macros)
    types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in archive.namelist() else b""
    if b"macroEnabled" in types:
        raise UnreadableFile(Unreadable.macros)
