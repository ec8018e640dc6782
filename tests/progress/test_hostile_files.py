"""200 hostile files: nothing is served as a page, nothing lies outside the store, every refusal is clear."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.closure.closing_office import ClosingOffice, browser_of
from tests.progress.hostile_files import Sent, hostile_files
from tests.progress.test_evidence import allow
from tracker.core import files
from tracker.core.db import db, writing
from tracker.core.files import NAME_LIMIT
from tracker.core.forms import CONTROL
from tracker.core.queries import list_hashes
from tracker.progress import queries

MAY_BE_SHOWN = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"}


@pytest.fixture
def office(empty_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClosingOffice:
    monkeypatch.setitem(empty_app.config, "TRACKER_DATA_DIR", str(tmp_path / "data"))
    with empty_app.app_context(), writing():
        made = ClosingOffice()
    allow(empty_app, rules__evidence_mb=1)
    return made


def send(client: FlaskClient, office: ClosingOffice, sent: Sent, number: int) -> TestResponse:
    """By hand, as no browser would: the name as it is, with control characters in it."""
    name, content = sent
    bare = name.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8", "surrogatepass")
    edge = b"--edge%d" % number
    head = (
        b'\r\nContent-Disposition: form-data; name="file"; filename="' + bare + b'"\r\nContent-Type: text/html\r\n\r\n'
    )
    body = edge + head + content + b"\r\n" + edge + b"--\r\n"
    kind = f"multipart/form-data; boundary=edge{number}"
    return client.post(
        f"/items/{office.number}/evidence/upload",
        input_stream=io.BytesIO(body),
        content_type=kind,
        content_length=len(body),
    )


def test_no_hostile_file_gets_anywhere(empty_app: Flask, office: ClosingOffice, tmp_path: Path) -> None:
    all_sent = hostile_files()
    assert len(all_sent) >= 200
    client = browser_of(empty_app, office, office.liaison)
    (tmp_path / "data" / "files").mkdir(parents=True, exist_ok=True)
    around = {path for path in tmp_path.rglob("*") if "files" not in path.parts}
    refused = 0
    for number, sent in enumerate(all_sent):
        answer = send(client, office, sent, number)
        assert answer.status_code in {201, 409, 413, 422}, (sent[0], answer.status_code)
        assert answer.json is not None
        if answer.status_code != 201:
            refused += 1
            assert re.search(r"[\u4e00-\u9fff]{4}", answer.json["refusal"]), sent[0]
            assert not CONTROL.search(answer.json["refusal"])
    assert refused >= 80
    check_rows(empty_app, office)
    assert {path for path in tmp_path.rglob("*") if "files" not in path.parts} == around
    check_store(empty_app)
    check_served(empty_app, office, client)


def check_rows(app: Flask, office: ClosingOffice) -> None:
    """Names are names: no path, nothing invisible, no program; what is no picture is not called one."""
    with app.app_context():
        rows = queries.list_evidence(db.session(), office.item().id)
        assert len(rows) >= 60
        for row in rows:
            assert not re.search(r"[/\\\x00-\x1f\x7f\u202e\u200b\u2028]", row.name), row.name
            assert 0 < len(row.name) <= NAME_LIMIT
            assert row.type.family != "program"
            assert row.name.rpartition(".")[2] not in {"jpg", "png", "gif"} or row.media_type in MAY_BE_SHOWN


def check_store(app: Flask) -> None:
    """Every file lies under its hash, is no program to the system, and is named by a row: no refusal left anything."""
    with app.app_context():
        named = set()
        for path in files.folder().rglob("*"):
            assert re.fullmatch(r"[0-9a-f]{2}|[0-9a-f]{64}", path.name), path
            if path.is_file():
                assert not path.stat().st_mode & 0o111
                named.add(path.name)
        assert named == list_hashes(db.session())


def check_served(app: Flask, office: ClosingOffice, client: FlaskClient) -> None:
    """As a download nothing has a type a browser runs; what is shown is a picture by its content, in a sandbox."""
    with app.app_context():
        serials = [row.serial for row in queries.list_evidence(db.session(), office.item().id)]
    for serial in serials:
        address = f"/items/{office.number}/evidence/{serial}"
        taken = client.get(address)
        assert taken.status_code == 200
        assert taken.mimetype == "application/octet-stream"
        assert taken.headers["Content-Disposition"].startswith("attachment;")
        assert taken.headers["X-Content-Type-Options"] == "nosniff"
        taken.close()
        shown = client.get(f"{address}/content")
        assert shown.status_code in {200, 404}
        if shown.status_code == 200:
            assert shown.mimetype in MAY_BE_SHOWN
            assert shown.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
            assert shown.headers["X-Content-Type-Options"] == "nosniff"
        shown.close()
    page = client.get(f"/items/{office.number}?tab=evidence").text
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "49.txt" not in page
