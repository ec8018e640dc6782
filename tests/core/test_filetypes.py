"""What a file is, by its content; what its name promises."""

import io
import zipfile

import pytest

from tracker.core.errors import DomainError
from tracker.core.filetypes import Family, contradicts, of_type, read_endings, told_by_content

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 40
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
PDF = b"%PDF-1.7\n1 0 obj"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 504
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"


def packed(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("head", "family"),
    [
        (JPEG, Family.PICTURE),
        (PNG, Family.PICTURE),
        (b"GIF89a\x01\x00\x01\x00\x80\x00\x00;<script>alert(1)</script>", Family.PICTURE),
        (PDF, Family.PDF),
        (packed("[Content_Types].xml", "word/document.xml"), Family.OFFICE),
        (OLE, Family.OFFICE),
        (b"{\\rtf1 x}", Family.OFFICE),
        (packed("OFD.xml"), Family.ARCHIVE),
        (b"Rar!\x1a\x07\x00" + b"\x00" * 20, Family.ARCHIVE),
        (b"ID3\x03\x00" + b"\x00" * 50, Family.RECORDING),
        ("会议纪要".encode(), Family.TEXT),
        ("会议纪要".encode("gb18030"), Family.TEXT),
        ("\ufeff会议纪要".encode("utf-16"), Family.TEXT),
        (b"BMI,17.5\n", Family.TEXT),
        (b"GIF89a=1;alert(1)//", Family.TEXT),
        (PAGE, Family.WEB_PAGE),
        (b"\xef\xbb\xbf \n<html>", Family.WEB_PAGE),
        (PAGE.decode().encode("utf-16"), Family.WEB_PAGE),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', Family.WEB_PAGE),
        (b"<!-- x --><script>", Family.WEB_PAGE),
        (b"MZ\x90\x00" + b"\x00" * 100, Family.PROGRAM),
        (b"\x7fELF" + b"\x00" * 100, Family.PROGRAM),
        (b"#!/bin/sh\nrm -rf /", Family.PROGRAM),
        (b"\x00\x01\x02\x03", Family.OTHER),
        (b"", Family.TEXT),
    ],
)
def test_a_file_is_what_its_first_bytes_tell(head: bytes, family: Family) -> None:
    told = told_by_content(head)
    assert told.family is family
    assert of_type(told.media_type) == told


def test_a_letter_cut_in_two_does_not_make_a_text_something_else() -> None:
    assert told_by_content("长".encode() * 10 + "长".encode()[:2]).family is Family.TEXT


@pytest.mark.parametrize(
    ("name", "head", "is_contradicted"),
    [
        ("签到表.jpg", JPEG, False),
        ("签到表.JPG", PNG, False),
        ("签到表.jpg", PAGE, True),
        ("签到表.jpg", PDF, True),
        ("签到表.pdf", PAGE, True),
        ("办法.docx", packed("[Content_Types].xml", "word/document.xml"), False),
        ("加密.docx", OLE, False),
        ("老文件.wps", OLE, False),
        ("办法.docx", PAGE, True),
        ("台账.xls", PAGE, True),
        ("公文.ofd", packed("OFD.xml"), False),
        ("记录.txt", "会议".encode(), False),
        ("记录.txt", PAGE, True),
        ("记录.txt", PNG, True),
        ("网页.html", PAGE, False),
        ("没有扩展名", PAGE, False),
        ("数据.自定义", JPEG, False),
    ],
)
def test_a_name_is_held_against_the_content(name: str, head: bytes, is_contradicted: bool) -> None:
    assert contradicts(name, told_by_content(head)) is is_contradicted


def test_only_pictures_and_pdf_are_ever_shown() -> None:
    assert [told_by_content(each).is_shown for each in (JPEG, PNG, PDF)] == [True] * 3
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    assert not any(told_by_content(each).is_shown for each in (PAGE, svg, OLE, packed("a"), b"text"))
    assert not of_type("image/svg+xml").is_shown


def test_endings_are_read_as_people_write_them() -> None:
    assert read_endings("pdf, .DOCX；*.jpg、png") == {"pdf", "docx", "jpg", "png"}
    assert read_endings("  ") == frozenset()
    for wrong in ("p/df", "pdf,exe", "文档"):
        with pytest.raises(DomainError):
            read_endings(wrong)
