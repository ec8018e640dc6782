"""Reports to write and issue: an office with one round of four, and what its people do."""

from datetime import date
from typing import Any

from factories import a_source, a_unit, an_account, an_issued_item
from sqlalchemy import select

from tracker.access.rules import SYSTEM, Action, Actor, Role, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.org.queries import load_actor
from tracker.reports import operations, queries, texts
from tracker.reports.kinds import ReportKind
from tracker.reports.models import Report
from tracker.reports.operations import Order
from tracker.reports.operations.editing import shown_figures
from tracker.sources.rules import SourceKind

DAY = date(2026, 12, 20)
SHA = "0" * 64


def person(name: str, role: Role, unit: Any) -> Actor:
    return load_actor(db.session(), an_account(name, role, unit))


def close(item: Item, on: date = DAY) -> None:
    for move in (Event.ACCEPT, Event.APPLY):
        if item.state in ("issued", "working"):
            items.move_on(item, move, actor=SYSTEM)
    items.move_on(item, Event.CLOSE, actor=SYSTEM, closed_on=on)


def an_office() -> Actor:
    """The office of an organ with one supervision round of four, two of them closed."""
    with writing():
        root, unit = a_unit("市直机关工委"), a_unit("组织部")
        actor = person("陈静", Role.OFFICE, root)
        source = a_source("市纪委市监委内部督查反馈", kind=SourceKind.SUPERVISION, received_on=date(2026, 3, 16))
        for serial in range(4):
            item = an_issued_item(source=source, lead_unit=unit, finding=f"第{serial + 1}个问题")
            if serial < 2:
                close(item)
    return actor


def an_order(**changes: Any) -> Order:
    usual: dict[str, Any] = {"kind": ReportKind.PROGRESS, "title": "整改进展情况报告", "wording": "progress"}
    usual |= {"first_on": date(2026, 1, 1), "as_of": DAY, "decimals": 1}
    return Order(**usual | changes)


def facts_for(order: Order, actor: Actor) -> Any:
    with writing():
        known_at = operations.moment()
    seen = reach(actor, Action.WRITE_REPORT)
    facts = operations.collect(db.session(), order, known_at=known_at, seen=seen, actor=actor)
    db.session.rollback()
    return facts


def a_report(actor: Actor, **changes: Any) -> Report:
    order = an_order(**changes)
    facts = facts_for(order, actor)
    with writing():
        report = operations.draft(order, facts, actor=actor)
    return queries.get_report(db.session(), report.id, actor)


def locked(report: Report, actor: Actor) -> Report:
    return queries.lock_report(db.session(), report.id, actor)


def text_of(report: Report) -> str:
    return texts.printed(report.text, shown_figures(report))


def close_another(actor: Actor) -> str:
    with writing():
        item = db.session.scalars(select(Item).where(Item.state == "issued").order_by(Item.number)).first()
        assert item is not None
        close(item, clock.today())
        return item.number


def again(report: Report, actor: Actor) -> Any:
    return facts_for(operations.order_of(report), actor)


def take_over(report: Report, actor: Actor, accepted: list[str] | None = None) -> None:
    facts = again(report, actor)
    with writing():
        operations.take_over(locked(report, actor), facts, accepted=accepted, actor=actor)
