"""Running the program under many people, and holding afterwards what they were told against what it has."""

import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import requests
from flask import Flask
from sqlalchemy import func, select

from tests.bench.world.people import (
    ADMINISTRATOR,
    FIRST_LIAISON,
    FIRST_OF_OFFICE,
    FIRST_OFFICE_UNIT,
    FIRST_PLACE_HEAD,
    LEADERS,
    OFFICE_STAFF,
)
from tests.outbox.sinks import free_port
from tracker.access.rules import Action, reach
from tracker.audit.operations import verify_trail
from tracker.closure.models import Review
from tracker.core import clock
from tracker.core.db import db
from tracker.figures.queries import tally_wholes
from tracker.figures.questions import Question
from tracker.items.models import Item
from tracker.items.rules import COUNTED, State
from tracker.org.models import Account, Person
from tracker.org.queries import load_actor
from tracker.progress.models import Entry, Evidence

ROOT = Path(__file__).parents[2]
SAMPLED_EVERY_SECONDS = 5


@dataclass
class Program:
    """The running program: its address, and the memory of its web server in MiB, sampled while it runs."""

    address: str
    processes: list[subprocess.Popen[bytes]]
    memory: list[float] = field(default_factory=list)


@contextmanager
def running(environment: Mapping[str, str], log: Path) -> Iterator[Program]:
    """Web server and scheduler as they are served, over the database that the environment names."""
    host = f"127.0.0.1:{free_port()}"
    told = {**os.environ, **environment, "TRACKER_ADDRESS": host}
    commands = (
        (sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"),
        (sys.executable, "-m", "flask", "--app", "wsgi", "scheduler"),
    )
    with log.open("ab") as stream:
        processes = [subprocess.Popen(each, cwd=ROOT, env=told, stdout=stream, stderr=stream) for each in commands]
    program, stop = Program(f"http://{host}", processes), threading.Event()
    sampler = threading.Thread(target=_sample, args=(program, stop))
    try:
        _wait_until_ready(program.address)
        sampler.start()
        yield program
    finally:
        stop.set()
        if sampler.is_alive():
            sampler.join()
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(120)


def _sample(program: Program, stop: threading.Event) -> None:
    server = psutil.Process(program.processes[0].pid)
    while not stop.wait(SAMPLED_EVERY_SECONDS):
        program.memory.append(sum(each.memory_info().rss for each in server.children()) / (1 << 20))


def _wait_until_ready(address: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if requests.get(f"{address}/readyz", timeout=5).ok:
                return
        except requests.RequestException:
            pass
        assert time.monotonic() < deadline, "the program is not ready"
        time.sleep(0.3)


def cast(app: Flask) -> dict[str, list[str]]:
    """Sign-in names by what somebody does: those who have something to do."""
    with app.app_context():
        session = db.session()
        handlers = select(Item.handler_id).where(Item.state == State.WORKING).distinct().order_by(Item.handler_id)
        units = select(Item.lead_unit_id).where(Item.state == State.APPLIED).distinct().order_by(Item.lead_unit_id)
        heads = [FIRST_PLACE_HEAD + unit_id - FIRST_OFFICE_UNIT for unit_id in session.scalars(units) if unit_id]
        ids = {
            "Handler": list(session.scalars(handlers)),
            "Liaison": [*range(FIRST_LIAISON, ADMINISTRATOR)],
            "Head": heads,
            "Clerk": [*range(FIRST_OF_OFFICE, FIRST_OF_OFFICE + OFFICE_STAFF)],
            "Leader": [*range(1, 1 + LEADERS)],
        }
        logins = {row.person_id: row.login for row in session.execute(select(Account.person_id, Account.login))}
        return {role: [logins[each] for each in people if each] for role, people in ids.items()}


def crowd(
    address: str, folder: Path, people: Mapping[str, list[str]], *, count: int, seconds: int, wait: str, seed: str
) -> list[dict[str, str]]:
    """Let so many people work for so long; what locust measured, a row for each kind of request and one for all."""
    command = [sys.executable, "-m", "locust", "--locustfile", "tests/load/people.py", "--headless", "--only-summary"]
    command += ["--users", str(count), "--spawn-rate", str(max(1, count // 20)), "--run-time", f"{seconds}s"]
    command += ["--host", address, "--csv", str(folder / "load"), "--stop-timeout", "30", "--exit-code-on-error", "0"]
    told = {"LOAD_BOOK": str(folder / "book"), "LOAD_WAIT": wait, "LOAD_SEED": seed}
    told["LOAD_PEOPLE"] = json.dumps(people)
    told |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    with (folder / "locust.log").open("ab") as stream:
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **told}, stdout=stream, stderr=stream, check=False)
    assert done.returncode == 0, (folder / "locust.log").read_text()[-3000:]
    with (folder / "load_stats.csv").open() as stream:
        return list(csv.DictReader(stream))


def acknowledged(folder: Path) -> dict[str, set[str]]:
    """What people were told that it was done, by kind."""
    found: dict[str, set[str]] = {"entry": set(), "evidence": set(), "decision": set()}
    for line in (folder / "book").read_text().splitlines():
        for kind, told in json.loads(line).items():
            found[kind].add(told)
    return found


def lost(app: Flask, told: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """What was acknowledged and is not there."""
    columns: dict[str, Any] = {"entry": Entry.text, "evidence": Evidence.sha256, "decision": Review.opinion}
    with app.app_context():
        return {kind: texts - set(db.session.scalars(select(columns[kind]))) for kind, texts in told.items()}


def wrong(app: Flask, reader_id: int) -> list[str]:
    """What of figures and trail is not as a plain count and the chain say; empty when all is right."""
    with app.app_context():
        session = db.session()
        seen = reach(load_actor(session, session.get_one(Person, reader_id)), Action.READ_FIGURES)
        [whole] = tally_wholes(session, [Question(clock.today())], seen)
        counts = session.execute(select(Item.state, func.count()).group_by(Item.state))
        by_state = {row[0]: row[1] for row in counts}
        found = [f"trail: {each}" for each in verify_trail(session)[2]]
        counted = sum(count for state, count in by_state.items() if state in COUNTED)
        if whole.total != counted:
            found.append(f"total {whole.total}, counted {counted}")
        for state in COUNTED:
            if getattr(whole, state.value) != by_state.get(state, 0):
                found.append(f"{state}: {getattr(whole, state.value)}, counted {by_state.get(state, 0)}")
        return found
