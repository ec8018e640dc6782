"""A backup is broken when its trial finds it so; what stands in the way of the trial says nothing about it."""

import errno
import io
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from tests.backups.daily import at, run, run_and_die_at, states
from tests.closure.closing_office import ClosingOffice
from tests.databases import impatient_server
from tracker.backups import operations, packing, queries
from tracker.backups.databases import Postgres
from tracker.backups.places import clear_leftovers, folder
from tracker.backups.rules import BackupState
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.jobs.registry import get_job
from tracker.jobs.running import sweep

S = BackupState
pytestmark = pytest.mark.usefixtures("kept_apart")
ON_POSTGRES = pytest.mark.parametrize("bed", ["postgresql"], indirect=True)


@pytest.fixture
def client_saying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Puts a client of PostgreSQL before the real one: its name, and what a shell does in its place."""

    def put(name: str, words: str) -> None:
        client = tmp_path / name
        client.write_text(f"#!/bin/sh\n{words}\n")
        client.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    return put


def told() -> tuple[BackupState, str, bool]:
    """Of the only backup: how it stands, what is said of it, and whether its file is there."""
    db.session.rollback()
    (backup,) = queries.list_backups(db.session())
    return backup.state, backup.failure, (folder() / backup.file_name).exists()


def test_one_for_whose_trial_there_is_no_room_is_kept_and_tried_every_hour_until_there_is(
    office: ClosingOffice, caplog: pytest.LogCaptureFixture
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with mock.patch("tracker.backups.packing._write", side_effect=full):
        for moment, counts in (("03:00", {"backed_up": 1, "failed": 1}), ("04:01", {"failed": 1})):
            with at(f"11-28T{moment}"):
                assert run() == counts
                assert sweep(get_job("back-up"), token="a") is None
            assert told() == (S.TAKEN, str(full), True)
    assert "could not be tried: [Errno 28] No space left on device" in caplog.text
    with at("11-28T05:02"):
        assert run() == {"verified": 1}
    assert told() == (S.VERIFIED, "", True)


def slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    def take_time(*words: Any, **more: Any) -> Any:
        result = function(*words, **more)
        time.sleep(0.4)
        return result

    return take_time


@ON_POSTGRES
def test_backup_and_trial_may_take_longer_than_a_server_lets_a_transaction_idle(office: ClosingOffice) -> None:
    with (
        impatient_server(),
        mock.patch("tracker.backups.operations.back_up", slowly(operations.back_up)),
        mock.patch("tracker.backups.operations.verify", slowly(operations.verify)),
        at("11-28T03:00"),
    ):
        assert run() == {"backed_up": 1, "verified": 1}
    assert told() == (S.VERIFIED, "", True)


@ON_POSTGRES
def test_a_server_that_cuts_its_connections_during_the_trial_breaks_no_backup(office: ClosingOffice) -> None:
    check = operations._check_same

    def check_after_a_cut(*words: Any) -> None:
        of_trial = "concat(datname, query) LIKE '%rectify_backup_trial%' AND pid <> pg_backend_pid()"
        with db.engine.connect() as connection:
            connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {of_trial}"))
        check(*words)

    with at("11-28T03:00"), mock.patch("tracker.backups.operations._check_same", check_after_a_cut):
        assert run() == {"backed_up": 1, "failed": 1}
    assert told()[0] is S.TAKEN
    with at("11-28T04:01"):
        assert run() == {"verified": 1}


@ON_POSTGRES
@pytest.mark.parametrize(
    ("program", "state"),
    [
        ("echo 'ERROR:  could not extend file: No space left on device' >&2; exit 1", S.TAKEN),
        ("echo '错误:  无法扩展文件: 设备上没有空间' >&2; exit 1", S.TAKEN),
        ("echo 'connection to server failed: FATAL:  sorry, too many clients already' >&2; exit 1", S.TAKEN),
        ("kill -9 $$", S.TAKEN),
        ("echo 'ERROR:  type citext does not exist' >&2; exit 1", S.BROKEN),
    ],
    ids=["full", "full in Chinese", "crowded", "killed", "broken"],
)
def test_of_what_the_client_of_postgresql_says_only_what_is_wrong_with_the_backup_breaks_it(
    program: str, state: BackupState, office: ClosingOffice, client_saying: Callable[[str, str], None]
) -> None:
    client_saying("pg_restore", program)
    with at("11-28T03:00"):
        assert run() == {"backed_up": 1, "failed": 1}
    (told_state, failure, _is_there) = told()
    assert (told_state, "pg_restore 失败" in failure) == (state, True)


def test_one_whose_folder_is_away_when_it_is_tried_is_as_good_as_before(
    empty_app: Flask, office: ClosingOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_and_die_at("verify")
    (tmp_path / "file").touch()
    with monkeypatch.context() as away, at("11-28T03:05"):
        away.setitem(empty_app.config, "TRACKER_BACKUP_DIR", str(tmp_path / "file" / "backups"))
        assert run() == {"failed": 1}
    assert told()[0] is S.TAKEN
    with at("11-28T04:06"):
        assert run() == {"verified": 1}


def test_one_whose_trial_was_hindered_while_the_clock_was_a_year_ahead_is_tried_by_the_right_one(
    office: ClosingOffice,
) -> None:
    hindered = mock.patch("tracker.backups.operations.verify", side_effect=OSError(errno.EROFS, "read-only"))
    with time_machine.travel("2027-11-28T03:00:00+08:00", tick=True), hindered:
        assert run() == {"backed_up": 1, "failed": 1}
    with at("11-28T03:00"):
        assert run() == {"backed_up": 1, "verified": 1}
    assert states() == [S.VERIFIED, S.TAKEN]


@pytest.mark.parametrize(
    ("number", "raised"), [(errno.EIO, DomainError), (errno.ESTALE, OSError)], ids=["lost", "out of reach"]
)
def test_a_disk_that_lost_part_of_a_backup_is_damage_and_a_share_that_is_away_is_none(
    number: int, raised: type[Exception], tmp_path: Path
) -> None:
    source = mock.Mock(spec=io.BytesIO, read=mock.Mock(side_effect=OSError(number, os.strerror(number))))
    with pytest.raises(raised) as caught:
        packing.unpack(source, tmp_path, keeps_files=False)
    assert operations.is_hindrance(caught.value) is (raised is OSError)


def test_what_a_kill_left_goes_before_room_is_asked_for(office: ClosingOffice) -> None:
    left, written = (folder() / f".before-9.9.backup.{number}.unfinished" for number in ("0a1b", "2c3d"))
    with at("11-28T03:00"):
        for path, age in ((left, timedelta(hours=25)), (written, timedelta(hours=23))):
            path.write_bytes(b"half")
            os.utime(path, ((clock.now() - age).timestamp(),) * 2)

        def usage(_path: object) -> object:
            return mock.Mock(free=1 << 20 if left.exists() else 1 << 40)

        with mock.patch("shutil.disk_usage", usage):
            assert run() == {"backed_up": 1, "verified": 1}
    assert (left.exists(), written.exists()) == (False, True), "what another one may be writing stays"


def test_what_another_backup_clears_away_meanwhile_ends_no_backup(office: ClosingOffice) -> None:
    with mock.patch("pathlib.Path.glob", return_value=[folder() / ".gone.unfinished"]):
        clear_leftovers()


@ON_POSTGRES
@pytest.mark.parametrize(("client", "is_told"), [("pg_dump", True), ("pg_restore", False)])
def test_the_clients_of_postgresql_notice_too_that_a_server_is_gone(
    client: str, is_told: bool, app: Flask, client_saying: Callable[[str, str], None]
) -> None:
    client_saying(client, 'echo "$@" >&2; exit 1')
    with pytest.raises(DomainError, match="keepalives_idle=5 ") as refusal:
        Postgres(db.engine)._run(client)
    assert ("tcp_user_timeout=8000" in str(refusal.value)) is is_told, "what is sent may have to wait"
