"""A backup taken while people work comes back whole or not at all, into an empty place only."""

import io
import json
import shutil
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from conftest import DATABASES
from flask import Flask

from tests.backups.places import Elsewhere, backed_up, check_restored, is_empty
from tests.closure.closing_office import ClosingOffice
from tests.databases import impatient_server, revised
from tests.killing import KILLS, killed_after, moments
from tracker.audit.operations import record, verify_trail
from tracker.backups import operations, packing
from tracker.backups.databases import Postgres, database_of
from tracker.core import files, releases
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError
from tracker.core.queries import list_hashes
from tracker.progress import operations as progress
from tracker.progress import queries


def test_database_and_evidence_come_back_as_they_were(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    done = empty_app.test_cli_runner().invoke(args=["backup", str(tmp_path / "备份.tar")])
    assert (done.exit_code, "佐证等文件 3 个" in done.stdout) == (0, True), done.output
    assert (tmp_path / "备份.tar").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"here", "备份.tar"}
    there = elsewhere()
    done = there.test_cli_runner().invoke(args=["restore", str(tmp_path / "备份.tar")])
    assert done.exit_code == 0, done.output
    with empty_app.app_context():
        here = [(each.name, each.sha256) for each in queries.list_evidence(db.session(), office.item().id)]
        db.session.remove()
    with there.app_context():
        assert [(each.name, each.sha256) for each in queries.list_evidence(db.session(), office.item().id)] == here
        # The trail goes on where it ended, and still refuses to be changed.
        with writing():
            progress.note_download(
                queries.get_evidence(db.session(), office.item().id, 1), actor=office.acts(office.clerk)
            )
        assert verify_trail(db.session())[2] == []
    again = there.test_cli_runner().invoke(args=["restore", str(tmp_path / "备份.tar")])
    assert (again.exit_code, "已有数据" in again.output) == (1, True)


def test_nothing_is_overwritten(empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path) -> None:
    target = tmp_path / "backup.tar"
    backed_up(empty_app, target)
    before = target.read_bytes()
    with empty_app.app_context(), pytest.raises(Conflict, match="已存在"):
        operations.back_up(target)
    assert target.read_bytes() == before
    there = elsewhere()
    with there.app_context():
        kept = files.store(io.BytesIO(b"somebody's"), limit_bytes=100)
        with pytest.raises(Conflict, match="已有文件"):
            operations.restore(target)
        assert files.path_of(kept.sha256).read_bytes() == b"somebody's"


def test_two_that_are_taken_in_one_second_do_not_get_into_each_others_way(
    empty_app: Flask, office: ClosingOffice, tmp_path: Path
) -> None:
    target, pack = tmp_path / "backup.tar", packing.pack

    def pack_meanwhile(*words: Any, **more: Any) -> None:
        with mock.patch("tracker.backups.operations.pack", pack):
            operations.back_up(target)
        pack(*words, **more)

    with mock.patch("tracker.backups.operations.pack", pack_meanwhile):
        backed_up(empty_app, target)
    with empty_app.app_context():
        assert operations.verify(target).files == 3
    assert {path.name for path in tmp_path.iterdir()} == {"here", "backup.tar"}


