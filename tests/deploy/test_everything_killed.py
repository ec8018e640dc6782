"""One machine whose power goes again and again: web server, scheduler and database killed at one blow, under load.

What lies on the disk is all that is left; the database recovers from its log. With PROOF=1 ten times as often.
"""

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from aiosmtpd.smtp import SMTP, Envelope, Session
from conftest import ROOT
from factories import a_source, a_telling, a_unit, a_working_item, actor_of, an_account
from sqlalchemy import func, select, update

from tests.deploy.databases import USER, ensure_user, program, run
from tests.deploy.hosts import kill_all, wait_for
from tests.deploy.inside import PASSWORD, list_workers, look, prepare
from tests.jobs.trials import a_database, let_leases_run_out, stop
from tests.outbox.sinks import Sink, free_port, listening, use_mail
from tracker.access.rules import Role
from tracker.audit.models import AuditEntry
from tracker.closure import operations as closure
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.files import store
from tracker.org.passwords import hash_password
from tracker.outbox.models import Message
from tracker.outbox.rules import SOCKET_SECONDS, WAITING, Channel, MessageState
from tracker.progress import operations as progress
from tracker.work.models import JobRun

pytestmark = [pytest.mark.proof]
REMINDED, PEOPLE, APPLICATIONS, ROUNDS = (400, 10, 300, 20) if os.environ.get("PROOF") else (60, 4, 30, 2)
UNSENT = {*WAITING, MessageState.CLAIMED}
HEADS = ("刘洋", "马丽")
# What is acknowledged, where ``look`` finds it, and what the trail calls it.
KINDS = {
    "entry": ("entries", "entry.write"),
    "evidence": ("evidence", "evidence.add"),
    "decision": ("decisions", "review.decide"),
}


