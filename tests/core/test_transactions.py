"""Writers wait for each other and never fork the trail; whoever did not say that they write cannot."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import time_machine
from conftest import config_for
from factories import a_source, a_unit, an_item
from flask import Flask
from psycopg.errors import CheckViolation, DeadlockDetected, DiskFull, UniqueViolation
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from tracker import create_app
from tracker.access.rules import SYSTEM
from tracker.audit.models import AuditEntry
from tracker.audit.operations import record, verify_trail
from tracker.core.db import db, refresh_statistics, writing
from tracker.core.errors import Busy, Conflict
from tracker.items import operations, queries
from tracker.items.models import Item, ItemChange
from tracker.sources import queries as sources

PROCESSES, ROUNDS = 8, 15


def write_many(url: str, folder: str, name: str, source_id: int) -> None:
    """One process: draw up items of one source, one transaction each."""
    app = create_app(config_for(url, Path(folder)))
    with app.app_context():
        for number in range(ROUNDS):
            with writing():
                source = sources.get_source(db.session(), source_id, lock=True)
                operations.draw_up(source, f"{name} 第{number}个", actor=SYSTEM)


def run_processes(target: Callable[..., None], app: Flask, *args: object) -> list[int | None]:
    """Run the target in eight processes at once; their exit codes."""
    url, folder = str(app.config["SQLALCHEMY_DATABASE_URI"]), str(app.config["TRACKER_DATA_DIR"])
    context = multiprocessing.get_context("spawn")
    started = [context.Process(target=target, args=(url, folder, f"进程{n}", *args)) for n in range(PROCESSES)]
    for process in started:
        process.start()
    for process in started:
        process.join(120)
    return [process.exitcode for process in started]


def test_eight_processes_writing_at_once_are_all_served_and_the_trail_is_one_chain(app: Flask) -> None:
    with writing():
        source_id = a_source().id
    assert run_processes(write_many, app, source_id) == [0] * PROCESSES
    session = db.session()
    session.rollback()
    numbers = session.scalars(select(Item.number)).all()
    assert len(set(numbers)) == len(numbers) == PROCESSES * ROUNDS
    rows, _head, breaks = verify_trail(session)
    assert breaks == []
    assert rows == session.scalar(select(func.count()).select_from(AuditEntry)) > PROCESSES * ROUNDS
    instants = session.scalars(select(ItemChange.recorded_at).order_by(ItemChange.recorded_at)).all()
    assert len(set(instants)) == len(instants), "two transactions share a recording instant"


def test_a_write_outside_of_writing_is_refused_by_the_database_itself(app: Flask) -> None:
    with pytest.raises(DBAPIError):
        db.session.execute(text("INSERT INTO setting (key, value) VALUES ('x', '1')"))
    db.session.rollback()


def test_nothing_of_a_refused_transaction_remains(app: Flask) -> None:
    with pytest.raises(Conflict), writing():
        an_item(lead_unit=a_unit())
        record(SYSTEM, "test", "x")
        raise Conflict("somebody was first")
    assert db.session.scalar(select(func.count()).select_from(Item)) == 0
    with writing():
        record(SYSTEM, "test", "y")
    assert db.session.scalars(select(AuditEntry.subject)).all() == ["y"]


def test_a_row_changed_by_somebody_else_since_it_was_read_is_a_conflict(app: Flask) -> None:
    with writing():
        item = an_item(lead_unit=a_unit())
    with pytest.raises(Conflict), writing():
        mine = db.session.get_one(Item, item.id)
        connection = db.session.connection()
        connection.execute(text("UPDATE item SET version = version + 1 WHERE id = :id"), {"id": item.id})
        operations.void(mine, actor=SYSTEM, reason="重复")
    assert len(queries.list_changes(db.session(), item.id)) == 2


@pytest.mark.parametrize(
    ("kind", "error", "refusal"),
    [
        (OperationalError, DeadlockDetected("检测到死锁"), Busy),
        (OperationalError, DiskFull("无法扩展文件: 设备上没有空间"), Busy),
        (IntegrityError, UniqueViolation('重复键违反唯一约束"uq_unit_path"'), Conflict),
        (IntegrityError, CheckViolation('关系"unit"的新列违反了检查约束"ck_unit_unique_or_locked"'), IntegrityError),
    ],
)
def test_a_server_that_speaks_another_language_is_understood(
    app: Flask, kind: type[DBAPIError], error: psycopg.Error, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal), writing():
        raise kind("UPDATE item …", {}, error)


def test_a_figure_already_told_never_gets_a_change_in_its_past(app: Flask) -> None:
    """Recording instants grow even when the clock goes back."""
    with time_machine.travel("2026-06-01T08:00:00+00:00", tick=False), writing():
        first = an_item(lead_unit=a_unit())
    with time_machine.travel("2026-05-31T08:00:00+00:00", tick=False), writing():
        second = an_item(sources.get_source(db.session(), first.source_id))
    late = queries.list_changes(db.session(), second.id)[0].recorded_at
    assert late > queries.list_changes(db.session(), first.id)[-1].recorded_at


def test_a_database_that_was_looked_after_knows_its_tables(app: Flask) -> None:
    """SQLite chooses indexes by what it knows; PostgreSQL keeps its statistics itself."""
    with writing():
        a_unit("组织部")
    with writing():
        refresh_statistics()
    if db.engine.dialect.name == "sqlite":
        known = db.session.execute(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'unit'")).scalars().all()
        assert all(stat.startswith("2 ") for stat in known)
        assert known
