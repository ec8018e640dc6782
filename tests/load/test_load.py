"""Many people at work at once: no fault, nothing acknowledged lost, figures right, memory flat.

With PROOF=1 two hundred people for ten minutes in a whole organ of 300,000 items; else twenty for half a minute in a
small one. ``LOAD_DATABASE_URL`` and ``LOAD_DATA_DIR`` name an organ that ``make big`` has made already.
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
from tracker.core import clock
from tracker.core.db import db

pytestmark = [pytest.mark.proof]
IS_FULL = bool(os.environ.get("PROOF"))
PEOPLE, SECONDS, WAIT = (200, 600, "8,25") if IS_FULL else (20, 30, "1,3")
SOURCES, PER_SOURCE = (world.LARGEST, world.PER_SOURCE) if IS_FULL else (14, 100)
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
        assert big.write(app, world.Plan(clock.today(), SOURCES, PER_SOURCE))
        db.session.remove()
        db.engine.dispose()
    yield app, environment
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_many_people_at_once_meet_no_fault_and_lose_nothing(
    organ: tuple[Flask, dict[str, str]], tmp_path: Path
) -> None:
    app, environment = organ
    seed = str(random.SystemRandom().randrange(1 << 30))
    with running(environment, tmp_path / "program.log") as program:
        rows = crowd(program.address, tmp_path, cast(app), count=PEOPLE, seconds=SECONDS, wait=WAIT, seed=seed)
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
