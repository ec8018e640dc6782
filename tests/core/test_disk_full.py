"""A disk that is full: clear words, nothing half written, nothing acknowledged lost, and it goes on by itself."""

import io
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import config_for
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from werkzeug.test import TestResponse

from tests.closure.closing_office import ClosingOffice, browser_of
from tracker import create_app
from tracker.audit.operations import verify_trail
from tracker.core import files
from tracker.core.db import db, writing
from tracker.progress import queries

DISK_MB = 24


class Disk:
    """A disk of its own, so small that it can be filled."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.filler = folder, folder / "filler"

    def fill(self, *, left_bytes: int = 0) -> None:
        """Leave no more than that."""
        room = os.statvfs(self.folder)
        free = room.f_bavail * room.f_frsize - left_bytes
        with self.filler.open("ab") as stream:
            stream.write(b"\0" * max(0, free))

    def clear(self) -> None:
        """Make room again."""
        self.filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("a disk of its own takes root")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_app(disk: Disk) -> Iterator[Flask]:
    """The application with database and files on that disk."""
    app = create_app(config_for(f"sqlite:///{disk.folder / 'tracker.db'}", disk.folder))
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def office(small_app: Flask) -> ClosingOffice:
    with small_app.app_context(), writing():
        return ClosingOffice()


def upload(client: FlaskClient, office: ClosingOffice, content: bytes) -> TestResponse:
    data = {"file": (io.BytesIO(content), "会议记录.txt")}
    return client.post(f"/items/{office.number}/evidence/new", data=data, content_type="multipart/form-data")


def test_an_upload_that_finds_no_room_leaves_nothing_and_goes_through_when_there_is_room(
    small_app: Flask, office: ClosingOffice, disk: Disk
) -> None:
    liaison = browser_of(small_app, office, office.liaison)
    disk.fill(left_bytes=512 << 10)
    refused = upload(liaison, office, b"proof" * 400_000)
    assert (refused.status_code, "磁盘已满" in refused.text) == (503, True)
    told = liaison.post(
        f"/items/{office.number}/evidence/upload",
        data={"file": (io.BytesIO(b"proof" * 400_000), "会议记录.txt")},
        content_type="multipart/form-data",
    )
    assert (told.status_code, "磁盘已满" in told.get_json()["refusal"]) == (503, True)
    with small_app.app_context():
        assert [path for path in files.folder().rglob("*") if path.is_file()] == []
        assert queries.list_evidence(db.session(), office.item().id) == []
    disk.clear()
    assert upload(liaison, office, b"proof" * 400_000).status_code == 303
    with small_app.app_context():
        assert [each.name for each in queries.list_evidence(db.session(), office.item().id)] == ["会议记录.txt"]


def test_a_decision_that_finds_no_room_is_not_made_and_its_words_are_kept(
    small_app: Flask, office: ClosingOffice, disk: Disk
) -> None:
    with small_app.app_context():
        application_id = office.proved_and_applied().id
        review_id = office.review(1).id
    head = browser_of(small_app, office, office.head)
    opinion = "同意，佐证齐全" * 100
    data = {"decision": "pass", "opinion": opinion, "version": "1"}
    disk.fill()
    refused = head.post(f"/reviews/{review_id}", data=data)
    assert (refused.status_code, "磁盘已满" in refused.text, opinion in refused.text) == (503, True, True)
    page = head.get(f"/items/{office.number}")
    assert page.status_code == 200
    disk.clear()
    with small_app.app_context():
        assert office.review(1).decision is None
        assert verify_trail(db.session())[2] == []
    assert head.post(f"/reviews/{review_id}", data=data).status_code == 303
    with small_app.app_context():
        assert (office.review(1).opinion, application_id) == (opinion, office.review(1).application_id)
        assert verify_trail(db.session())[2] == []