class Hesitant(Sink):
    """Takes no more mails than it may; the next one hangs, taken but not answered, or not taken."""

    def __init__(self) -> None:
        super().__init__()
        self.may_take, self.takes_first, self.hangs = 0, False, False

    def let(self, count: int) -> None:
        """Let it take so many more; the one that hangs then is taken if the last one was not."""
        self.may_take, self.takes_first, self.hangs = len(self.mails) + count, not self.takes_first, False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take it, and wait until it may; or the other way round."""
        answer = await super().handle_DATA(server, session, envelope) if self.takes_first else ""
        # Not for so long that its sender gives it up.
        until = time.monotonic() + SOCKET_SECONDS / 2
        while len(self.mails) >= self.may_take and time.monotonic() < until:
            self.hangs = True
            await asyncio.sleep(0.02)
        return answer or await super().handle_DATA(server, session, envelope)


class Machine:
    """All of the program on one machine, with what survives on its disk."""

    def __init__(self, kind: str, folder: Path, database: Path) -> None:
        self.kind, self.folder, self.database = kind, folder, database
        self.address, self.port = f"127.0.0.1:{free_port()}", free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start_database()
        server = f"postgresql://postgres@127.0.0.1:{self.port}/postgres?sslmode=disable"
        self.app, self.environment = a_database(kind, folder, server)
        (folder / "metrics").mkdir()
        self.environment |= {
            "TRACKER_ADDRESS": self.address,
            "TRACKER_ARGON2_COST": "cheap",
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
        }

    def start_database(self) -> None:
        """Start the server, where there is one, and wait until it has recovered."""
        if self.kind == "postgresql":
            listens = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories="]
            options = [each for setting in listens for each in ("-c", setting)]
            self._start([program("postgres"), "-D", str(self.database), *options], user=USER)
            told = [program("pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={self.port}"]
            wait_for(lambda: subprocess.run(told, check=False).returncode == 0, "the database answers")

    def start_program(self) -> None:
        """Start web server and scheduler as they are served, and wait until they are ready."""
        environment = self.environment
        self.web = self._start([sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"], environment)
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "scheduler"]
        self.scheduler = self._start(command, environment)
        wait_for(lambda: self.answer("/readyz").get("ready") is True, "the program is ready")

    def _start(
        self, command: list[str], environment: dict[str, str] | None = None, user: str | None = None
    ) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, user=user, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def answer(self, address: str) -> dict[str, Any]:
        """What the program answers; nothing while it does not."""
        try:
            return dict(requests.get(f"http://{self.address}{address}", timeout=5).json())
        except requests.RequestException:
            return {}

    def lose_power(self) -> None:
        """End all of it at once."""
        kill_all(self.processes)
        self.processes.clear()

    @contextmanager
    def people(self, workers: list[list[str]], seed: str) -> Iterator[None]:
        """Let people work, whatever becomes of the machine; they sit elsewhere."""
        (self.folder / "workers").write_text(json.dumps(workers))
        told = [f"http://{self.address}", str(len(workers)), "3600", str(self.folder / "acknowledged"), seed]
        with (self.folder / "workers").open() as workers_in, (self.folder / "people.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.deploy.inside", "people", *told]
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=workers_in, stdout=log, stderr=log
            )
        try:
            yield
        finally:
            kill_all([process])

    def acknowledged(self, kind: str) -> list[str]:
        """What people were told that it was done, whole lines only."""
        book = self.folder / "acknowledged"
        lines = book.read_text().split("\n")[:-1] if book.exists() else []
        return [told[kind] for told in map(json.loads, lines) if told.get(kind) and "refused" not in told]


@pytest.fixture(params=["sqlite", "postgresql"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    database = Path(tempfile.mkdtemp(prefix="power"))
    if request.param == "postgresql":
        if os.geteuid():
            pytest.skip("a server of its own user takes root")
        ensure_user()
        shutil.chown(database, USER, USER)
        run("initdb", "--auth=trust", "--username=postgres", f"--pgdata={database}")
    made = Machine(request.param, tmp_path, database)
    try:
        with made.app.app_context():
            yield made
    finally:
        made.lose_power()
        shutil.rmtree(database)


def furnish(port: int) -> list[list[str]]:
    """Reminders that are due, items to report on, applications to decide; who works, with the item of each."""
    prepare(str(REMINDED), "127.0.0.1")
    use_mail(port)
    workers = list_workers()[:PEOPLE]
    with writing():
        unit, source = a_unit("机关党委"), a_source("去年巡察反馈")
        liaison = an_account("孙浩", Role.LIAISON, unit)
        for name in HEADS:
            head = an_account(name, Role.UNIT_HEAD, unit)
            assert head.account is not None
            head.account.password_hash = hash_password(PASSWORD)
            workers.append([head.account.login, ""])
        scan = store(BytesIO(b"minutes"), limit_bytes=100)
        for _ in range(APPLICATIONS):
            item = a_working_item(liaison, source=source, lead_unit=unit, due_on=clock.today() + timedelta(days=90))
            progress.add_evidence(item, scan, "会议纪要.txt", actor=actor_of(liaison))
            closure.apply(item, a_telling(item), actor=actor_of(liaison))
        db.session.execute(update(Message).where(Message.state.in_(WAITING)).values(state=MessageState.SKIPPED))
    return workers


def test_what_was_acknowledged_survives_that_everything_is_killed_at_once(machine: Machine) -> None:
    seed = str(random.SystemRandom().randrange(1 << 30))
    print(f"seed {seed}")
    chance, sink, port = random.Random(seed), Hesitant(), free_port()
    workers = furnish(port)
    forget_connections()
    with listening(sink, port), machine.people(workers, seed):
        for _ in range(ROUNDS):
            sink.let(chance.randint(1, REMINDED // (ROUNDS + 1)))
            machine.start_program()
            wait_for_work(machine)
            wait_for(lambda: sink.hangs, "a mail is on its way")
            time.sleep(chance.random())
            machine.lose_power()
            machine.start_database()
            check(machine)
            let_leases_run_out()
            forget_connections()
        sink.let(sys.maxsize)
        machine.start_program()
        wait_for_work(machine)
        assert requests.get(f"http://{machine.address}/metrics", timeout=30).ok
        wait_for(lambda: not count_mails(*UNSENT), "everybody is reminded", 300)
    assert [stop(each) for each in (machine.scheduler, machine.web)] == [0, 0]
    check(machine)
    check_mails(sink)
    assert db.session.scalar(select(func.count()).select_from(JobRun).where(JobRun.lease_token.isnot(None))) == 0


def wait_for_work(machine: Machine) -> None:
    """Let something of each kind be acknowledged since now."""
    before = {kind: len(machine.acknowledged(kind)) for kind in KINDS}
    for kind in KINDS:
        wait_for(lambda kind=kind: len(machine.acknowledged(kind)) > before[kind], f"{kind} is acknowledged")  # type: ignore[misc]


def check(machine: Machine) -> None:
    """Hold what people were told against what the database has, and that against the trail and the files."""
    told = {kind: machine.acknowledged(kind) for kind in KINDS}
    db.session.rollback()
    found = look()
    assert (found["lost"], found["broken"]) == ([], [])
    for kind, (place, act) in KINDS.items():
        times = Counter(found[place])
        assert [each for each in told[kind] if times[each] != 1] == [], f"{kind} is there once"
        recorded = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == act)
        assert db.session.scalar(recorded) == len(found[place])


def check_mails(sink: Sink) -> None:
    """Every mail that was to leave arrived; what came twice was in flight when the power went."""
    mails = select(Message.message_id).where(Message.channel == Channel.MAIL, Message.state == MessageState.SENT)
    reminders = mails.where(Message.kind == "reminder_digest")
    assert len(set(db.session.scalars(reminders))) == REMINDED
    assert set(sink.ids) == set(db.session.scalars(mails))
    assert len({str(mail["To"]) for mail in sink.mails}) == REMINDED
    assert len(sink.ids) - len(set(sink.ids)) <= ROUNDS


def count_mails(*states: MessageState) -> int:
    db.session.rollback()
    mails = select(func.count()).select_from(Message).where(Message.channel == Channel.MAIL)
    return db.session.scalar(mails.where(Message.state.in_(states))) or 0


def forget_connections() -> None:
    """Let go of a server that is about to be killed."""
    db.session.remove()
    db.engine.dispose()
