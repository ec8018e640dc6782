"""The rectification plan (整改方案) of a source as a Word file: outline, and what will be done about every item."""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import groupby

from tracker.exports.columns import (
    CAUSE,
    DEADLINE,
    GOAL,
    LEAD_UNIT,
    LEADER,
    OWNER,
    SUPERVISOR,
    SUPPORTING,
    Column,
    aspect,
    category,
)
from tracker.exports.files import Handing, mark_of
from tracker.exports.rows import PrintRow
from tracker.exports.tables import sum_of
from tracker.items.lists import ListName
from tracker.items.models import Item
from tracker.items.rules import ItemKind
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese, chinese_date
from tracker.sources.models import Section, Source

TITLE = "整改方案"
# What stands on one line of an item, in this order; what is empty is left out.
ANSWERING: tuple[Column, ...] = (LEADER, SUPERVISOR, LEAD_UNIT, SUPPORTING, OWNER, DEADLINE)


def plan_title(source: Source) -> str:
    """What the plan is called."""
    return f"{source.title}{TITLE}"


def to_plan(source: Source, rows: Sequence[PrintRow], handing: Handing) -> bytes:
    """The plan; 送审稿 while one of its items is a draft, the document number as soon as there is one."""
    mark = mark_of(rows)
    document = Document(f"{plan_title(source)}\n（{mark}）" if mark else plan_title(source), made_at=handing.taken_at)
    if source.document_number and not mark:
        document.line(source.document_number)
    document.paragraph(_opening(source, rows))
    for number, (above, below) in enumerate(_by(rows, aspect), start=1):
        if above is not None:
            document.heading(1, f"{chinese(number)}、{above.title}")
        for place, (heading, items) in enumerate(_by(below, category), start=1):
            if heading is not None:
                document.heading(2, f"（{chinese(place)}）{heading.title}")
            for serial, row in enumerate(items, start=1):
                _write(document, serial, row)
    document.paragraph(f"{handing.organ}\n{chinese_date(handing.on)}")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _opening(source: Source, rows: Sequence[PrintRow]) -> str:
    is_tasks = any(row.item.kind is ItemKind.TASK for row in rows)
    total = sum_of(ListName.TASKS if is_tasks else ListName.PROBLEMS, rows).partition("，已销号")[0]
    origin = "，".join(filter(None, (source.issuing_body, chinese_date(source.received_on))))
    return f"依据“{source.title}”（{origin}），共梳理{total}。现逐条明确目标、措施、责任和时限如下。"


def _by(
    rows: Sequence[PrintRow], heading: Callable[[Item], Section | None]
) -> Iterator[tuple[Section | None, list[PrintRow]]]:
    """Neighbouring rows below the same heading."""
    for section, below in groupby(rows, key=lambda row: heading(row.item)):
        yield section, list(below)


def _write(document: Document, serial: int, row: PrintRow) -> None:
    document.heading(3, f"{serial}. {row.item.finding}")
    for label, column in (("产生原因", CAUSE), ("整改目标", GOAL)):
        if words := column.value(row):
            document.paragraph(f"{label}：{words}")
    if row.measures:
        document.paragraph("整改措施：")
        for place, measure in enumerate(row.measures, start=1):
            document.paragraph(f"（{place}）{measure.text}")
    told = [f"{column.heading}：{words}" for column in ANSWERING if (words := column.value(row))]
    document.paragraph("；".join([*told, f"编号：{row.item.number}"]) + "。")
