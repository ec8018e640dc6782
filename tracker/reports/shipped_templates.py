"""The templates that come with the program, made by the house's own writer: filled as they are, or copied."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache

from tracker.core.i18n import lazy_gettext as _l
from tracker.office.docx_writing import Document


class Shipped(StrEnum):
    """A template that comes with the program."""

    PLAIN = "plain"
    RED_HEAD = "red-head"


SHIPPED_LABELS: Mapping[Shipped, object] = {
    Shipped.PLAIN: _l("报告（公文格式）"),
    Shipped.RED_HEAD: _l("报告（红头）"),
}
# Files are always Chinese.
SHIPPED_NAMES: Mapping[Shipped, str] = {
    Shipped.PLAIN: "报告模板（公文格式）.docx",
    Shipped.RED_HEAD: "报告模板（红头）.docx",
}
_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
_LEVELS = (1, 2, 3, 4)
# Heading, mark and how many characters it is likely to hold, which the widths are shared by.
_COLUMNS = (
    ("序号", "position", 3),
    ("编号", "number", 10),
    ("来源", "source", 10),
    ("类别", "category", 8),
    ("具体内容", "text", 120),
    ("责任领导", "leader", 4),
    ("牵头单位", "lead_unit", 10),
    ("整改时限", "deadline", 10),
    ("销号状态", "state", 5),
    ("销号时间", "closed_on", 7),
)


@cache
def shipped_template(which: Shipped) -> bytes:
    """The template as a .docx file."""
    document = Document("{{ title }}", made_at=_MADE_AT)
    if which is Shipped.RED_HEAD:
        document.red_head("{{ organ }}文件", "{{ document_number }}", "{{ signer }}")
    _text(document)
    document.paragraph("{%p if organ %}")
    document.signature("{{ organ }}", "{{ issued_on }}")
    document.paragraph("{%p endif %}")
    document.heading(1, "附：数据口径")
    _each(document, "definition_notes")
    _attachment(document)
    return document.to_bytes()


def _text(document: Document) -> None:
    document.paragraph("{%p for line in text %}")
    for level in _LEVELS:
        document.paragraph(f"{{%p {'if' if level == 1 else 'elif'} line.level == {level} %}}")
        document.heading(level, "{{ line.text }}")
    document.paragraph("{%p else %}")
    document.paragraph("{{ line.text }}")
    document.paragraph("{%p endif %}")
    document.paragraph("{%p endfor %}")


def _each(document: Document, name: str) -> None:
    document.paragraph(f"{{%p for each in {name} %}}")
    document.paragraph("{{ each.text }}")
    document.paragraph("{%p endfor %}")


def _attachment(document: Document) -> None:
    document.landscape()
    document.heading(1, "附表　整改情况")
    headings = [heading for heading, _name, _length in _COLUMNS]
    empty = [""] * (len(_COLUMNS) - 1)
    rows = [
        ["{%tr for each in attachment %}", *empty],
        [f"{{{{ each.{name} }}}}" for _heading, name, _length in _COLUMNS],
        ["{%tr endfor %}", *empty],
    ]
    document.table(headings, rows, lengths=[length for _heading, _name, length in _COLUMNS])
    document.paragraph("{%p if attachment_left_out %}")
    document.note("另有{{ attachment_left_out }}个按规定不予公开，未列入本表。")
    document.paragraph("{%p endif %}")
