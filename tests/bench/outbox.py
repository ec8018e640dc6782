"""Queueing reminders over 300,000 open items, and delivering 2,000 mails, beside the bare acts that do the same."""

import resource
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, String, insert, literal, select, update

from tests.bench import world
from tests.outbox.sinks import AT_ANY_HOUR, free_port
from tracker.access.rules import SYSTEM
from tracker.core import clock, hooks
from tracker.core.db import Instant, db, trying, writing
from tracker.items.models import Item
from tracker.items.rules import State
from tracker.jobs.delivery import deliver
from tracker.org.models import Person
from tracker.outbox import operations as outbox
from tracker.outbox.channels import Envelope, server_of, write
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState
from tracker.reminders import operations as reminders
from tracker.reminders.models import Occurrence, ReminderRule
from tracker.settings import operations as settings
from tracker.settings.queries import load

OPEN, DUE, MAILS, FIRST_MAILS = 300_000, 10_000, 2_000, 200
FAR = 60_000_000


class Taken(NamedTuple):
    """Seconds that the program and the bare act took."""

    name: str
    program: float
    bare: float


def measured(settle: Callable[[], None]) -> Iterator[Taken]:
    """Both measures over the database of the pushed application, and a line on memory.

    ``settle`` lets the database know its tables after so much was written, as its daily job does.
    """
    hooks.fill("render:bench", _letter)
    _fill()
    settle()
    yield _queueing()
    yield from _delivery()


def _letter(_message: Message, _at: datetime) -> Letter:
    return Letter("test", {}, ["试-1"])


def _fill() -> None:
    """300,000 working items, 10,000 of them due in three days."""
    today = clock.today()
    with writing():
        session = db.session()
        reminders.ensure_default_rules(today - timedelta(days=400))
        settings.put({"reminders.cap_percent": 1000, **AT_ANY_HOUR}, actor=SYSTEM)
        table = Item.__table__
        template = select(table).where(table.c.lead_unit_id.is_not(None)).order_by(table.c.id).limit(1)
        row = dict(session.execute(template).one()._mapping)
        rows = [_item(row, serial, today) for serial in range(OPEN)]
        for start in range(0, OPEN, 10_000):
            session.execute(insert(table), rows[start : start + 10_000])


def _item(row: dict[str, Any], serial: int, today: date) -> dict[str, Any]:
    days = 3 if serial < DUE else 200 + serial % 400
    dates = {"due_on": today + timedelta(days=days), "issued_on": today - timedelta(days=60), "closed_on": None}
    people = {"owner_id": 1 + serial % 500, "handler_id": 1 + serial % 500}
    named = {"id": FAR + serial, "number": f"试-{serial}", "position": serial, "state": State.WORKING}
    return {**row, **named, **dates, **people}


def _queueing() -> Taken:
    at = clock.now()
    with trying():
        started = time.perf_counter()
        reminders.queue_reminders(at)
        db.session.flush()
        program = time.perf_counter() - started
        assert db.session.query(Occurrence).filter(Occurrence.item_id >= FAR).count() >= DUE
    with trying():
        rule_id = db.session.scalar(select(ReminderRule.id).where(ReminderRule.key == "before-3"))
        today, nothing = literal(clock.today(), Date()), literal("", String())
        due = select(Item.id, Item.id.label("own"), literal(rule_id, Integer()), literal(0, Integer()), Item.due_on)
        due = due.add_columns(Item.owner_id, today, today, literal(clock.now(), Instant()), nothing, nothing)
        due = due.add_columns(literal("item", String()), literal("deadline", String()))
        due = due.where(Item.state == State.WORKING, Item.due_on == clock.today() + timedelta(days=3))
        names = ["item_id", "subject_id", "rule_id", "repetition", "deadline", "person_id", "reached_on", "covers_from"]
        names += ["queued_at", "digest", "covers", "subject", "basis"]
        started = time.perf_counter()
        db.session.execute(insert(Occurrence).from_select(names, due.where(Item.id >= FAR)))
        bare = time.perf_counter() - started
    return Taken(f"reminders queued, {DUE:,} due of {OPEN:,} open", program, bare)


@contextmanager
def _sink(port: int) -> Iterator[None]:
    """A mail server in a process of its own that throws away what it gets."""
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _try in range(100):
            try:
                smtplib.SMTP("127.0.0.1", port, local_hostname="bench").quit()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _delivery() -> Iterator[Taken]:
    port = free_port()
    with writing():
        mail = {"mail.host": "127.0.0.1", "mail.port": port, "mail.sender": "zgb@organ.example"}
        settings.put(mail, actor=SYSTEM)
        db.session.execute(update(Person).where(Person.id == world.OFFICE).values(mail="office@organ.example"))
        db.session.execute(update(Message).values(state=MessageState.SKIPPED))
        for serial in range(MAILS + FIRST_MAILS):
            reader = db.session.get_one(Person, world.OFFICE)
            told = {"numbers": ["试-1"], "channels": (Channel.MAIL,), "slot": f"bench:{serial}"}
            outbox.queue("bench", reader, **told)  # type: ignore[arg-type]
        first = select(Message.id).where(Message.slot.startswith("bench:")).order_by(Message.id.desc()).limit(MAILS)
        later = {"not_before": clock.now() + timedelta(hours=1)}
        db.session.execute(update(Message).where(Message.id.in_(first)).values(**later))
    with _sink(port):
        assert deliver(clock.now())["sent"] == FIRST_MAILS
        before = _peak_mb()
        started = time.perf_counter()
        assert deliver(clock.now() + timedelta(hours=2))["sent"] == MAILS
        program = time.perf_counter() - started
        after = _peak_mb()
        yield Taken(f"mails delivered, {MAILS:,}", program, _bare(port))
    name = f"memory after {FIRST_MAILS} mails, after {MAILS:,} more"
    print(f"{'':<11}{name:<44}{before:>12} and {after} MiB")


def _bare(port: int) -> float:
    """Seconds for as many mails over one connection, written beforehand."""
    server = server_of(load(db.session()))
    text, html = "整改提醒" * 60, "<p>整改提醒</p>" * 60
    mails = [
        write(Envelope("office@organ.example", "甲", "整改提醒", text, html, f"<{n}@x>"), server, sent_at=clock.now())
        for n in range(MAILS)
    ]
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as line:
        for mail in mails:
            line.send_message(mail)
    return time.perf_counter() - started


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