def test_two_organs_on_one_server_try_their_backups_at_once(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    target, there, check = tmp_path / "backup.tar", elsewhere(), operations._check_same
    backed_up(empty_app, target)

    def check_while_another_tries(*words: Any) -> None:
        with mock.patch("tracker.backups.operations._check_same", check), there.app_context():
            assert operations.verify(target).files == 3
        check(*words)

    with (
        mock.patch("tracker.backups.operations._check_same", check_while_another_tries),
        empty_app.app_context(),
    ):
        assert operations.verify(target).files == 3


@pytest.mark.parametrize("bed", ["postgresql"], indirect=True)
def test_a_backup_may_take_longer_than_a_server_lets_a_transaction_idle(
    empty_app: Flask, office: ClosingOffice, tmp_path: Path
) -> None:
    def slowly(*words: Any, **more: Any) -> None:
        time.sleep(0.4)
        run(*words, **more)

    run = Postgres._run
    with empty_app.app_context(), impatient_server(), mock.patch.object(Postgres, "_run", slowly):
        assert operations.back_up(tmp_path / "backup.tar").files == 3


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """The same backup with members changed or left out."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            changed = change(member.name, old.extractfile(member).read())  # type: ignore[union-attr]
            if changed is not None:
                info = tarfile.TarInfo(changed[0])
                info.size = len(changed[1])
                new.addfile(info, io.BytesIO(changed[1]))


def test_what_is_not_whole_or_not_what_it_says_is_refused_and_leaves_the_place_empty(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    good, bad, there = tmp_path / "good.tar", tmp_path / "bad.tar", elsewhere()
    backed_up(empty_app, good)
    with tarfile.open(good) as archive:
        first = next(name for name in archive.getnames() if name.startswith("files/"))

    def without(left_out: str) -> Callable[[str, bytes], tuple[str, bytes] | None]:
        return lambda name, data: None if name == left_out else (name, data)

    def spoilt(wrong: str) -> Callable[[str, bytes], tuple[str, bytes] | None]:
        return lambda name, data: (name, data[:-1] + bytes([data[-1] ^ 1]) if name == wrong else data)

    def told(old: bytes, new: bytes) -> Callable[[str, bytes], tuple[str, bytes] | None]:
        return lambda name, data: (name, data.replace(old, new) if name == "manifest.json" else data)

    changes = (
        without("manifest.json"),
        without("database"),
        without(first),
        spoilt(first),
        spoilt("database"),
        told(b'"audit_entry": ', b'"audit_entry": 1'),
        told(b'"head": "', b'"head": "0'),
        told(b'"format": 1', b'"format": 2'),
        lambda name, data: ("../../evil" if name == first else name, data),
    )
    for change in changes:
        rewritten(good, bad, change)
        with there.app_context(), pytest.raises(DomainError):
            operations.restore(bad)
        assert is_empty(there)
        with empty_app.app_context(), pytest.raises(DomainError):
            operations.verify(bad)
    for content in (b"", b"no tar at all" * 100, good.read_bytes()[: good.stat().st_size // 2]):
        bad.write_bytes(content)
        with there.app_context(), pytest.raises(DomainError):
            operations.restore(bad)
        assert is_empty(there)
        with empty_app.app_context(), pytest.raises(DomainError):
            operations.verify(bad)
    assert not list(tmp_path.rglob("evil"))
    with there.app_context():
        told_of_good = operations.restore(good)
    check_restored(there, told_of_good)


def test_a_backup_taken_while_people_upload_lacks_no_file(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    stop, failed = threading.Event(), list[BaseException]()

    def upload() -> None:
        with empty_app.app_context():
            number = 0
            while not stop.is_set():
                number += 1
                files.store(io.BytesIO(f"nobody's {number}".encode()), limit_bytes=100)
                try:
                    with writing():
                        item = office.item(lock=True)
                        record(office.acts(office.clerk), "evidence.download", item.number, serial=1, name=str(number))
                except BaseException as error:
                    failed.append(error)
                    return

    worker = threading.Thread(target=upload)
    worker.start()
    try:
        made = [backed_up(empty_app, tmp_path / f"{number}.tar") for number in range(3)]
    finally:
        stop.set()
        worker.join(30)
    assert failed == []
    assert made[0].rows["audit_entry"] < made[-1].rows["audit_entry"]
    for number, told in enumerate(made):
        there = elsewhere()
        with there.app_context():
            operations.restore(tmp_path / f"{number}.tar")
        check_restored(there, told)


@pytest.mark.proof
def test_a_kill_leaves_no_half_backup_and_no_half_restored_place(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    target, good = tmp_path / "backup.tar", tmp_path / "good.tar"
    backed_up(empty_app, good)
    whole = killed_after(empty_app, None, lambda: backed_up(empty_app, target))
    for moment in moments(whole)[:: max(1, KILLS // 5)]:
        target.unlink(missing_ok=True)
        killed_after(empty_app, moment, lambda: backed_up(empty_app, target))
        if target.exists():
            scratch = tmp_path / "scratch"
            scratch.mkdir()
            with target.open("rb") as stream:
                assert packing.unpack(stream, scratch)[0]
            shutil.rmtree(scratch)

    def restore_into(app: Flask) -> None:
        with app.app_context():
            operations.restore(good)

    for moment in moments(whole)[:: max(1, KILLS // 5)]:
        there = elsewhere()
        killed_after(there, moment, lambda there=there: restore_into(there))  # type: ignore[misc]
        with there.app_context():
            is_untouched = database_of(db.engine).is_empty()
        if is_untouched:
            restore_into(there)
        with empty_app.app_context():
            names = len(queries.list_evidence(db.session(), office.item().id))
            db.session.remove()
        with there.app_context():
            assert len(queries.list_evidence(db.session(), office.item().id)) == names
            assert verify_trail(db.session())[2] == []
            assert all(files.path_of(each).is_file() for each in list_hashes(db.session()))


def test_a_backup_of_the_other_kind_of_database_is_refused(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    target, foreign = tmp_path / "backup.tar", tmp_path / "foreign.tar"
    ours = backed_up(empty_app, target).dialect
    (theirs,) = set(DATABASES) - {ours}
    swap = (f'"dialect": "{ours}"'.encode(), f'"dialect": "{theirs}"'.encode())
    rewritten(target, foreign, lambda name, data: (name, data.replace(*swap) if name == "manifest.json" else data))
    there = elsewhere()
    with there.app_context(), pytest.raises(DomainError, match=theirs):
        operations.restore(foreign)
    assert is_empty(there)


def retold(source: Path, target: Path, **changed: object) -> None:
    """The same backup with another word of itself; what is None is left out."""

    def change(name: str, data: bytes) -> tuple[str, bytes]:
        if name != "manifest.json":
            return name, data
        told = {**json.loads(data), **changed}
        return name, json.dumps({key: value for key, value in told.items() if value is not None}).encode()

    rewritten(source, target, change)


def test_a_backup_of_a_newer_version_is_refused_by_the_name_of_that_version(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    target, newer = tmp_path / "backup.tar", tmp_path / "newer.tar"
    assert backed_up(empty_app, target).version == releases.version()
    there = elsewhere()
    for changed in ({"revision": "9999"}, {"format": 2}):
        retold(target, newer, version="9.0.0-abcdef012", **changed)
        for app, command in ((there, ("restore", str(newer))), (empty_app, ("backup", "verify", str(newer)))):
            done = app.test_cli_runner().invoke(args=command)
            assert (done.exit_code, "请安装 9.0.0-abcdef012 或更新的版本" in done.output) == (1, True), done.output
        assert is_empty(there)


def test_a_backup_of_an_older_version_and_one_that_tells_more_are_restored(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    target, other = tmp_path / "backup.tar", tmp_path / "other.tar"
    backed_up(empty_app, target)
    for changed in ({"version": None}, {"more": "words"}):
        retold(target, other, **changed)
        with empty_app.app_context():
            operations.verify(other)
        there = elsewhere()
        with there.app_context():
            told = operations.restore(other)
        check_restored(there, told)


def test_a_server_of_the_version_before_verifies_what_it_took_of_the_database_upgraded_already(
    empty_app: Flask, office: ClosingOffice, tmp_path: Path
) -> None:
    with revised(empty_app, "9999"):
        backed_up(empty_app, tmp_path / "backup.tar")
        with empty_app.app_context():
            assert operations.verify(tmp_path / "backup.tar").revision == "9999"
    with empty_app.app_context(), pytest.raises(DomainError, match="更新的版本"):
        operations.verify(tmp_path / "backup.tar")


def test_a_folder_that_is_not_there_is_named(empty_app: Flask, tmp_path: Path) -> None:
    done = empty_app.test_cli_runner().invoke(args=["backup", str(tmp_path / "nowhere" / "a.backup")])
    assert (done.exit_code, "nowhere 不存在或不能写入" in done.output) == (1, True)


def test_a_name_that_cannot_be_looked_at_is_refused_in_words(empty_app: Flask, tmp_path: Path) -> None:
    done = empty_app.test_cli_runner().invoke(args=["backup", str(tmp_path / ("a" * 300))])
    assert isinstance(done.exception, SystemExit)
    assert (done.exit_code, "File name too long" in done.output) == (1, True)


def test_a_file_forgotten_after_verify_is_not_written_under_that_name(
    empty_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert empty_app.test_cli_runner().invoke(args=["backup", "verify"]).exit_code == 2
    assert not (tmp_path / "verify").exists()


def test_without_the_programs_of_postgresql_it_says_what_to_install(
    empty_app: Flask, office: ClosingOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    target = tmp_path / "backup.tar"
    done = empty_app.test_cli_runner().invoke(args=["backup", str(target)])
    if empty_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        assert done.exit_code == 0
        return
    assert (done.exit_code, "找不到 pg_dump" in done.output) == (1, True)
    assert not target.exists()
