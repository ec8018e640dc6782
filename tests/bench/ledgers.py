"""Ledgers in and lists out, beside the bare libraries and statements that do no more than is needed."""

import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import docx
from openpyxl import load_workbook
from sqlalchemy import Table, insert, select
from xlsxwriter import Workbook

from tracker.access.rules import SYSTEM, reach
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.exports.columns import COLUMNS
from tracker.exports.files import Handing, to_docx, to_xlsx
from tracker.exports.queries import list_print_rows
from tracker.exports.rows import PrintRow
from tracker.intake.operations import ledger
from tracker.items import queries
from tracker.items.lists import ListName, Order
from tracker.items.models import Item, ItemChange, ItemSupport
from tracker.items.queries import ItemFilter
from tracker.progress.models import Entry, Measure
from tracker.sources.models import Source
from tracker.sources.rules import SourceKind

ROWS, DOCX_ROWS = 10_000, 2_000
RECEIVED_ON = date(2026, 1, 10)
TITLE = "一万行台账"
HEADINGS = "序号 方面 类别 反馈问题 整改措施 责任领导 责任单位 配合单位 责任人 整改时限 整改进展情况 完成情况 备注"
HEAD = HEADINGS.split()
# Copies get ids far from those there; what refers to an item refers to its copy.
FAR = 50_000_000
COPIED = (Item, ItemSupport, ItemChange, Measure, Entry, AuditEntry)


class Taken(NamedTuple):
    """Seconds that the program and the bare act took."""

    name: str
    program: float
    bare: float


def a_workbook(folder: Path) -> Path:
    """A ledger of ROWS problems with three measures each."""
    path = folder / "ledger.xlsx"
    with Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEAD)
        for number in range(1, ROWS + 1):
            sheet.write_row(number, 0, _row(number))
    return path


def _row(number: int) -> list[Any]:
    headings = [number, f"第{number // 1000 + 1}方面", f"第{number // 100 + 1}类"]
    finding = f"第{number}个问题：学习教育开展不够经常，研讨发言材料留存不全"
    measures = f"1.制定措施{number}；2.明确专人；3.纳入检查"
    people = ["张敏", f"单位{number % 40}", f"单位{(number + 1) % 40}", f"责任人{number % 200}"]
    return [*headings, finding, measures, *people, "2026年6月底前", "已召开专题会研究", "正在推进", ""]


def measured() -> Iterator[Taken]:
    """All measures over the database of the pushed application."""
    with tempfile.TemporaryDirectory() as name:
        path = a_workbook(Path(name))
        yield Taken("ledger read, 10,000 rows", _seconds(lambda: _read(path)), _seconds(lambda: _read_bare(path)))
        program = _seconds(lambda: _carry_out(path))
        yield Taken("ledger read, planned, carried out", program, _insert_bare())
    rows = _print_rows()
    handing = Handing("市直机关工委", clock.today(), "陈静", datetime(2026, 3, 17, 9, 30))
    texts = [[column.value(row) for column in COLUMNS[ListName.RECTIFICATION]] for row in rows]
    yield Taken(
        "list written as .xlsx, 10,000 rows",
        _seconds(lambda: to_xlsx(ListName.RECTIFICATION, rows, handing)),
        _seconds(lambda: _xlsx_bare(texts)),
    )
    yield Taken(
        "list written as .docx, 2,000 rows",
        _seconds(lambda: to_docx(ListName.RECTIFICATION, rows[:DOCX_ROWS], handing)),
        _seconds(lambda: _docx_bare(texts[:DOCX_ROWS])),
    )


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _read(path: Path) -> None:
    with path.open("rb") as stream:
        reading = ledger.Table(ledger.read_sheets(stream)).read(db.session(), RECEIVED_ON)
    assert len(reading.items) == ROWS
    assert not reading.faults


def _read_bare(path: Path) -> None:
    book = load_workbook(path, read_only=True, data_only=True)
    assert sum(1 for _row in book.worksheets[0].iter_rows(values_only=True)) == ROWS + 1


def _carry_out(path: Path) -> None:
    with path.open("rb") as stream:
        table = ledger.Table(ledger.read_sheets(stream))
    choices = ledger.Choices(creates_missing=True)
    with writing():
        session = db.session()
        source = ledger.target(session, SourceKind.SUPERVISION, TITLE, RECEIVED_ON, lock=True)
        plan = ledger.plan_ledger(session, table.read(session, RECEIVED_ON), source, choices, actor=SYSTEM, lock=True)
        done = ledger.carry_out_ledger(plan, choices, actor=SYSTEM)
    assert len(done.added) == ROWS


def _insert_bare() -> float:
    """Seconds for the same rows of every table, changes and trail included, copied by one bulk insert each."""
    with writing():
        session = db.session()
        copies = {table.__tablename__: _copies(table.__table__) for table in COPIED}
        started = time.perf_counter()
        for model in COPIED:
            if rows := copies[model.__tablename__]:
                session.connection().execute(insert(model.__table__), rows)
        session.flush()
        taken = time.perf_counter() - started
        session.rollback()
    return taken


def _copies(table: Table) -> list[dict[str, Any]]:
    session = db.session()
    mine = select(Item.id).join(Source, Source.id == Item.source_id).where(Source.title == TITLE)
    query = select(table)
    if table.name == "audit_entry":
        query = query.order_by(table.c.id.desc()).limit(4 * ROWS)
    else:
        query = query.where((table.c.id if table.name == "item" else table.c.item_id).in_(mine))
    return [_copy(dict(row._mapping), table.name) for row in session.execute(query)]


def _copy(row: dict[str, Any], table: str) -> dict[str, Any]:
    for column in ("id", "item_id"):
        if column in row:
            row[column] += FAR
    if table == "item":
        row["number"] += "x"
    return row


def _print_rows() -> list[PrintRow]:
    session = db.session()
    source_id = session.scalar(select(Source.id).where(Source.title == TITLE))
    chosen = queries.select_items(reach(SYSTEM), ItemFilter(today=clock.today(), source_id=source_id))
    return list_print_rows(session, chosen, queries.ordering(Order.NUMBER), limit=ROWS)


def _xlsx_bare(texts: list[list[str]]) -> None:
    with Workbook(io.BytesIO(), {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(texts):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)


def _docx_bare(texts: list[list[str]]) -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=len(texts[0]))
    template = table.rows[0]._tr
    for row in texts:
        copy = deepcopy(template)
        for cell, text in zip(copy.tc_lst, row, strict=True):
            cell.p_lst[0].add_r().text = text
        table._tbl.append(copy)
    document.save(io.BytesIO())


def peak_mb() -> int:
    """The most memory, in MiB, that a process of its own takes to read the ledger; 0 rows read is an error."""
    with tempfile.TemporaryDirectory() as name:
        path = a_workbook(Path(name))
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.ledgers", str(path)], capture_output=True, text=True, check=True
        )
    return int(done.stdout.split()[-1])


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        assert ledger.read_sheets(file)[0].rows
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
