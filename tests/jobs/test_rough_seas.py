"""Real schedulers against a mail server that refuses, stalls, drops the line after DATA and comes back.

``kill -9`` at random; nothing is lost, and what comes twice is what was in flight. With PROOF=1 at full count.
"""

import asyncio
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from conftest import ROOT
from factories import a_source, a_unit, an_account, an_issued_item
from sqlalchemy import func, select, update

from tests.jobs.trials import a_database, a_scheduler, kill, stop, wait_until
from tests.outbox.sinks import Sink, free_port, listening, use_mail
from tracker.access.rules import Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.outbox import operations as outbox
from tracker.outbox.models import Message
from tracker.outbox.rules import SOCKET_SECONDS, WAITING, Channel, MessageState
from tracker.work.models import JobRun

pytestmark = [pytest.mark.proof]
IS_FULL = bool(os.environ.get("PROOF"))
MESSAGES, KILLS, DROPS = (2_000, 50, 25) if IS_FULL else (100, 4, 3)
CROWD = 10_000 if IS_FULL else 400
READERS = 20


class RoughSink(Sink):
    """Now and then it refuses for a while, stalls beyond every patience, or cuts the line after it took a mail."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance
        self.refusals = self.stalled = self.dropped = 0
        self.most_drops, self.most_stalls = DROPS, 2 if IS_FULL else 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse one in forty."""
        if self.chance.random() < 1 / 40:
            self.refusals += 1
            return "450 4.2.1 try again later"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take it; then perhaps say nothing, or hang up."""
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(self.chance.random() / 50)
        if self.stalled < self.most_stalls and self.chance.random() < 4 / MESSAGES:
            self.stalled += 1
            await asyncio.sleep(SOCKET_SECONDS + 2)
        if self.dropped < self.most_drops and self.chance.random() < 2 * DROPS / MESSAGES:
            self.dropped += 1
            server.transport.abort()
        return answer


@contextmanager
def a_full_outbox(kind: str, folder: Path, server_uri: str, count: int) -> Iterator[tuple[dict[str, str], int]]:
    """An office with so many mails queued; the environment for its processes, and the port of its mail server."""
    app, environment = a_database(kind, folder, server_uri)
    port = free_port()
    with app.app_context():
        use_mail(port)
        with writing():
            unit = a_unit()
            readers = [an_account(f"联络员{n}", Role.LIAISON, unit, mail=f"l{n}@organ.example") for n in range(READERS)]
            number = an_issued_item(source=a_source(), lead_unit=unit).number
            db.session.execute(update(Message).values(state=MessageState.SKIPPED))
            for serial in range(count):
                reader, slot = readers[serial % READERS], f"trial:{serial}"
                told = {"data": {"template": "issued"}, "numbers": [number], "channels": (Channel.MAIL,)}
                outbox.queue("notice", reader, slot=slot, **told)  # type: ignore[arg-type]
        db.session.remove()
        yield environment, port
        db.session.remove()
        db.engine.dispose()


def wanted() -> set[str]:
    """The Message-IDs that must arrive."""
    session = db.session()
    session.rollback()
    return set(session.scalars(select(Message.message_id).where(Message.slot.startswith("trial:"))))


def count(*states: MessageState) -> int:
    session = db.session()
    session.rollback()
    query = select(func.count()).select_from(Message).where(Message.slot.startswith("trial:"))
    return session.scalar(query.where(Message.state.in_(states))) or 0


def let_time_pass() -> None:
    """Leases run out and pauses between tries end, as they would in a few minutes."""
    past = clock.now() - timedelta(minutes=5)
    with writing():
        mine = Message.slot.startswith("trial:")
        held = {"lease_until": past}
        db.session.execute(update(Message).where(mine, Message.lease_token.isnot(None)).values(**held))
        db.session.execute(update(Message).where(mine, Message.state == MessageState.FAILED).values(not_before=past))
        db.session.execute(update(JobRun).where(JobRun.lease_token.isnot(None)).values(**held))


def wait_with_time(holds: "object", seconds: float = 600) -> None:
    """Wait for something while the pauses between tries are cut short."""
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it never became true"
        past = clock.now() - timedelta(minutes=5)
        with writing():
            failed = update(Message).where(Message.state == MessageState.FAILED, Message.not_before > clock.now())
            db.session.execute(failed.values(not_before=past))
        time.sleep(0.3)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_and_only_what_was_in_flight_comes_twice(
    kind: str, tmp_path: Path, postgres_uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(2026)
    sink = RoughSink(random.Random(4))
    with a_full_outbox(kind, tmp_path, postgres_uri, MESSAGES) as (environment, port):
        ids, kills = wanted(), 0
        while kills < KILLS:
            scheduler = a_scheduler(environment)
            # One time in five nobody listens at first, and the server comes back while the scheduler runs.
            time.sleep(chance.random() * 2 if chance.random() < 0.2 else 0)
            with listening(sink, port):
                aim = len(sink.mails) + chance.randint(1, max(2, MESSAGES // KILLS))
                wait_with_time(lambda aim=aim: len(sink.mails) >= aim or not count(*WAITING))  # type: ignore[misc]
                time.sleep(chance.random() / 10)
                kill(scheduler)
            kills += 1
            let_time_pass()
        with listening(sink, port):
            scheduler = a_scheduler(environment)
            wait_with_time(lambda: count(MessageState.SENT) == MESSAGES)
            assert stop(scheduler) == 0
        lost, twice = len(ids - set(sink.ids)), len(sink.mails) - len(set(sink.ids))
        in_flight = kills + sink.dropped + sink.stalled
        with capsys.disabled():
            told = f"{MESSAGES} mails, {kills} kills, {sink.refusals} refused, {sink.stalled} stalled, "
            print(f"\n{kind}: {told}{sink.dropped} lines dropped after DATA: lost {lost}, came twice {twice}")
        assert lost == 0
        assert set(sink.ids) == ids, "what came twice bears the same Message-ID"
        assert twice <= in_flight
        assert count(MessageState.DEAD) == 0


def test_two_schedulers_and_two_senders_send_nothing_twice(
    tmp_path: Path, postgres_uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sink = Sink()
    with a_full_outbox("postgresql", tmp_path, postgres_uri, CROWD) as (environment, port), listening(sink, port):
        ids = wanted()
        schedulers = [a_scheduler(environment) for _ in range(2)]
        sender = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run", "deliver-messages"]
        senders = [
            subprocess.Popen(sender, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]
        wait_until(lambda: count(MessageState.SENT) == CROWD, seconds=1200)
        assert [process.wait(120) for process in senders] == [0, 0]
        assert [stop(process) for process in schedulers] == [0, 0]
        arrived = Counter(sink.ids)
        twice = sum(times - 1 for times in arrived.values())
        with capsys.disabled():
            print(f"\npostgresql: {CROWD} mails, two schedulers, two senders: came twice {twice}")
        assert (set(arrived), twice) == (ids, 0)
        assert threading.active_count() < 20
