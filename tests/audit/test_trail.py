"""The trail refuses changes, and whatever was done behind the program's back is found."""

import json
import subprocess
import sys
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.databases import behind_the_back
from tracker.access.rules import SYSTEM, Actor
from tracker.audit.models import AuditEntry
from tracker.audit.operations import record, verify_trail
from tracker.audit.rules import Fault, canonical, chain
from tracker.core.db import db, writing


def five_acts() -> None:
    for number in range(1, 6):
        with writing():
            record(Actor(None, "甲"), "issue", f"巡察2026-1-00{number}", before=None, after=number)


def broken() -> list[tuple[int, str]]:
    db.session.rollback()
    _rows, _head, breaks = verify_trail(db.session())
    return [(each.row, each.what) for each in breaks]


def test_an_untouched_trail_holds(app: Flask) -> None:
    five_acts()
    rows, head, breaks = verify_trail(db.session())
    assert (rows, breaks) == (5, [])
    assert head == db.session.get_one(AuditEntry, 5).hash


def test_an_empty_trail_holds(app: Flask) -> None:
    assert verify_trail(db.session()) == (0, "0" * 64, [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_name = '乙' WHERE id = 3",
        "DELETE FROM audit_entry WHERE id = 3",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "INSERT OR REPLACE INTO audit_entry SELECT id, recorded_at, actor_id, '乙', action, subject, origin, details, "
        "text, hash FROM audit_entry WHERE id = 3",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(app: Flask, statement: str) -> None:
    five_acts()
    is_sqlite = db.engine.dialect.name == "sqlite"
    if "TRUNCATE" in statement and is_sqlite:
        statement = "DELETE FROM audit_entry WHERE 1"
    if "REPLACE" in statement and not is_sqlite:
        statement = "UPDATE audit_entry SET actor_name = '乙' WHERE id IN (SELECT 3)"
    with pytest.raises(DBAPIError, match="append-only"), writing():
        db.session.execute(text(statement))
    assert broken() == []
    assert db.session.query(AuditEntry).count() == 5


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_name", "乙"),
        ("actor_id", 7),
        ("subject", "别的"),
        ("details", "{}"),
        ("origin", "10.0.0.9"),
        ("recorded_at", "2020-01-01 00:00:00+00:00"),
    ],
)
def test_a_changed_column_is_found(app: Flask, column: str, value: Any) -> None:
    five_acts()
    if column == "recorded_at" and db.engine.dialect.name == "sqlite":
        value = "2020-01-01 00:00:00.000000"
    with behind_the_back() as connection:
        connection.execute(text(f"UPDATE audit_entry SET {column} = :value WHERE id = 3"), {"value": value})
    assert broken() == [(3, Fault.REWRITTEN)]


def test_a_row_rewritten_together_with_its_text_is_found(app: Flask) -> None:
    five_acts()
    with behind_the_back() as connection:
        change = "UPDATE audit_entry SET actor_name = '乙', text = replace(text, '甲', '乙') WHERE id = 3"
        connection.execute(text(change))
    assert broken() == [(3, Fault.UNCHAINED)]


def test_a_row_rewritten_together_with_its_hash_breaks_the_next_one(app: Flask) -> None:
    five_acts()
    before, entry = db.session.get_one(AuditEntry, 2), db.session.get_one(AuditEntry, 3)
    forged = entry.text.replace("甲", "乙")
    values = {"text": forged, "hash": chain(before.hash, forged)}
    with behind_the_back() as connection:
        connection.execute(
            text("UPDATE audit_entry SET actor_name = '乙', text = :text, hash = :hash WHERE id = 3"), values
        )
    assert broken() == [(4, Fault.UNCHAINED)]


def test_a_dropped_row_is_found(app: Flask) -> None:
    five_acts()
    with behind_the_back() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE id = 3"))
    assert broken() == [(3, Fault.MISSING), (4, Fault.UNCHAINED)]


def test_a_dropped_first_row_is_found(app: Flask) -> None:
    five_acts()
    with behind_the_back() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE id = 1"))
    assert broken() == [(1, Fault.MISSING), (2, Fault.UNCHAINED)]


