"""Backups that are taken by themselves: once a day, tried at once, cleared away in time, and told when they fail."""

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
import time_machine
from factories import a_unit, an_account, sign_in
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.exc import InternalError

from tests.backups.daily import at, run, run_and_die_at, states
from tests.closure.closing_office import ClosingOffice
from tracker.access.rules import SYSTEM, Role
from tracker.backups import operations, queries
from tracker.backups.models import Backup
from tracker.backups.places import SPARE_BYTES, folder
from tracker.backups.rules import SUFFIX, BackupState
from tracker.core import files
from tracker.core.db import db, writing
from tracker.core.queries import list_hashes
from tracker.jobs.registry import get_job
from tracker.jobs.running import sweep
from tracker.settings.operations import put

S = BackupState
pytestmark = pytest.mark.usefixtures("kept_apart")


def test_a_backup_is_taken_tried_and_noted_once_a_day(office: ClosingOffice) -> None:
    with at("11-28T01:59"):
        assert sweep(get_job("back-up"), token="a") is None
    with at("11-28T02:01"):
        assert run() == {"backed_up": 1, "verified": 1}
        assert sweep(get_job("back-up"), token="a") is None
    (backup,) = queries.list_backups(db.session())
    assert (backup.file_name, backup.state, backup.files) == ("20261128-020100" + SUFFIX, S.VERIFIED, 3)
    assert (folder() / backup.file_name).stat().st_size == backup.size_bytes
    assert [path.name for path in folder().iterdir()] == [backup.file_name]
    assert backup.head == operations.verify(folder() / backup.file_name).head
    with at("11-29T13:00"):
        assert run() == {"backed_up": 1, "verified": 1}


def test_those_that_have_had_their_time_are_cleared_away(office: ClosingOffice) -> None:
    with writing():
        put({"backups.keep_days": 2, "backups.keep_months": 0}, actor=SYSTEM)
    for day in ("11-26", "11-27", "11-28"):
        with at(f"{day}T03:00"):
            told = run()
    assert told == {"backed_up": 1, "verified": 1, "cleared": 1}
    assert states() == [S.DROPPED, S.VERIFIED, S.VERIFIED]
    assert sorted(path.name[:8] for path in folder().iterdir()) == ["20261127", "20261128"]


def test_one_made_by_hand_bears_the_same_kind_of_name_by_the_organs_clock_and_is_never_cleared_away(
    empty_app: Flask, office: ClosingOffice
) -> None:
    with writing():
        put({"backups.keep_days": 1, "backups.keep_months": 0}, actor=SYSTEM)
    made = folder() / f"20261126-130000{SUFFIX}"
    with time_machine.travel("2026-11-26T13:00:00+08:00", tick=False):
        done = empty_app.test_cli_runner().invoke(args=["backup", str(folder())])
    assert (done.exit_code, done.stdout.startswith(f"{made}：")) == (0, True), done.output
    for day in ("11-27", "11-28"):
        with at(f"{day}T03:00"):
            run()
    assert sorted(path.name for path in folder().iterdir()) == [made.name, f"20261128-030000{SUFFIX}"]


def test_what_does_not_stand_the_trial_is_told_and_another_one_taken_an_hour_later(
    office: ClosingOffice,
) -> None:
    take = operations.back_up

    def spoilt(target: Path) -> object:
        told = take(target)
        content = bytearray(target.read_bytes())
        content[2000] ^= 1
        target.write_bytes(content)
        return told

    with at("11-28T03:00"), mock.patch("tracker.backups.operations.back_up", spoilt):
        assert run() == {"backed_up": 1, "failed": 1}
    assert states() == [S.BROKEN]
    with at("11-28T03:30"):
        assert sweep(get_job("back-up"), token="a") is None
    with at("11-28T04:01"):
        assert run() == {"backed_up": 1, "verified": 1}


def damage(table: str) -> None:
    """Spoil the page of the file where a table begins."""
    db.session.remove()
    page = "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = ?"
    with closing(sqlite3.connect(str(db.engine.url.database))) as connection:
        number, size = connection.execute(page, (table,)).fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()
    with Path(str(db.engine.url.database)).open("r+b") as file:
        file.seek((number - 1) * size)
        file.write(b"\xff" * size)


