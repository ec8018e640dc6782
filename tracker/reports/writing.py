"""The section as a Word file: the text, what its figures mean, and a table of items for each source."""

from collections.abc import Collection
from datetime import date
from typing import IO

from tracker.core.i18n import force_locale
from tracker.figures.rules import DEFINITIONS, FigureName
from tracker.items.rules import ItemKind
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese_date
from tracker.reports.rules import WORDS, Facts, ItemFacts, Passage, SourceFacts
from tracker.reports.wording import level_of

_EXPLAINED = (
    FigureName.TOTAL,
    FigureName.CLOSED,
    FigureName.OPEN,
    FigureName.WITHDRAWN,
    FigureName.COMPLETED_BY_UNIT,
    FigureName.BASICALLY_COMPLETED,
    FigureName.CONFIRMED,
    FigureName.OVERDUE,
    FigureName.CLOSURE_RATE,
)


def write_docx(passage: Passage, facts: Facts, stream: IO[bytes]) -> None:
    """Write the section with 附：数据口径 and, across the page, 附表 for every source that has items."""
    document = Document(f"{facts.year}年度履行抓党建工作责任情况报告\n（整改落实部分）", made_at=facts.known_at)
    document.heading(2, passage.heading)
    for line in passage.lines:
        document.paragraph(line)
    _explain(document, facts)
    _attach(document, [source for source in facts.sources if source.items], facts.withheld)
    document.save(stream)


def write_report(
    title: str, text: str, facts: Facts, stream: IO[bytes], *, number: str = "", issued_on: date | None = None
) -> None:
    """Write a report: its printed text, whose headings are told by their numbers, 附：数据口径 and the tables."""
    document = Document(title, made_at=facts.known_at)
    if number:
        document.centred(number)
    for line in filter(None, map(str.strip, text.split("\n"))):
        if level := level_of(line):
            document.heading(level, line)
        else:
            document.paragraph(line)
    if issued_on is not None:
        document.signature(chinese_date(issued_on))
    _explain(document, facts)
    _attach(document, [source for source in facts.sources if source.items], facts.withheld)
    document.save(stream)


def notes(facts: Facts) -> list[str]:
    """The lines of 附：数据口径, always in Chinese: when the figures were taken, and what each of them means."""
    lines = [
        f"统计截止日：{chinese_date(facts.as_of)}。",
        f"取数时间：{chinese_date(facts.known_at.date())} {facts.known_at:%H:%M:%S}。",
        "文中“完成”均指按程序审批销号；百分比四舍五入，末尾的零不写，全部销号才写100%。",
    ]
    with force_locale("zh"):
        lines += [f"{DEFINITIONS[name].label}：{DEFINITIONS[name].sentence}" for name in _EXPLAINED]
    return [f"{number}. {line}" for number, line in enumerate(lines, start=1)]


def _explain(document: Document, facts: Facts) -> None:
    document.heading(1, "附：数据口径")
    for line in notes(facts):
        document.paragraph(line)


def _attach(document: Document, sources: list[SourceFacts], withheld: Collection[str]) -> None:
    if not sources:
        return
    document.landscape()
    for number, source in enumerate(sources, start=1):
        document.heading(1, f"附表{number}　{source.title}整改情况")
        items = [item for item in source.items if item.number not in withheld]
        rows = [_row(position, item) for position, item in enumerate(items, start=1)]
        document.table(_headings(source), rows, merged=(2, 3))
        if left_out := len(source.items) - len(items):
            document.note(f"另有{left_out}个按规定不予公开，未列入本表。")


def _headings(source: SourceFacts) -> list[str]:
    word = WORDS[source.item_kind]
    told = "具体问题" if source.item_kind is ItemKind.PROBLEM else "任务内容"
    columns = ["方面", "类别", told, "责任领导", "牵头单位", "整改时限", "销号状态", "销号时间"]
    return ["序号", f"{word}编号", *columns]


def _row(position: int, item: ItemFacts) -> list[str]:
    closed_on = _short(item.closed_on) if item.closed_on else ""
    answers = (item.leader, item.lead_unit, item.deadline, item.state, closed_on)
    return [str(position), item.number, item.aspect, item.category, item.text, *answers]


def _short(day: date) -> str:
    """2026.6.29, as ledgers write dates in their narrow columns."""
    return f"{day.year}.{day.month}.{day.day}"
