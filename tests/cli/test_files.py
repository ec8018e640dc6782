"""``files tidy``: only what is old and belongs to nothing, told first, deleted when asked."""

import io
import json
import os
from pathlib import Path

import pytest
from factories import a_unit, a_working_item, actor_of, an_account
from flask import Flask
from sqlalchemy import String

from tracker.access.rules import Role
from tracker.core import clock, files, tidying
from tracker.core.db import Base, db, writing
from tracker.core.queries import hash_columns, list_hashes
from tracker.progress import operations

# Columns of 64 characters that name no file of the store.
NO_FILES = {
    "account.session_key",
    "archive.chain_head",
    "audit_entry.hash",
    "audit_entry.origin",
    "audit_head.hash",
    "backup.head",
    "figure_day.beside",
    "figure_day.key",
    "ledger_draft.plan_hash",
    "meeting_freeze.content_hash",
    "report.facts_hash",
    "report.text_hash",
    "report.trail_head",
}


def stored(content: bytes, *, days: int) -> Path:
    """A file of the store that came so many days ago."""
    path = files.path_of(files.store(io.BytesIO(content), limit_bytes=100).sha256)
    then = clock.now().timestamp() - days * 86_400
    os.utime(path, (then, then))
    return path


def tidy(app: Flask, *options: str) -> tuple[int, dict[str, object]]:
    done = app.test_cli_runner().invoke(args=["files", "tidy", "--json", *options])
    return done.exit_code, json.loads(done.stdout)


def proved(content: bytes) -> str:
    """A file that an item names."""
    file = files.store(io.BytesIO(content), limit_bytes=100)
    with writing():
        unit = a_unit()
        liaison = an_account("王敏", Role.LIAISON, unit)
        item = a_working_item(liaison, lead_unit=unit)
        evidence = operations.add_evidence(item, file, "签到表.txt", actor=actor_of(liaison))
        operations.remove_evidence(evidence, actor=actor_of(liaison))
    return file.sha256


@pytest.fixture(autouse=True)
def an_empty_store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "TRACKER_DATA_DIR", str(tmp_path))


def test_only_old_files_that_nothing_names_are_told_and_deleted(app: Flask) -> None:
    named = files.path_of(proved(b"named, though removed"))
    os.utime(named, (0, 0))
    young, old = stored(b"young", days=0), stored(b"old", days=2)
    part = files.folder() / f"{files.INCOMING}x"
    part.write_bytes(b"broken off")
    os.utime(part, (0, 0))

    code, told = tidy(app)
    assert (code, told["kept"], told["deleted"], told["missing"]) == (0, 1, 0, [])
    assert set(told["leftovers"]) == {old.name, part.name}  # type: ignore[call-overload]
    assert old.exists()
    assert part.exists()

    code, told = tidy(app, "--delete")
    assert (code, told["deleted"]) == (0, 2)
    assert [path.exists() for path in (named, young, old, part)] == [True, True, False, False]
    assert tidy(app)[1]["leftovers"] == []


def test_what_is_named_or_sent_again_meanwhile_comes_back(app: Flask) -> None:
    named_again, sent_again, old = (stored(name, days=2) for name in (b"named", b"sent", b"old"))
    before = clock.now()
    found = tidying.look((), before=before)

    def meanwhile() -> set[str]:
        """The moment between stepping aside and deleting."""
        away = sent_again.with_name(tidying.LEAVING + sent_again.name)
        os.utime(away, (before.timestamp() + 60, before.timestamp() + 60))
        return {named_again.name}

    gone = tidying.clear(found.leftovers, named=meanwhile, before=before)
    assert [each.path for each in gone] == [old]
    assert [path.exists() for path in (named_again, sent_again, old)] == [True, True, False]


def test_a_file_that_is_named_and_not_there_is_told_and_the_command_fails(app: Flask) -> None:
    sha256 = proved(b"lost")
    files.path_of(sha256).unlink()
    code, told = tidy(app)
    assert (code, told["missing"]) == (1, [sha256])


def test_no_column_that_names_a_file_is_forgotten(app: Flask) -> None:
    """By their names and, should somebody call one otherwise, by the length of a hash."""
    asked = {f"{column.table.name}.{column.name}" for column in hash_columns()}  # type: ignore[attr-defined]
    long = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and column.type.length == 64
    }
    assert long - asked == NO_FILES
    assert {"evidence.sha256", "source.file_sha256", "supervision_notice.scan_sha256"} <= asked
    assert list_hashes(db.session()) == set()
