"""The statements that each act needs at least, in one transaction: its rows, the change, the trail, the messages."""

import io
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert, literal, select, update

from tests.bench.world.people import FIRST_OF_OFFICE, HANDLER, OFFICE
from tracker.audit.models import AuditEntry, AuditHead
from tracker.audit.rules import canonical, chain
from tracker.closure.models import Application, Review
from tracker.closure.rules import ApplicationState, Decision
from tracker.core import clock, files
from tracker.core.db import FOREVER, FOREVER_DAY, WRITING, Instant, db
from tracker.core.sql import plus_days
from tracker.extensions.models import Extension, ExtensionStep
from tracker.extensions.rules import LEVELS, ExtensionState, Level, Verdict
from tracker.items.models import Item, ItemChange
from tracker.items.operations.changes import CARRIED
from tracker.items.rules import Event, State
from tracker.nudges.models import Nudge, NudgeReader
from tracker.nudges.rules.nudging import Told
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState
from tracker.progress.models import Entry, Evidence
from tracker.rounds.models import OwedReport
from tracker.rounds.rules import ReportState
from tracker.sources.rules import StepKind

TEXT = "已召开专题会研究，完成阶段任务，下一步抓好验收。"


def acts(app: Flask, name: str, ids: list[int]) -> list[Callable[[], None]]:
    """The bare form of an act on each of these rows: items, or what the act is about."""

    def act(id_: int) -> None:
        options: dict[str, Any] = {**WRITING}
        with app.app_context():
            if db.engine.dialect.name == "postgresql":
                options |= {"isolation_level": "READ COMMITTED", "postgresql_readonly": False}
            with db.engine.connect().execution_options(**options) as connection, connection.begin():
                _BARE[name](connection, id_, clock.now())
                _trail(connection, name, id_)

    return [partial(act, id_) for id_ in ids]


def _accept(connection: Connection, id_: int, now: datetime) -> None:
    _move(connection, id_, Event.ACCEPT, State.WORKING, now)
    _message(connection, now)


def _reassign(connection: Connection, id_: int, now: datetime) -> None:
    _move(connection, id_, Event.REASSIGN, State.ISSUED, now)
    _message(connection, now, times=2)


def _edit(connection: Connection, id_: int, now: datetime) -> None:
    connection.execute(update(Item).where(Item.id == id_).values(cause=TEXT, version=Item.version + 1))


def _report(connection: Connection, id_: int, now: datetime) -> None:
    report = select(OwedReport.item_id, OwedReport.unit_id, literal(HANDLER), literal(TEXT), literal(now, Instant()))
    texts = [literal(""), literal(""), literal(""), literal(False), literal(False), literal(False)]
    names = ["item_id", "unit_id", "by_id", "text", "made_at", "obstacle", "next_step", "return_reason"]
    names += ["is_for_others", "is_unchanged", "is_joint", "standing"]
    rows = report.add_columns(*texts, literal("waiting")).where(OwedReport.id == id_)
    entry = insert(Entry).from_select(names, rows, include_defaults=False).returning(Entry.id)
    entry_id = connection.scalar(entry)
    given = {"state": ReportState.GIVEN, "entry_id": entry_id, "version": OwedReport.version + 1}
    connection.execute(update(OwedReport).where(OwedReport.id == id_).values(**given))


def _attach(connection: Connection, id_: int, now: datetime) -> None:
    stored = files.store(io.BytesIO(f"{id_} {secrets.token_hex(8)} {TEXT}".encode() * 1000), limit_bytes=1 << 20)
    row = {"item_id": id_, "serial": 900, "name": "会议纪要.txt", "sha256": stored.sha256, "size_bytes": 9000}
    connection.execute(insert(Evidence).values(**row, by_id=HANDLER, added_at=now))


def _press(connection: Connection, id_: int, now: datetime) -> None:
    row = {"item_id": id_, "batch": secrets.token_hex(8), "by_id": OFFICE, "nudged_at": now}
    nudge_id = connection.scalar(insert(Nudge).values(**row).returning(Nudge.id))
    for person_id, relation in ((HANDLER, Told.HANDLER), (HANDLER + 1, Told.LIAISON)):
        reader = {"nudge_id": nudge_id, "person_id": person_id, "relation": relation}
        connection.execute(insert(NudgeReader).values(**reader))
    _message(connection, now, times=4)


def _ask(connection: Connection, id_: int, now: datetime) -> None:
    told = {"reason": TEXT, "progress": TEXT, "safeguards": TEXT, "nth": 1, "asked_by_id": HANDLER, "asked_at": now}
    due_on = select(Item.due_on).where(Item.id == id_).scalar_subquery()
    waits = {"state": ExtensionState.PENDING, "waits_for": Level.OFFICE, "due_on": due_on}
    values = {**told, **waits, "item_id": id_, "asked_until": plus_days(due_on, 30), "version": 1}
    extension_id = connection.scalar(insert(Extension).values(**values).returning(Extension.id))
    for position, kind in enumerate(LEVELS, start=1):
        step = {"extension_id": extension_id, "position": position, "kind": kind}
        connection.execute(insert(ExtensionStep).values(**step))
    _message(connection, now, times=2)


