"""Files in an object store: each machine sees them, none is acknowledged before it is held there, none is false."""

import io
import json
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256 as hash_of
from pathlib import Path
from time import sleep
from uuid import uuid4

import pytest
from conftest import config_for
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask_migrate import upgrade

from tests.closure.closing_office import ClosingOffice, browser_of
from tests.object_stores import BUCKET, SECRET, Seaweed
from tracker import create_app
from tracker.access.rules import Role
from tracker.backups import operations as backups
from tracker.core import files, object_store
from tracker.core.db import db, writing
from tracker.core.errors import Busy, Conflict, NotFound
from tracker.progress import queries

CONTENT = b"the minutes, signed " * 10_000
SHA256 = hash_of(CONTENT).hexdigest()
# An object store that is not there.
NOBODY = {"TRACKER_OBJECT_STORE": "http://127.0.0.1:1/nobody/here"}
Machines = Callable[..., Flask]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    seaweed = Seaweed(tmp_path_factory.mktemp("seaweed"))
    yield seaweed
    seaweed.clear_away()


@pytest.fixture
def seaweed(running: Seaweed) -> Iterator[Seaweed]:
    """The store; whatever a test does to it, the next one finds it at work."""
    yield running
    running.thaw()
    if running.process.poll() is not None:
        running.start()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(config_for(f"sqlite:///{folder / 'tracker.db'}", folder))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return folder / "tracker.db"


@pytest.fixture
def prefix() -> str:
    return uuid4().hex


@pytest.fixture
def machines(seaweed: Seaweed, prefix: str, migrated: Path, program: Callable[..., Flask], tmp_path: Path) -> Machines:
    """Makes machines by name: a data folder of their own, one database and one object store for all."""
    shutil.copyfile(migrated, tmp_path / "tracker.db")
    url = f"sqlite:///{tmp_path / 'tracker.db'}"

    def make(name: str, **changed: str) -> Flask:
        return program(config_for(url, tmp_path / name) | seaweed.config(prefix) | changed)

    return make


def kept(app: Flask, content: bytes = CONTENT) -> str:
    with app.app_context():
        return files.store(io.BytesIO(content), limit_bytes=1 << 30).sha256


def read(app: Flask, sha256: str) -> bytes:
    with app.app_context():
        return files.path_of(sha256).read_bytes()


def here(app: Flask) -> list[str]:
    """What lies in the folder of a machine, parts included."""
    with app.app_context():
        return [path.name for path in files.folder().rglob("*") if path.is_file()]


def test_what_one_machine_stored_another_reads_also_when_its_copy_is_gone(
    machines: Machines, seaweed: Seaweed, prefix: str
) -> None:
    one, other = machines("one"), machines("other")
    assert kept(one) == SHA256
    assert seaweed.keys(prefix) == [f"{prefix}/{SHA256[:2]}/{SHA256}"]
    assert (here(one), here(other)) == ([SHA256], [])
    assert read(other, SHA256) == CONTENT
    assert here(other) == [SHA256]
    with other.app_context():
        shutil.rmtree(files.folder())
    assert read(other, SHA256) == CONTENT


def test_a_copy_that_is_used_is_young_for_whoever_clears_by_age(machines: Machines) -> None:
    one = machines("one")
    kept(one)
    with one.app_context():
        copy = files.path_of(SHA256)
        os.utime(copy, (0, 0))
        assert files.path_of(SHA256).stat().st_mtime > 0


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", ""])
def test_what_nobody_has_is_not_found(machines: Machines, name: str) -> None:
    one = machines("one")
    with pytest.raises(NotFound):
        read(one, name)
    assert here(one) == []


def test_nothing_is_acknowledged_or_kept_while_the_store_is_gone_and_it_goes_on_by_itself(
    machines: Machines, seaweed: Seaweed
) -> None:
    one, other = machines("one"), machines("other")
    earlier = kept(one, b"earlier")
    seaweed.kill()
    with pytest.raises(Busy, match="对象存储没有应答"):
        kept(one)
    with pytest.raises(Busy, match="对象存储没有应答"):
        read(other, earlier)
    assert (here(one), here(other)) == ([earlier], [])
    assert read(one, earlier) == b"earlier"
    seaweed.start()
    assert kept(one) == SHA256
    assert [read(other, each) for each in (SHA256, earlier)] == [CONTENT, b"earlier"]


