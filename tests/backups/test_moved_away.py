"""A database file is moved away and a backup put into its place, while the program runs."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
from conftest import config_for
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from tracker.access.rules import SYSTEM
from tracker.audit.models import AuditEntry
from tracker.audit.operations import record
from tracker.backups import operations
from tracker.core import sqlite_file
from tracker.core.db import db, writing
from tracker.core.errors import DomainError

Program = Callable[[], Flask]


@pytest.fixture
def another(program: Callable[..., Flask], tmp_path: Path) -> Program:
    """Makes programs over one folder, as several processes have it open at once."""
    return lambda: program(config_for(f"sqlite:///{tmp_path / 'here/tracker.db'}", tmp_path / "here"))


@pytest.fixture
def serving(another: Program) -> Flask:
    """A program at work: connected, and with something written."""
    app = another()
    with app.app_context():
        upgrade()
    note(app, "before")
    return app


def note(app: Flask, what: str) -> None:
    with app.app_context(), writing():
        record(SYSTEM, "trial", what)


def noted(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.subject).order_by(AuditEntry.id)))


def noted_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [subject for (subject,) in connection.execute("SELECT subject FROM audit_entry ORDER BY id")]


def moved_away(folder: Path, *, pattern: str = "tracker.db*") -> Path:
    """Move the database as the guide says."""
    away = folder / "away"
    away.mkdir()
    for path in (folder / "here").glob(pattern):
        shutil.move(path, away / path.name)
    return away / "tracker.db"


def test_without_its_database_the_program_says_so_and_makes_none(serving: Flask, tmp_path: Path) -> None:
    moved = moved_away(tmp_path)
    answer = serving.test_client().get("/sign-in")
    assert (answer.status_code, "数据库暂时无法访问" in answer.text) == (503, True)
    answer = serving.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["database"]) == (503, "unreachable")
    with pytest.raises(DomainError, match=r"tracker\.db 不存在"):
        note(serving, "lost")
    assert list((tmp_path / "here").glob("tracker.db*")) == []
    for path in moved.parent.iterdir():
        shutil.move(path, tmp_path / "here" / path.name)
    note(serving, "after")
    assert noted(serving) == ["before", "after"]


@pytest.mark.parametrize("command", ["current", "check"])
def test_a_command_that_looks_at_the_tables_makes_none_either(
    command: str, serving: Flask, another: Program, tmp_path: Path
) -> None:
    moved_away(tmp_path)
    done = another().test_cli_runner().invoke(args=["db", command])
    assert "tracker.db 不存在" in str(done.exception)
    assert list((tmp_path / "here").glob("tracker.db*")) == []


def test_none_is_made_when_it_goes_just_before_it_is_opened(another: Program, serving: Flask, tmp_path: Path) -> None:
    look = sqlite_file.identify

    def look_and_lose(path: Path) -> tuple[int, int]:
        found = look(path)
        if not (tmp_path / "away").exists():
            moved_away(tmp_path)
        return found

    with mock.patch.object(sqlite_file, "identify", look_and_lose):
        answer = another().test_client().get("/sign-in")
    assert (answer.status_code, "数据库暂时无法访问" in answer.text) == (503, True)
    assert list((tmp_path / "here").glob("tracker.db*")) == []


def test_where_a_file_lies_instead_of_its_folder_the_program_says_so_and_no_more(
    serving: Flask, tmp_path: Path
) -> None:
    shutil.move(tmp_path / "here", tmp_path / "away")
    (tmp_path / "here").touch()
    answer = serving.test_client().get("/sign-in")
    assert (answer.status_code, "数据库暂时无法访问" in answer.text) == (503, True)
    answer = serving.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (
        503,
        {"ready": False, "database": "unreachable", "files": "not writable"},
    )


def test_what_is_written_after_a_restoration_is_in_what_was_restored(
    serving: Flask, another: Program, tmp_path: Path
) -> None:
    with serving.app_context():
        operations.back_up(tmp_path / "a.backup")
    note(serving, "after the backup")
    moved = moved_away(tmp_path)
    done = another().test_cli_runner().invoke(args=["restore", str(tmp_path / "a.backup")])
    assert done.exit_code == 0, done.output
    note(serving, "after the restoration")
    assert noted(another()) == ["before", "after the restoration"]
    assert noted_in(moved) == ["before", "after the backup"]


def test_a_change_that_was_under_way_is_refused(serving: Flask, tmp_path: Path) -> None:
    with serving.app_context(), pytest.raises(DomainError, match=r"tracker\.db 不存在"), writing():
        record(SYSTEM, "trial", "under way")
        moved = moved_away(tmp_path)
    assert noted_in(moved) == ["before"]


@pytest.mark.parametrize("act", [lambda: operations.restore(Path("a.backup")), upgrade], ids=["restore", "upgrade"])
def test_what_the_moved_file_had_not_taken_up_yet_is_not_thrown_away(
    act: Callable[[], object], serving: Flask, another: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with serving.app_context():
        operations.back_up(tmp_path / "a.backup")
    moved = moved_away(tmp_path, pattern="tracker.db")
    with another().app_context(), pytest.raises(DomainError, match=r"tracker\.db-wal"):
        act()
    assert not (tmp_path / "here/tracker.db").exists()
    shutil.move(moved, tmp_path / "here")
    assert noted(serving) == ["before"]


def test_nor_is_it_where_the_file_is_a_link_to_another_disk(serving: Flask, another: Program, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with serving.app_context():
        db.session.remove()
        db.engine.dispose()
    shutil.move(tmp_path / "here/tracker.db", disk)
    (tmp_path / "here/tracker.db").symlink_to(disk / "tracker.db")
    note(serving, "on the disk")
    shutil.move(disk / "tracker.db", tmp_path)
    with another().app_context(), pytest.raises(DomainError, match=r"tracker\.db-wal"):
        upgrade()
    shutil.move(tmp_path / "tracker.db", disk)
    assert noted(serving) == ["before", "on the disk"]
