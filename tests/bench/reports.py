"""Reports written, examined and printed, beside bare python-docx that puts the same paragraphs and rows into a file."""

import io
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

import docx

from tests.bench.ledgers import Taken
from tracker.figures.rules import FigureName, Tally
from tracker.reports import facts_text
from tracker.reports.examination import examine
from tracker.reports.naming import catalogue
from tracker.reports.rules import Facts, ItemFacts, Passage, SourceFacts, UnfinishedItem
from tracker.reports.shipped_templates import Shipped, shipped_template
from tracker.reports.templating import Head, render_report
from tracker.reports.texts import printed
from tracker.reports.wording import draft, level_of, shipped, write
from tracker.reports.writing import write_report
from tracker.sources.rules import SourceKind

RUNS = 3
KNOWN_AT = datetime(2026, 12, 31, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SECTION_ITEMS, TABLE_ROWS = 27, 2_000


def measured() -> Iterator[Taken]:
    """The section of 27 items, and a progress report with a table of 2,000 rows."""
    for name, items in (("section, 27 rows", SECTION_ITEMS), ("progress report, 2,000 rows", TABLE_ROWS)):
        facts = _facts(items)
        passage = write(shipped("annual" if items == SECTION_ITEMS else "progress"), facts, 1)
        text = draft(passage)
        bare = _seconds(lambda facts=facts, passage=passage: _bare(facts, passage))
        yield Taken(f"{name}: Word file", _seconds(lambda facts=facts, text=text: _print(facts, text)), bare)
        yield Taken(f"{name}: the same by a template", _seconds(lambda f=facts, t=text: _by_template(f, t)), bare)
        yield Taken(f"{name}: written and examined", _seconds(lambda facts=facts: _examine(facts)), bare)
        kept = _seconds(lambda facts=facts: facts_text.read(facts_text.write(facts)))
        yield Taken(f"{name}: facts kept and read", kept, bare)


def _seconds(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return median(taken)


def _print(facts: Facts, text: str) -> None:
    write_report("整改进展情况报告", printed(text), facts, io.BytesIO())


def _by_template(facts: Facts, text: str) -> None:
    lines = [(level_of(line), line) for line in printed(text).split("\n")]
    render_report(shipped_template(Shipped.PLAIN), facts, 1, title="整改进展情况报告", lines=lines, head=Head())


def _examine(facts: Facts) -> None:
    passage = write(shipped("progress"), facts, 1)
    found = examine(draft(passage), facts, catalogue(facts, 1), {})
    assert not found, found[:3]


def _bare(facts: Facts, passage: Passage) -> None:
    document = docx.Document()
    for line in (passage.heading, *passage.lines):
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=10)
    template = table.rows[0]._tr
    for source in facts.sources:
        for item in source.items:
            row = deepcopy(template)
            told = (item.number, item.aspect, item.category, item.text, item.leader, item.lead_unit, item.deadline)
            for cell, text in zip(row.tc_lst, ("1", *told, item.state, ""), strict=True):
                cell.p_lst[0].add_r().text = text
            table._tbl.append(row)
    document.save(io.BytesIO())


def _facts(items: int) -> Facts:
    """One source, of whose items one in ten is open."""
    listed = tuple(_item(serial, is_open=serial % 10 == 0) for serial in range(1, items + 1))
    still_open = [item for item in listed if FigureName.WORKING in item.counted_in]
    tally = Tally(working=len(still_open), closed=items - len(still_open))
    source = SourceFacts(
        1, "市委第二巡察组反馈", SourceKind.INSPECTION, date(2026, 3, 16), tally, listed, aspects=3, categories=9
    )
    to_do = tuple(
        UnfinishedItem(each.number, each.text, each.deadline, each.lead_unit, "补齐记录") for each in still_open
    )
    return Facts(2026, date(2026, 12, 31), KNOWN_AT, (source,), unfinished=to_do)


def _item(serial: int, *, is_open: bool) -> ItemFacts:
    state = FigureName.WORKING if is_open else FigureName.CLOSED
    return ItemFacts(
        number=f"巡察2026-1-{serial:03d}",
        text=f"第{serial}个问题：会议记录不完整，3个支部缺少党课讲稿，台账更新不及时",
        counted_in=frozenset({state}),
        aspect=f"第{serial % 3 + 1}方面",
        category=f"第{serial % 9 + 1}类",
        leader="张敏",
        lead_unit="组织部",
        deadline="2026年12月31日",
        state="整改中" if is_open else "已销号",
    )
