"""A list that was exported and comes back unchanged changes nothing, whatever its items hold."""

import io
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from factories import a_person, a_source, a_unit
from flask import Flask
from openpyxl import load_workbook

from tests.intake.ledger.tables import counts
from tracker.access.rules import SYSTEM, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.taken import TAKEN_SHEET
from tracker.exports.files import Handing, to_docx, to_xlsx
from tracker.exports.queries import list_print_rows
from tracker.exports.rows import PrintRow
from tracker.intake.operations import ledger
from tracker.items import operations as items
from tracker.items import queries
from tracker.items.headings import Field
from tracker.items.lists import ListName, Order, kind_of
from tracker.items.models import Item
from tracker.items.queries import ItemFilter
from tracker.items.rules import Deadline, DeadlineKind, OwnWord
from tracker.office.docx_reading import read_docx
from tracker.office.xlsx_reading import read_workbook
from tracker.progress.operations import add_measures, keep_imported
from tracker.sources import operations as sources
from tracker.sources.rules import SourceKind

DAY = date(2026, 3, 16)
HANDING = Handing("市直机关工委", DAY, "陈静", datetime(2026, 3, 17, 9, 30))
WORDS = "学习不够 =1+1 @SUM(A1) +86 -5% 1. （一） 2026年 “两张皮” ， 3个支部 ' \" <b> ；2. 等"
PIECES = [*WORDS.split(), "\n", " ", "\u3000"]
DEADLINES = [
    Deadline(DeadlineKind.BY_DATE, date(2026, 6, 30), "2026年6月底前"),
    Deadline(DeadlineKind.BY_DATE, date(2026, 6, 30)),
    Deadline(DeadlineKind.BY_DATE, date(2026, 6, 30), "2026.6.30"),
    Deadline(DeadlineKind.BY_DATE, date(2026, 12, 31), "2026年底前，并长期坚持", then_sustained=True),
    Deadline(DeadlineKind.BY_DATE, date(2026, 12, 31), then_sustained=True),
    Deadline(DeadlineKind.BY_DATE, date(2026, 6, 14), "90天"),
    Deadline(DeadlineKind.AT_ONCE, date(2026, 3, 31)),
    Deadline(DeadlineKind.AT_ONCE, date(2026, 3, 31), "立行立改"),
    Deadline(DeadlineKind.AT_ONCE, date(2026, 4, 10), "立行立改，4月10日前"),
    Deadline(DeadlineKind.LONG_TERM, None),
    Deadline(DeadlineKind.LONG_TERM, None, "持续推进"),
    Deadline(DeadlineKind.STAGED, date(2026, 9, 30), "分阶段，2026年9月底前完成"),
]


def words(chance: random.Random) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 7))).strip() or "学习少"


def a_world(chance: random.Random, kind: SourceKind, size: int) -> None:
    """A source with items in every state a list can show, with any words in them."""
    units = [a_unit(name) for name in ("组织部", "宣传部", "办公室")]
    people = [a_person(name, unit) for name, unit in zip(("张敏", "李强", "王伟"), units, strict=True)]
    source = a_source("第1轮", kind=kind)
    headings = [None]
    for _ in range(2):
        top = sources.add_section(source, words(chance), number=chance.choice(["", "一、"]), actor=SYSTEM)
        headings += [top, sources.add_section(source, words(chance), parent=top, number="（一）", actor=SYSTEM)]
    for number in range(size):
        item = items.draw_up(
            source,
            f"{words(chance)}{number}",
            actor=SYSTEM,
            kind=kind_of(ListName.TASKS if kind is SourceKind.WORK_PLAN else ListName.PROBLEMS),
            section=chance.choice(headings),
            cause=words(chance),
            remark=chance.choice(["", words(chance)]),
        )
        if chance.random() < 0.8:
            unit = chance.choice(units)
            assigned = items.Assignment(
                lead_unit_id=unit.id,
                supporting_unit_ids=[each.id for each in chance.sample(units, 2) if each is not unit],
                leader_id=people[0].id,
                owner_id=chance.choice(people).id,
                deadline=chance.choice(DEADLINES),
                goal=words(chance),
            )
            items.assign(item, assigned, actor=SYSTEM)
            _work(item, chance)


def _work(item: Item, chance: random.Random) -> None:
    if chance.random() < 0.7:
        add_measures(item, [words(chance) for _ in range(chance.randint(1, 3))], actor=SYSTEM)
    if chance.random() < 0.2:
        items.close_on_import(item, actor=SYSTEM, on=DAY + timedelta(days=9), reason="台账导入")
    elif chance.random() < 0.6:
        items.take_over(item, actor=SYSTEM)
        keep_imported([(item, words(chance))], actor=SYSTEM)
        if chance.random() < 0.5:
            items.declare(item, chance.choice(list(OwnWord)), actor=SYSTEM)


