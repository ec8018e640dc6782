import io
from zipfile import ZipFile

import pytest
from docx import Document

from tests.office.documents import stream_of
from tracker.office.recognition import FileKind, recognise


def a_zip(name: str) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", FileKind.empty),
        ("问题".encode(), FileKind.text),
        (("a" + "问题" * 40_000).encode("gb18030"), FileKind.text),
        (("a" + "问题" * 40_000).encode(), FileKind.text),
        (stream_of(Document()).getvalue(), FileKind.docx),
        (a_zip("xl/workbook.xml"), FileKind.xlsx),
        (a_zip("photo.jpg"), FileKind.zip),
        (b"PK\x03\x04broken", FileKind.zip),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", FileKind.ole),
        (b"%PDF-1.4", FileKind.pdf),
        (b"\xff\xd8\xff\xe0", FileKind.image),
        (b"RIFF0000WEBPVP8 ", FileKind.image),
        (b"BM0000" + bytes(8), FileKind.image),
        (b"BM is the beginning of a text", FileKind.text),
        (b"\x00\x01\x02\x03", FileKind.unknown),
    ],
)
def test_a_file_is_known_by_its_content(data: bytes, kind: FileKind) -> None:
    assert recognise(io.BytesIO(data)) is kind


def test_the_stream_stands_at_its_beginning_afterwards() -> None:
    stream = io.BytesIO(a_zip("word/document.xml"))

    recognise(stream)

    assert stream.tell() == 0