@pytest.mark.parametrize("bed", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("table", "told", "state"),
    [("evidence", {"failed": 1}, S.FAILED), ("item", {"backed_up": 1, "failed": 1}, S.BROKEN)],
    ids=["read for the backup", "read for the trial"],
)
def test_a_damaged_database_is_told_as_a_backup_that_failed_and_not_copied_over_and_over(
    table: str, told: dict[str, int], state: BackupState, office: ClosingOffice
) -> None:
    damage(table)
    with at("11-28T03:00"):
        assert run() == told
    (backup,) = queries.list_backups(db.session())
    assert (backup.state, "已损坏" in backup.failure) == (state, True)
    with at("11-28T03:30"):
        assert sweep(get_job("back-up"), token="a") is None


def test_no_backup_is_begun_that_would_fill_the_disk(office: ClosingOffice) -> None:
    with at("11-28T03:00"), mock.patch("shutil.disk_usage", return_value=mock.Mock(free=100 << 20)):
        assert run() == {"failed": 1}
    (backup,) = queries.list_backups(db.session())
    assert (backup.state, "只剩 100 MB" in backup.failure) == (S.FAILED, True)
    assert list(folder().iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told_before_a_backup_is_due_and_when_it_fails(
    empty_app: Flask, office: ClosingOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing():
        keeper = an_account("系统员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    client = empty_app.test_client()
    sign_in(client, keeper)
    told = f"备份目录 {tmp_path / 'file' / 'backups'} 不存在或不能写入"
    (tmp_path / "file").touch()
    assert "不存在或不能写入" not in client.get("/operations/system").text
    monkeypatch.setitem(empty_app.config, "TRACKER_BACKUP_DIR", str(tmp_path / "file" / "backups"))
    for address in ("/messages", "/operations/system"):
        assert told in client.get(address).text
    # Of the disk of another folder there is no figure.
    assert len(re.findall("剩余", client.get("/operations/system").text)) == 1
    assert f'folder="{tmp_path / "file"}' not in client.get("/metrics").text
    with at("11-28T03:00"):
        assert run() == {"failed": 1}
    (backup,) = queries.list_backups(db.session())
    assert f"文件夹 {tmp_path / 'file' / 'backups'} 不存在或不能写入" in backup.failure


def test_a_folder_that_may_not_be_written_is_told(empty_app: Flask, office: ClosingOffice) -> None:
    folder()
    with writing():
        keeper = an_account("系统员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    client = empty_app.test_client()
    sign_in(client, keeper)
    assert "不存在或不能写入" not in client.get("/messages").text
    with mock.patch("os.access", return_value=False):
        assert "不存在或不能写入" in client.get("/messages").text


def test_one_that_was_taken_when_the_scheduler_died_is_tried_by_the_next(office: ClosingOffice) -> None:
    run_and_die_at("verify")
    assert states() == [S.TAKEN]
    with at("11-28T03:05"):
        assert run() == {"verified": 1}


def test_one_by_hand_without_a_name_goes_where_the_daily_ones_go(empty_app: Flask, office: ClosingOffice) -> None:
    with at("11-26T13:00"):
        done = empty_app.test_cli_runner().invoke(args=["backup"])
    assert done.exit_code == 0, done.output
    (made,) = folder().iterdir()
    assert re.fullmatch(rf"20261126-13000\d{SUFFIX}", made.name)
    assert operations.verify(made).files == 3


def test_one_whose_file_is_gone_counts_no_more_and_one_that_is_back_is_tried_again(
    office: ClosingOffice, tmp_path: Path
) -> None:
    with at("11-28T03:00"):
        run()
    (backup,) = queries.list_backups(db.session())
    away = (folder() / backup.file_name).rename(tmp_path / "away")
    with at("11-28T03:30"):
        assert sweep(get_job("back-up"), token="a") == {
            "gone": 1,
            "backed_up": 0,
            "verified": 0,
            "failed": 0,
            "cleared": 0,
        }
        assert sweep(get_job("back-up"), token="a") is None
    db.session.rollback()
    (backup,) = queries.list_backups(db.session())
    assert (backup.state, backup.state_label, queries.find_verified(db.session())) == (S.FAILED, "文件不在了", None)
    with at("11-28T04:01"):
        assert run() == {"backed_up": 1, "verified": 1}
    away.rename(folder() / backup.file_name)
    with at("11-28T04:10"):
        assert run() == {"verified": 1}
    assert states() == [S.VERIFIED, S.VERIFIED]


def test_where_no_folder_is_none_of_them_counts_as_gone(
    empty_app: Flask, office: ClosingOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with at("11-28T03:00"):
        run()
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setitem(empty_app.config, "TRACKER_BACKUP_DIR", str(tmp_path / "file/backups"))
    with at("11-28T03:30"):
        assert run() == {}
    assert states() == [S.VERIFIED]


def test_nothing_is_taken_when_it_is_switched_off(office: ClosingOffice) -> None:
    with writing():
        put({"backups.is_on": False}, actor=SYSTEM)
    with at("11-28T03:00"):
        assert sweep(get_job("back-up"), token="a") is None


def test_files_that_are_in_no_store_are_told_in_the_log(
    office: ClosingOffice, caplog: pytest.LogCaptureFixture
) -> None:
    with at("11-28T03:00"):
        run()
    assert "in no store" not in caplog.text
    lost, *_rest = sorted(list_hashes(db.session()))
    files.path_of(lost).unlink()
    with at("11-29T03:00"):
        assert run() == {"backed_up": 1, "verified": 1}
    assert "lacks 1 files that are in no store" in caplog.text


@pytest.mark.parametrize("step", ["back_up", "verify"])
@pytest.mark.parametrize(
    "error",
    [sqlite3.OperationalError("disk I/O error"), InternalError("CREATE DATABASE", None, Exception("must be owner"))],
    ids=["of SQLite", "of the library"],
)
def test_what_the_database_refuses_is_noted_and_tried_again_an_hour_later(
    step: str, error: Exception, office: ClosingOffice
) -> None:
    with at("11-28T03:00"), mock.patch(f"tracker.backups.operations.{step}", side_effect=error):
        assert run()["failed"] == 1
        assert sweep(get_job("back-up"), token="a") is None
    (backup,) = queries.list_backups(db.session())
    assert backup.state is (S.FAILED if step == "back_up" else S.TAKEN)
    assert str(error).splitlines()[0] in backup.failure
    with at("11-28T04:01"):
        assert run()["verified"] == 1


def test_one_that_was_whole_when_the_scheduler_died_is_no_stranger(office: ClosingOffice) -> None:
    run_and_die_at("note_taken")
    with at("11-28T03:05"):
        assert run() == {"verified": 1}
    db.session.rollback()
    (backup,) = queries.list_backups(db.session())
    assert [path.name for path in folder().iterdir()] == [backup.file_name]
    assert (backup.state, backup.files, backup.size_bytes > 0) == (S.VERIFIED, 3, True)


def test_one_that_was_half_made_when_the_scheduler_died_is_told_and_another_one_taken(office: ClosingOffice) -> None:
    run_and_die_at("pack")
    with at("11-28T03:05"):
        assert run() == {"gone": 1}
    assert states() == [S.FAILED]
    with at("11-28T04:01"):
        assert run() == {"backed_up": 1, "verified": 1}


def test_what_a_kill_left_of_any_backup_is_cleared_away_a_day_later(office: ClosingOffice) -> None:
    left = [folder() / f".before-9.9-20261128.backup.0a1b{end}" for end in (".unfinished", ".database")]
    for path in left:
        path.write_bytes(b"half")
        os.utime(path, (0, 0))
    (folder() / "before-9.9-20261128.backup").write_bytes(b"whole")
    with at("11-28T03:00"):
        run()
    assert (folder() / "before-9.9-20261128.backup").exists()
    assert [path.exists() for path in left] == [False, False]


@pytest.mark.parametrize("is_first", [True, False])
def test_room_is_asked_for_the_backup_and_for_the_copy_of_the_database_beside_it(
    is_first: bool, office: ClosingOffice
) -> None:
    if not is_first:
        with at("11-27T03:00"):
            run()
    database = queries.database_bytes(db.session())
    whole = queries.last_size(db.session()) or database + sum(files.sizes(list_hashes(db.session())).values())
    needed = whole * 6 // 5 + database + SPARE_BYTES
    for free, told in ((needed - 1, {"failed": 1}), (needed + (1 << 20), {"backed_up": 1, "verified": 1})):
        with at("11-28T03:00"), mock.patch("shutil.disk_usage", return_value=mock.Mock(free=free)):
            assert run() == told
        with writing():
            db.session.execute(delete(Backup).where(Backup.size_bytes == 0))


@pytest.fixture
def is_warned(empty_app: Flask, office: ClosingOffice) -> Callable[[], bool]:
    """Whether a page tells an administrator that backups fail."""
    with writing():
        keeper = an_account("系统员", Role.ADMINISTRATOR, a_unit("市直机关工委"))

    def look() -> bool:
        client = empty_app.test_client()
        sign_in(client, keeper)
        answer = client.get("/messages")
        assert answer.status_code == 200, answer.headers
        return "备份没有做成，或没有通过试恢复" in answer.text

    return look


def test_an_administrator_is_warned_of_backups_none_of_which_was_ever_tried_to_the_end(
    is_warned: Callable[[], bool],
) -> None:
    with mock.patch("tracker.backups.operations.verify", side_effect=RuntimeError("the server is too old")):
        for day in ("11-28", "11-29"):
            with at(f"{day}T03:00"):
                assert sweep(get_job("back-up"), token="a") is None
                assert not is_warned()
    assert set(states()) == {S.TAKEN}
    with at("11-30T03:01"):
        assert is_warned()


def test_an_administrator_is_warned_of_a_backup_whose_trial_is_hindered_until_it_was_tried(
    is_warned: Callable[[], bool],
) -> None:
    with at("11-28T03:00"), mock.patch("tracker.backups.operations.verify", side_effect=OSError("no room")):
        run()
        assert is_warned()
    with at("11-28T04:01"):
        assert run() == {"verified": 1}
        assert not is_warned()


def test_the_page_of_the_system_shows_one_whose_trial_is_hindered_as_trouble_and_as_not_restored(
    empty_app: Flask, office: ClosingOffice
) -> None:
    with writing():
        keeper = an_account("系统员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    with at("11-28T03:00"), mock.patch("tracker.backups.operations.verify", side_effect=OSError("no room")):
        run()
        client = empty_app.test_client()
        sign_in(client, keeper)
        row = client.get("/operations/system").text.partition(".rectify-backup")[2].partition("</tr>")[0]
    assert ("no room" in row, 'class="light late">尚未校验' in row) == (True, True)
    assert row.rpartition("<td>")[2].startswith("—</td>"), "it was restored at no time"


def test_one_that_was_taken_while_the_clock_was_a_year_ahead_silences_no_warning(is_warned: Callable[[], bool]) -> None:
    for moment in ("2026-11-27T03:00", "2027-11-27T03:00", "2026-11-28T03:00"):
        with time_machine.travel(f"{moment}:00+08:00", tick=True):
            assert run() == {"backed_up": 1, "verified": 1}
    with at("11-29T03:00"):
        assert not is_warned()
    with at("11-30T03:01"):
        assert is_warned()


def test_an_administrator_is_warned_on_every_page_until_a_backup_works_again(is_warned: Callable[[], bool]) -> None:
    with at("11-28T03:00"):
        assert not is_warned()
        with mock.patch("tracker.backups.operations.back_up", side_effect=OSError("disk gone")):
            run()
        assert is_warned()
    with at("11-28T05:00"):
        run()
        assert not is_warned()
    with at("11-30T05:01"):
        assert is_warned()