def rows_of(name: ListName) -> list[PrintRow]:
    session = db.session()
    chosen = queries.select_items(reach(SYSTEM), ItemFilter(today=clock.today(), kind=kind_of(name)))
    return list_print_rows(session, chosen, queries.ordering(Order.NUMBER, in_outline=True), limit=1000)


def planned(content: bytes, *, with_base: bool) -> ledger.LedgerPlan:
    table = ledger.Table(read_workbook(io.BytesIO(content)))
    session = db.session()
    reading = table.read(session, DAY)
    base = table.base if with_base else {}
    return ledger.plan_ledger(session, reading, None, ledger.Choices(), actor=SYSTEM, base=base)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", [*ListName, "ledger"])
def test_an_exported_list_comes_back_and_changes_nothing(app: Flask, name: str, seed: int) -> None:
    print(f"seed {seed}")
    shown = ListName.RECTIFICATION if name == "ledger" else ListName(name)
    with writing():
        kind = SourceKind.WORK_PLAN if shown is ListName.TASKS else SourceKind.INSPECTION
        a_world(random.Random(seed), kind, 25)
    rows = rows_of(shown)
    content = to_xlsx(shown, rows, HANDING, is_ledger=name == "ledger")

    for with_base in (True, False):
        plan = planned(content, with_base=with_base)
        told = [(row.row.row, {field: (c.before, c.after) for field, c in row.changes.items()}) for row in plan.rows]
        assert [each for each in told if each[1]] == []
        assert [(fault.row, fault.column, str(fault.message)) for fault in plan.faults] == []
        assert counts(plan) == {"same": len(rows)}
        assert plan.reading.warnings == []


def edited(content: bytes, heading: str, number: str, value: object) -> bytes:
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    heads = next(row for row in sheet.iter_rows() if any(cell.value == heading for cell in row))
    column = next(cell.column for cell in heads if cell.value == heading)
    numbers = next(cell.column for cell in heads if str(cell.value).endswith("编号"))
    row = next(row for row in sheet.iter_rows() if row[numbers - 1].value == number)
    sheet.cell(row[0].row, column).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("heading", "value", "field"),
    [
        ("整改时限", datetime(2026, 10, 31), Field.DEADLINE),
        ("责任人", "新来的人", Field.OWNER),
        ("整改措施（逐条）", "1.重新学\n2.重新查", Field.MEASURES),
        ("备注", None, Field.REMARK),
    ],
)
def test_one_edited_cell_is_one_change(app: Flask, heading: str, value: object, field: Field) -> None:
    with writing():
        a_world(random.Random(7), SourceKind.INSPECTION, 20)
    rows = rows_of(ListName.RECTIFICATION)
    wanted = next(row.item for row in rows if row.item.remark and row.item.state == "working")
    content = edited(to_xlsx(ListName.RECTIFICATION, rows, HANDING), heading, wanted.number, value)
    plan = planned(content, with_base=True)

    assert counts(plan) == {"changed": 1, "same": len(rows) - 1}
    changed = plan.of_kind(ledger.RowKind.CHANGED)[0]
    assert (changed.item, set(changed.changes)) == (wanted, {field})


def texts_of(content: bytes) -> Sequence[str]:
    return [paragraph.text for paragraph in read_docx(io.BytesIO(content))]


def test_the_word_file_holds_every_row_under_one_heading(app: Flask) -> None:
    with writing():
        a_world(random.Random(3), SourceKind.INSPECTION, 12)
    rows = rows_of(ListName.PROBLEMS)
    told = texts_of(to_docx(ListName.PROBLEMS, rows, HANDING))

    assert told[0] == "市直机关工委问题清单（送审稿）"
    assert told.count("具体问题") == 1
    assert {row.item.number for row in rows} <= set(told)
    assert told[-1] == "导出人：陈静　导出时间：2026-03-17 09:30"


def test_the_workbook_is_made_for_paper_and_for_work(app: Flask) -> None:
    with writing():
        a_world(random.Random(5), SourceKind.INSPECTION, 12)
    rows = rows_of(ListName.PROBLEMS)
    sheet, base, taken = load_workbook(io.BytesIO(to_xlsx(ListName.PROBLEMS, rows, HANDING))).worksheets

    assert taken.title == TAKEN_SHEET
    assert (sheet.title, base.sheet_state) == ("问题清单", "veryHidden")
    assert [sheet["A1"].value, sheet["A2"].value] == ["送审稿", "市直机关工委问题清单"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("C5", "$4:$4")
    received = next(cell for cell in sheet[4] if cell.value == "反馈日期").column
    assert sheet.cell(5, received).value == datetime(2026, 3, 16)
    assert sheet.merged_cells.ranges
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