def test_what_was_acknowledged_before_the_store_was_killed_is_there_when_it_is_back(
    machines: Machines, seaweed: Seaweed
) -> None:
    one, other = machines("one"), machines("other")
    acknowledged: list[str] = []
    refused = threading.Event()

    def upload() -> None:
        try:
            for number in range(100_000):
                acknowledged.append(kept(one, b"%d" % number * 10_000))
        except Busy:
            refused.set()

    uploading = threading.Thread(target=upload)
    uploading.start()
    while uploading.is_alive() and len(acknowledged) < 20:
        sleep(0.01)
    seaweed.kill()
    uploading.join()
    assert refused.is_set()
    assert sorted(here(one)) == sorted(acknowledged)
    seaweed.start()
    assert [hash_of(read(other, each)).hexdigest() for each in acknowledged] == acknowledged


def test_a_store_that_falls_silent_is_not_waited_for(
    machines: Machines, seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(object_store.PATIENCE, "read_timeout", 0.5)
    one, other = machines("one"), machines("other")
    earlier = kept(one, b"earlier")
    seaweed.freeze()
    with pytest.raises(Busy):
        kept(one)
    with pytest.raises(Busy):
        read(other, earlier)
    seaweed.thaw()
    assert (here(one), here(other)) == ([earlier], [])
    assert read(other, earlier) == b"earlier"


def test_a_store_without_the_bucket_or_the_right_is_not_taken_for_an_empty_one(
    machines: Machines, seaweed: Seaweed
) -> None:
    for wrong in ({"TRACKER_OBJECT_STORE": f"{seaweed.url}x/a"}, {"TRACKER_OBJECT_STORE_SECRET": "another"}):
        app = machines("one", **wrong)
        for ask in (kept, lambda app: read(app, SHA256), lambda app: files.sizes({SHA256})):
            with app.app_context(), pytest.raises(Busy):
                ask(app)
        assert here(app) == []


def test_bytes_that_were_changed_in_the_store_are_not_handed_out(
    machines: Machines, seaweed: Seaweed, prefix: str
) -> None:
    one, other = machines("one"), machines("other")
    kept(one)
    for content in (CONTENT[:-1] + b"!", CONTENT[:-1], b""):
        seaweed.client.put_object(Bucket=BUCKET, Key=f"{prefix}/{SHA256[:2]}/{SHA256}", Body=content)
        with pytest.raises(Conflict, match="已损坏或被改动"):
            read(other, SHA256)
        assert here(other) == []
    assert kept(other) == SHA256
    with one.app_context():
        shutil.rmtree(files.folder())
    assert read(one, SHA256) == CONTENT


def test_a_file_that_is_not_what_its_name_says_is_not_taken_by_the_store(
    machines: Machines, seaweed: Seaweed, prefix: str, tmp_path: Path
) -> None:
    (tmp_path / "spoilt").write_bytes(CONTENT[:-1])
    with machines("one").app_context(), pytest.raises(Busy):
        files.hand_over(tmp_path / "spoilt", SHA256)
    assert seaweed.keys(prefix) == []


def test_a_huge_file_goes_in_parts(
    machines: Machines, seaweed: Seaweed, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_store, "WHOLE_BYTES", 5 << 20)
    monkeypatch.setattr(object_store, "PART_BYTES", 5 << 20)
    content = CONTENT * 64
    sha256 = kept(machines("one"), content)
    told = seaweed.client.head_object(Bucket=BUCKET, Key=f"{prefix}/{sha256[:2]}/{sha256}")
    assert told["ETag"].strip('"').endswith("-3")
    assert read(machines("other"), sha256) == content
    with pytest.raises(Busy):
        kept(machines("third", **NOBODY), content)


def test_evidence_uploaded_on_one_machine_is_downloaded_from_another_or_refused_in_words(
    machines: Machines, seaweed: Seaweed
) -> None:
    one, other = machines("one"), machines("other")
    with one.app_context(), writing():
        office = ClosingOffice()

    def upload(content: bytes) -> tuple[int, str]:
        data = {"file": (io.BytesIO(content), "会议记录.txt")}
        url = f"/items/{office.number}/evidence/new"
        answer = browser_of(one, office, office.liaison).post(url, data=data, content_type="multipart/form-data")
        return answer.status_code, answer.text

    assert upload(CONTENT)[0] == 303
    reader = browser_of(other, office, office.liaison)
    answer = reader.get(f"/items/{office.number}/evidence/1")
    assert (answer.status_code, answer.data) == (200, CONTENT)
    with other.app_context():
        shutil.rmtree(files.folder())
    seaweed.kill()
    status, page = upload(b"while it is gone")
    assert (status, "对象存储没有应答" in page) == (503, True)
    answer = reader.get(f"/items/{office.number}/evidence/1")
    assert (answer.status_code, "对象存储没有应答" in answer.text) == (503, True)
    with one.app_context():
        assert len(queries.list_evidence(db.session(), office.item().id)) == 1


def test_a_backup_holds_what_only_the_object_store_had_and_brings_it_back_there(
    machines: Machines, seaweed: Seaweed, prefix: str, tmp_path: Path
) -> None:
    one, other = machines("one"), machines("other")
    with one.app_context():
        with writing():
            office = ClosingOffice()
        office.prove("会议记录.txt", CONTENT)
    target = tmp_path / "a.rectify-backup"
    with other.app_context():
        told = backups.back_up(target)
        assert (told.files, told.size_bytes, list(told.missing)) == (1, len(CONTENT), [])
        assert backups.verify(target) == told
    assert here(other) == []
    again = create_app(config_for(f"sqlite:///{tmp_path / 'b.db'}", tmp_path / "b") | seaweed.config(f"{prefix}-again"))
    with again.app_context():
        assert backups.restore(target) == told
    assert seaweed.keys(f"{prefix}-again") == [f"{prefix}-again/{SHA256[:2]}/{SHA256}"]


def test_a_backup_that_cannot_read_a_file_fails_instead_of_leaving_it_out(
    machines: Machines, seaweed: Seaweed, prefix: str, tmp_path: Path
) -> None:
    one, other = machines("one"), machines("other")
    with one.app_context():
        with writing():
            office = ClosingOffice()
        office.prove("会议记录.txt", CONTENT)
    key = f"{prefix}/{SHA256[:2]}/{SHA256}"
    seaweed.client.put_object(Bucket=BUCKET, Key=key, Body=CONTENT[:-1] + b"!")
    with other.app_context(), pytest.raises(Conflict, match="已损坏或被改动"):
        backups.back_up(tmp_path / "a")
    with machines("third", **NOBODY).app_context(), pytest.raises(Busy):
        backups.back_up(tmp_path / "a")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "a"))] == []


