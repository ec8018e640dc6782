"""Ledgers as tests need them."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.intake.pages import DATA
from tests.office.workbooks import a_workbook
from tracker.access.rules import SYSTEM, Actor
from tracker.core.db import db, writing
from tracker.intake.operations import ledger
from tracker.items.models import Item
from tracker.sources.rules import SourceKind

RECEIVED_ON = date(2026, 3, 16)
# The sample ledger has dates of 2022.
SAMPLE = date(2022, 1, 10)
HEADINGS = "编号 方面 类别 具体问题 整改措施 责任领导 牵头单位 配合单位 责任人 整改时限 完成情况 是否销号 销号时间 备注"
HEAD = HEADINGS.split()
SOURCE: dict[str, Any] = {"kind": SourceKind.SUPERVISION, "title": "市委督查室反馈"}


def a_row(finding: str = "学习少", **cells: Any) -> list[Any]:
    """A row below HEAD; cells by heading."""
    usual = {"具体问题": finding, "牵头单位": "组织部", "整改时限": "2026年6月30日"}
    return [{**usual, **cells}.get(heading) for heading in HEAD]


def a_table(*rows: Sequence[Any]) -> ledger.Table:
    """A ledger with these rows."""
    return ledger.Table(ledger.read_sheets(io.BytesIO(a_workbook([HEAD, *rows]).getvalue())))


def the_sample(name: str = "ledger.xlsx") -> ledger.Table:
    """The ledger of 27 problems."""
    with (DATA / name).open("rb") as stream:
        return ledger.Table(ledger.read_sheets(stream))


def planned(
    table: ledger.Table,
    *,
    actor: Actor = SYSTEM,
    by_number: bool = False,
    received_on: date = RECEIVED_ON,
    **chosen: Any,
) -> ledger.LedgerPlan:
    """What the table would do to the usual source, or by its numbers alone."""
    session = db.session()
    source = None if by_number else ledger.target(session, **SOURCE, received_on=received_on)
    reading = table.read(session, received_on)
    return ledger.plan_ledger(session, reading, source, ledger.Choices(**chosen), actor=actor, base=table.base)


def carried_out(
    table: ledger.Table,
    *,
    actor: Actor = SYSTEM,
    by_number: bool = False,
    received_on: date = RECEIVED_ON,
    **chosen: Any,
) -> ledger.CarriedOut:
    """Plan and carry out in one transaction; units and people are made unless said otherwise."""
    chosen = {"creates_missing": True, **chosen}
    with writing():
        plan = planned(table, actor=actor, by_number=by_number, received_on=received_on, **chosen)
        done = ledger.carry_out_ledger(plan, ledger.Choices(**chosen), actor=actor)
    db.session().expire_all()
    return done


def counts(plan: ledger.LedgerPlan) -> dict[str, int]:
    """How many rows of each kind, those without any left out."""
    return {kind: count for kind, count in plan.counts.items() if count}


def texts(items: Sequence[Item]) -> list[str]:
    """The findings in order."""
    return [item.finding for item in items]