def _grant(connection: Connection, id_: int, now: datetime) -> None:
    until = select(Extension.asked_until).where(Extension.id == id_).scalar_subquery()
    said = {"verdict": Verdict.GRANT, "until": until, "decider_id": OFFICE, "decided_at": now}
    first = (ExtensionStep.extension_id == id_, ExtensionStep.position == 1)
    connection.execute(update(ExtensionStep).where(*first).values(**said))
    on = {"waits_for": Level.LEADER, "version": Extension.version + 1}
    connection.execute(update(Extension).where(Extension.id == id_).values(**on))
    _message(connection, now, times=2)


def _decide(connection: Connection, id_: int, now: datetime) -> None:
    said = {"decision": Decision.PASS, "decider_id": FIRST_OF_OFFICE, "decided_at": now, "decided_on": clock.today()}
    connection.execute(update(Review).where(Review.id == id_).values(**said))
    of_review = select(Review.application_id).where(Review.id == id_).scalar_subquery()
    counted = update(Application).where(Application.id == of_review).values(version=Application.version + 1)
    connection.execute(counted)
    _message(connection, now, times=2)


def _apply(connection: Connection, id_: int, now: datetime) -> None:
    row = {"item_id": id_, "round": 90, "applicant_id": HANDLER, "statement": TEXT, "filed_at": now}
    filed = insert(Application).values(**row, state=ApplicationState.PENDING, snapshot="{}", version=1)
    application_id = connection.scalar(filed.returning(Application.id))
    for position, kind in enumerate((StepKind.UNIT_HEAD, StepKind.OFFICE, StepKind.LEADER), start=1):
        step = {"application_id": application_id, "position": position, "kind": kind}
        connection.execute(insert(Review).values(**step))
    _move(connection, id_, Event.APPLY, State.APPLIED, now)
    _message(connection, now, times=2)


_BARE = {
    "accept, naming a handler": _accept,
    "reassign to another unit": _reassign,
    "save an edit": _edit,
    "report in a round": _report,
    "attach a file": _attach,
    "press by hand": _press,
    "ask for an extension": _ask,
    "decide an extension": _grant,
    "decide an application": _decide,
    "apply for closure": _apply,
}


def _move(connection: Connection, id_: int, event: Event, state: State, now: datetime) -> None:
    """The item as it now is, its new change, and the end of the one before."""
    today = clock.today()
    moved = {"state": state, "changed_on": today, "changes": Item.changes + 1, "version": Item.version + 1}
    connection.execute(update(Item).where(Item.id == id_).values(**moved))
    last = (ItemChange.item_id == id_, ItemChange.until == FOREVER_DAY)
    connection.execute(update(ItemChange).where(*last).values(until=today, superseded_at=now))
    told = {"item_id": Item.id, "serial": Item.changes, "event": literal(event.value), "reason": literal("")}
    told |= {"effective_on": Item.changed_on, "recorded_at": literal(now, Instant())}
    told |= {"until": literal(FOREVER_DAY), "superseded_at": literal(FOREVER, Instant())}
    told |= {name: getattr(Item, name) for name in CARRIED}
    rows = select(*told.values()).where(Item.id == id_)
    connection.execute(insert(ItemChange).from_select(list(told), rows, include_defaults=False))


def _message(connection: Connection, now: datetime, times: int = 1) -> None:
    rows = []
    for _time in range(times):
        key = secrets.token_hex(8)
        row = {"key": key, "kind": "notice", "person_id": HANDLER, "channel": Channel.INBOX, "slot": key}
        rows.append(
            {**row, "state": MessageState.QUEUED, "queued_at": now, "not_before": now, "message_id": f"<{key}@x>"}
        )
    connection.execute(insert(Message), rows)


def _trail(connection: Connection, name: str, id_: int) -> None:
    """One act, chained behind the head under its lock."""
    head = connection.execute(select(AuditHead).where(AuditHead.id == 1).with_for_update()).one()
    columns = {"id": head.count + 1, "recorded_at": max(clock.now(), head.recorded_at), "actor_id": HANDLER}
    columns |= {
        "actor_name": "人员",
        "action": "bench",
        "subject": f"{name} {id_}"[:120],
        "origin": "",
        "details": "{}",
    }
    text = canonical(columns)
    end = chain(head.hash, text)
    connection.execute(insert(AuditEntry).values(**columns, text=text, hash=end))
    after = {"count": head.count + 1, "hash": end, "recorded_at": columns["recorded_at"]}
    connection.execute(update(AuditHead).where(AuditHead.id == 1).values(**after))
