"""The printed guide: the text of guide.md as a Word file of two pages, by the program's own writer."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from tracker.office.docx_writing import Document

TEXT = Path(__file__).with_name("guide.md")
NAME = "安装与使用说明.docx"


def write(version: str, made_at: datetime) -> bytes:
    """The guide of a version; the same bytes for the same text, version and ``made_at`` (aware)."""
    title, *blocks = TEXT.read_text(encoding="utf-8").format(version=version).strip().split("\n\n")
    document = Document(title.removeprefix("# "), made_at=made_at)
    document.widen()
    for block in blocks:
        _add(block, document)
    return _steady(document.to_bytes(), made_at)


def _add(block: str, document: Document) -> None:
    if block.startswith("## "):
        document.heading(1, block.removeprefix("## "))
    elif block.startswith("|"):
        headings, _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.split("\n")]
        document.table(headings, rows)
    else:
        document.note("\n".join(f"　　{line}" for line in block.split("\n")))


def _steady(docx: bytes, made_at: datetime) -> bytes:
    """The same Word file with one time on all its parts, instead of that of its making."""
    target = io.BytesIO()
    when = made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(io.BytesIO(docx)) as made, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as steady:
        for name in made.namelist():
            steady.writestr(zipfile.ZipInfo(name, when), made.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()
