"""The printed guide fits two pages, names what is there, and is the same whenever it is made."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2

from deploy.bundle import guide
from tests.libreoffice import converted, needs_office

MADE_AT = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
FILES = Path(guide.__file__).with_name("files")


@needs_office
def test_the_guide_takes_two_pages_of_a4_and_the_second_is_more_than_half_full(tmp_path: Path) -> None:
    source = tmp_path / "guide.docx"
    source.write_bytes(guide.write("12.10.0-abcdef012-changed", MADE_AT))
    pages = pypdfium2.PdfDocument(converted(source, "pdf", tmp_path))
    assert [(round(width / 72 * 25.4), round(height / 72 * 25.4)) for width, height in map(size, pages)] == [
        (210, 297),
        (210, 297),
    ]
    last = pages[1].get_textpage()
    assert "技术联系人" in last.get_text_range()
    lowest = min(last.get_rect(number)[1] for number in range(last.count_rects()) if last.get_rect(number)[1] > 70)
    assert lowest < pages[1].get_height() / 2


def size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    return page.get_width(), page.get_height()


def test_the_guide_bears_the_version_and_no_mark_of_its_source() -> None:
    document = docx.Document(BytesIO(guide.write("0.1.0-abcdef012", MADE_AT)))
    text = "\n".join(
        [paragraph.text for paragraph in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    assert "版本 0.1.0-abcdef012" in text
    assert not re.search(r"[#|{}]|\*\*|`", text)


def test_every_script_that_the_guide_names_is_in_the_archive() -> None:
    named = set(re.findall(r"\b(?:install|start|stop|backup)\.(?:sh|bat)\b|\./rectify\b", guide.TEXT.read_text()))
    assert {name.removeprefix("./") for name in named} == {
        path.name for path in FILES.iterdir() if path.name not in {"check.py", "settings.sh"}
    }


def test_the_guide_is_the_same_whenever_it_is_made() -> None:
    assert guide.write("0.1.0", MADE_AT) == guide.write("0.1.0", MADE_AT)