def test_an_inserted_row_is_found_even_when_it_hangs_on_the_last_one(app: Flask) -> None:
    five_acts()
    insert_copy(5, as_row=6)
    assert (6, Fault.INSERTED) in broken()


def test_a_row_inserted_before_the_first_is_found(app: Flask) -> None:
    five_acts()
    insert_copy(1, as_row=0)
    assert (0, Fault.INSERTED) in broken()


def insert_copy(row: int, *, as_row: int) -> None:
    """A well-made copy of an entry under another number."""
    db.session.rollback()
    last, entry = db.session.get_one(AuditEntry, 5), db.session.get_one(AuditEntry, row)
    columns = json.loads(entry.text) | {"id": as_row}
    values = {"id": as_row, "text": canonical(columns), "hash": chain(last.hash, canonical(columns)), "row": row}
    columns_kept = "recorded_at, actor_id, actor_name, action, subject, origin, details"
    statement = (
        f"INSERT INTO audit_entry (id, text, hash, {columns_kept}) "
        f"SELECT :id, :text, :hash, {columns_kept} FROM audit_entry WHERE id = :row"
    )
    with behind_the_back() as connection:
        connection.execute(text(statement), values)


def test_a_cut_tail_is_found(app: Flask) -> None:
    five_acts()
    with behind_the_back() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE id > 3"))
    assert broken() == [(4, Fault.CUT_OFF)]


def test_a_tail_cut_together_with_the_count_does_not_fit_the_head(app: Flask) -> None:
    five_acts()
    with behind_the_back() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE id > 3"))
        connection.execute(text("UPDATE audit_head SET count = 3"))
    assert broken() == [(3, Fault.HEAD_DIFFERS)]


def test_a_lost_head_is_found(app: Flask) -> None:
    five_acts()
    with behind_the_back() as connection:
        connection.execute(text("DELETE FROM audit_head"))
    assert broken()[0] == (0, Fault.HEAD_MISSING)


def test_the_command_prints_what_is_broken_and_says_so_by_its_exit_code(app: Flask) -> None:
    five_acts()
    runner = app.test_cli_runner()
    good = runner.invoke(args=["audit", "verify", "--json"])
    assert (good.exit_code, json.loads(good.stdout)["broken"], json.loads(good.stdout)["rows"]) == (0, [], 5)
    with behind_the_back() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE id > 3"))
    db.session.rollback()
    bad = runner.invoke(args=["audit", "verify", "--json"])
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)["broken"] == [{"row": 4, "what": "cut_off"}]
    assert "第 4 条" in bad.stderr
    plain = runner.invoke(args=["audit", "verify"])
    assert plain.exit_code == 1


def test_an_unknown_option_is_a_usage_error(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["audit", "verify", "--fast"]).exit_code == 2


def test_writers_at_once_make_one_chain(app: Flask, tmp_path: Any) -> None:
    script = (
        "import sys\n"
        "from tracker import create_app\n"
        "from tracker.access.rules import SYSTEM\n"
        "from tracker.audit.operations import record\n"
        "from tracker.core.db import writing\n"
        "app = create_app({'SQLALCHEMY_DATABASE_URI': sys.argv[1], 'TRACKER_DATA_DIR': sys.argv[2],"
        " 'TRACKER_ZONE': 'Asia/Shanghai', 'TRACKER_IS_DEMO': False, 'SECRET_KEY': 'x'})\n"
        "with app.app_context():\n"
        "    for number in range(10):\n"
        "        with writing():\n"
        "            record(SYSTEM, 'issue', str(number))\n"
    )
    command = [sys.executable, "-c", script, app.config["SQLALCHEMY_DATABASE_URI"], str(tmp_path)]
    children = [subprocess.Popen(command) for _ in range(3)]
    assert [child.wait(120) for child in children] == [0, 0, 0]
    rows, _head, breaks = verify_trail(db.session())
    assert (rows, breaks) == (30, [])
    with writing():
        record(SYSTEM, "issue", "31")
    assert verify_trail(db.session())[0] == 31
