"""Many people at work at once: no fault, nothing acknowledged lost, figures right, memory flat.

With PROOF=1 for ten minutes: on PostgreSQL two hundred people in a whole organ of 300,000 items, on SQLite, which has
one writer at a time, fifty in one of 30,000; else twenty for half a minute in a small one.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from conftest import DATABASES, config_for
from flask import Flask
from flask_migrate import upgrade

from tests.bench import big, world
from tests.bench.world.people import OFFICE
from tests.load.running import acknowledged, cast, crowd, lost, running, wrong
from tracker import create_app
from tracker.access.rules import SYSTEM
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.jobs.registry import get_job
from tracker.jobs.running import run_now
from tracker.settings import operations as settings

pytestmark = [pytest.mark.proof]
IS_FULL = bool(os.environ.get("PROOF"))
PEOPLE = {"sqlite": 50, "postgresql": 200} if IS_FULL else {"sqlite": 20, "postgresql": 20}
SECONDS, WAIT = (600, "8,25") if IS_FULL else (30, "1,3")
SOURCES = {"sqlite": world.LARGEST // 10, "postgresql": world.LARGEST} if IS_FULL else {"sqlite": 14, "postgresql": 14}
PER_SOURCE = world.PER_SOURCE if IS_FULL else 100
# What a web server may gain between the first third of the time and its end.
GROWS_AT_MOST = 1.15


@pytest.fixture(params=DATABASES)
def organ(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, dict[str, str]]]:
    """A whole organ, and the environment of a program that serves it."""
    environment = {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_ARGON2_COST": "cheap", "TRACKER_LOG_LEVEL": "WARNING"}
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    if request.param == "postgresql":
        uri = request.getfixturevalue("postgres_uri")
        with psycopg.connect(uri, autocommit=True) as admin:
            admin.execute("DROP DATABASE IF EXISTS load")
            admin.execute("CREATE DATABASE load")
        environment["TRACKER_DATABASE_URL"] = uri.replace("/postgres?", "/load?")
        url = environment["TRACKER_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    app = create_app(config_for(url, tmp_path))
    with app.app_context():
        upgrade()
        assert big.write(app, world.Plan(clock.today(), SOURCES[request.param], PER_SOURCE))
        settle()
        db.session.remove()
        db.engine.dispose()
    yield app, environment
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def settle() -> None:
    """Let be told what has come due in a year at once, and leave the first backup, which is due now, to the night."""
    with writing():
        settings.put({"backups.is_on": False}, actor=SYSTEM)
    for name in ("open-rounds", "queue-reminders"):
        run_now(get_job(name), clock.now())


def test_many_people_at_once_meet_no_fault_and_lose_nothing(
    organ: tuple[Flask, dict[str, str]], tmp_path: Path
) -> None:
    app, environment = organ
    with app.app_context():
        people = PEOPLE[db.engine.dialect.name]
    seed = str(random.SystemRandom().randrange(1 << 30))
    with running(environment, tmp_path / "program.log") as program:
        rows = crowd(program.address, tmp_path, cast(app), count=people, seconds=SECONDS, wait=WAIT, seed=seed)
    print(f"\nseed {seed}")
    for row in rows:
        told = (row["Request Count"], row["Failure Count"], row["50%"], row["95%"], row["99%"])
        print(f"{row['Name'][:40]:<40}" + "".join(f"{each:>8}" for each in told))
    memory = [round(each) for each in program.memory]
    print(f"memory of the web server, MiB: {memory[:: max(1, len(memory) // 12)]}")
    told = acknowledged(tmp_path)
    print({kind: len(texts) for kind, texts in told.items()})
    assert [row["Name"] for row in rows if int(row["Failure Count"])] == []
    assert all(told.values())
    assert {kind: texts for kind, texts in lost(app, told).items() if texts} == {}
    assert wrong(app, OFFICE) == []
    if IS_FULL:
        first = max(program.memory[: len(program.memory) // 3])
        assert max(program.memory) < first * GROWS_AT_MOST
