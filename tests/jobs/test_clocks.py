"""A clock that is set a year ahead, an hour or a year back, under a real scheduler: it goes on by itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from glob import glob
from pathlib import Path
from threading import Event

import pytest
import time_machine
from apscheduler.schedulers.background import BackgroundScheduler
from conftest import DATABASES, ROOT
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.jobs.trials import a_database, kill, stop, wait_until
from tests.outbox.sinks import send_at_any_hour
from tests.outbox.trials import messages, queue
from tracker.access.rules import SYSTEM, Role
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.jobs import scheduling
from tracker.jobs.delivery import deliver
from tracker.org import operations as org
from tracker.outbox import operations as outbox
from tracker.outbox.rules import Channel, MessageState
from tracker.work import operations as work
from tracker.work.models import JobRun, Task
from tracker.work.rules import LEASE, TaskState

YEAR = timedelta(days=365)


class Clock:
    """The clock of a process that was started with its environment: so many seconds off, changed at any time."""

    def __init__(self, folder: Path) -> None:
        found = glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        if not found:
            pytest.skip("a clock of its own takes the package faketime")
        self.book = folder / "clock"
        self.set(timedelta())
        self.environment = {
            "LD_PRELOAD": found[0],
            "FAKETIME_TIMESTAMP_FILE": str(self.book),
            # Its book is read once in each second: for every look at the clock it would take most of the processor.
            "FAKETIME_CACHE_DURATION": "0",
            # Times of files stay: each look at one would read the clock anew, thousands at a start.
            "NO_FAKE_STAT": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, off: timedelta) -> None:
        """Set it so far off, in one step."""
        new = self.book.with_suffix(".new")
        new.write_text(f"{off.total_seconds():+.0f}s")
        os.replace(new, self.book)
        self.off = off

    def now(self) -> datetime:
        return clock.now() + self.off


@contextmanager
def a_scheduler(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "scheduler"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.poll() is None:
            kill(process)


def swept_at(job: str = "deliver-messages") -> datetime | None:
    db.session.rollback()
    return db.session.scalar(select(JobRun.finished_at).where(JobRun.job == job))


def works(on: Clock) -> bool:
    """Whether a sweep just ended by that clock."""
    done = swept_at()
    return done is not None and abs(done - on.now()) < timedelta(seconds=20)


@pytest.mark.parametrize("kind", DATABASES)
def test_a_scheduler_goes_on_whatever_its_clock_does(kind: str, tmp_path: Path, postgres_uri: str) -> None:
    app, environment = a_database(kind, tmp_path, postgres_uri)
    own = Clock(tmp_path)
    with app.app_context(), a_scheduler(environment | own.environment) as scheduler:
        wait_until(lambda: works(own), 180)
        for off in (-timedelta(hours=1), YEAR, timedelta()):
            own.set(off)
            wait_until(lambda: works(own), 180)
        # Killed while the clock was a year ahead, with every job in its hands.
        own.set(YEAR)
        wait_until(lambda: works(own), 180)
        kill(scheduler)
        with time_machine.travel(own.now()), writing():
            for job in ("deliver-messages", "queue-reminders"):
                work.take(job, token="killed")
        own.set(timedelta())
        with a_scheduler(environment | own.environment) as next_one:
            wait_until(lambda: works(own), 180)
            assert stop(next_one) == 0
        db.session.remove()
        db.engine.dispose()


def test_a_clock_that_was_wrong_for_a_moment_only_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "CLOCK_SECONDS", 3)
    runs: list[datetime] = []
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(lambda: runs.append(clock.now()), scheduling.Every(seconds=0.2))
    scheduler.start()
    scheduling.follow_the_clock(scheduler)
    try:
        with time_machine.travel(clock.now() - timedelta(hours=1)):
            # By now it waits for an hour to pass, and nobody looked at the clock yet.
            Event().wait(1)
        until_now = len(runs)
        wait_until(lambda: len(runs) > until_now, 20)
    finally:
        scheduler.shutdown()


def test_a_task_that_was_begun_in_the_wrong_year_is_done_now(app: Flask) -> None:
    with time_machine.travel(clock.now() + YEAR), writing():
        work.enqueue("ledger", {}, by_id=None)
        assert work.claim(token="killed") is not None
    with writing():
        assert work.claim(token="next") is not None
    with writing():
        assert work.claim(token="other") is None
    (task,) = db.session.scalars(select(Task))
    assert (task.state, task.lease_token) == (TaskState.RUNNING, "next")


def test_a_message_that_was_queued_or_claimed_in_the_wrong_year_is_sent_now(app: Flask) -> None:
    with writing():
        person = an_account("李磊", Role.LIAISON, a_unit())
    send_at_any_hour()
    with time_machine.travel(clock.now() + YEAR):
        queue(person, "a", "b", channels=(Channel.INBOX,))
        with writing():
            assert outbox.claim(Channel.INBOX, at=clock.now(), token="killed") == 2
        first = messages(Channel.INBOX)[0].id
        with writing():
            outbox.release("killed", [first])
    assert deliver(clock.now())["sent"] == 2
    assert {each.state for each in messages(Channel.INBOX)} == {MessageState.SENT}


def test_what_is_put_off_over_holidays_still_waits(app: Flask) -> None:
    with writing():
        person = an_account("李磊", Role.LIAISON, a_unit())
    send_at_any_hour()
    queue(person, "a", channels=(Channel.INBOX,), not_before=clock.now() + timedelta(days=12))
    assert deliver(clock.now())["sent"] == 0


@pytest.mark.parametrize("ahead", [timedelta(hours=8), timedelta(days=40)])
def test_what_was_queued_while_the_clock_was_ahead_for_a_moment_is_sent_now(app: Flask, ahead: timedelta) -> None:
    with writing():
        person = an_account("李磊", Role.LIAISON, a_unit())
    send_at_any_hour()
    with time_machine.travel(clock.now() + ahead):
        queue(person, "a", channels=(Channel.INBOX,))
    assert deliver(clock.now())["sent"] == 1


def test_nobody_stays_locked_out_for_a_year(app: Flask) -> None:
    with writing():
        person = an_account("李磊", Role.LIAISON, a_unit())
        assert person.account is not None
        login, person.account.password_hash = person.account.login, "right"

    def enter(password: str) -> bool:
        with writing():
            return org.sign_in(login, matched_hash=password).person is not None

    with time_machine.travel(clock.now() + YEAR):
        assert [enter("wrong") for _ in range(5)] == [False] * 5
        assert not enter("right")
    assert enter("right")


def test_an_administrator_is_told_that_the_clock_is_wrong(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context(), writing():
        keeper = an_account("系统员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    sign_in(client, keeper)
    assert "服务器时钟不对" not in client.get("/messages").text
    with empty_app.app_context(), time_machine.travel(clock.now() + timedelta(hours=1)), writing():
        record(SYSTEM, "backup.make", "later")
    assert "服务器时钟不对" in client.get("/messages").text


@pytest.mark.parametrize("ahead", [LEASE / 2, 3 * LEASE])
def test_a_lease_of_another_machine_whose_clock_is_ahead_still_holds(app: Flask, ahead: timedelta) -> None:
    with time_machine.travel(clock.now() + ahead), writing():
        work.take("trial", token="ahead")
    with writing():
        assert not work.take("trial", token="here")