def test_files_of_a_folder_are_sent_into_a_new_store_and_what_it_lacks_is_told(
    machines: Machines, seaweed: Seaweed, prefix: str
) -> None:
    one, other = machines("one"), machines("other")
    with one.app_context():
        with writing():
            office = ClosingOffice()
        office.prove("会议记录.txt", CONTENT)
    seaweed.client.delete_object(Bucket=BUCKET, Key=f"{prefix}/{SHA256[:2]}/{SHA256}")
    tidy = one.test_cli_runner().invoke(args=["files", "tidy", "--json"])
    assert (tidy.exit_code, json.loads(tidy.stdout)["missing"]) == (1, [SHA256])
    assert other.test_cli_runner().invoke(args=["files", "send"]).exit_code == 1
    sent = one.test_cli_runner().invoke(args=["files", "send"])
    assert (sent.exit_code, "1 个" in sent.stdout) == (0, True)
    assert read(other, SHA256) == CONTENT
    tidy = one.test_cli_runner().invoke(args=["files", "tidy", "--json"])
    assert (tidy.exit_code, json.loads(tidy.stdout)["kept"]) == (0, 1)


def test_the_page_of_the_system_tells_whether_the_store_answers_and_the_secret_is_told_nowhere(
    machines: Machines, seaweed: Seaweed, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = ""
    for app, is_up in ((machines("one"), True), (machines("other", **NOBODY), False)):
        client = app.test_client()
        with app.app_context():
            with writing():
                admin = an_account(f"管理员{is_up}", Role.ADMINISTRATOR, a_unit("市直机关工委"))
            sign_in(client, admin)
        try:
            kept(app)
        except Busy as refusal:
            told += str(refusal)
        page = client.get("/operations/system").text
        name = f"/{BUCKET}/{prefix}" if is_up else "127.0.0.1:1/nobody/here"
        # A light does not break its line: the long name of the fault stands below it.
        assert (name in page, '<span class="light late">没有应答</span>' in page) == (True, not is_up)
        assert f"rectify_object_store_up {is_up:.1f}" in client.get("/metrics").text
        assert client.get("/readyz").status_code == 200
        told += page
    assert "object store 127.0.0.1" in caplog.text
    assert SECRET not in told + caplog.text
