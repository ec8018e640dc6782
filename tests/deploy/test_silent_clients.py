"""Clients that fall silent in the middle of a request, by gunicorn itself without a proxy before it."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from conftest import ROOT, config_for
from flask import Flask
from flask_migrate import upgrade

from tests.closure.closing_office import ClosingOffice, browser_of
from tests.deploy.hosts import wait_for
from tests.outbox.sinks import free_port
from tracker import create_app
from tracker.core import files
from tracker.core.db import db, writing
from tracker.progress import queries

SETTINGS = ROOT / "deploy/gunicorn.conf.py"
SILENCE_SECONDS = 3
# Two workers of four threads each.
THREADS = 8
SECRET = "only for tests, but long enough"
PART = b"--part\r\n"
LAST = b"\r\n--part--\r\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux is known to pass it on to clients")


class Site:
    """The program as gunicorn serves it, with one item and whoever reports on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        url = f"sqlite:///{folder / 'tracker.db'}"
        self.app: Flask = create_app(config_for(url, folder) | {"SECRET_KEY": SECRET})
        with self.app.app_context():
            upgrade()
            with writing():
                self.office = ClosingOffice()
            db.session.remove()
            db.engine.dispose()
        cookie = browser_of(self.app, self.office, self.office.liaison).get_cookie("session")
        assert cookie
        self.browser = requests.Session()
        self.browser.cookies.set("session", cookie.value, domain="127.0.0.1")

    def start(self) -> subprocess.Popen[bytes]:
        """Serve, with less patience than in earnest."""
        settings = self.folder / "settings.py"
        told = f"exec(compile(open({str(SETTINGS)!r}).read(), {str(SETTINGS)!r}, 'exec'))\n"
        settings.write_text(f"{told}SILENCE_SECONDS = {SILENCE_SECONDS}\n")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")} | {
            "TRACKER_DATA_DIR": str(self.folder),
            "TRACKER_SECRET_KEY": SECRET,
            "TRACKER_ADDRESS": f"127.0.0.1:{self.port}",
        }
        command = [sys.executable, "-m", "gunicorn", "--config", str(settings)]
        with self.log.open("wb") as log:
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    @property
    def log(self) -> Path:
        """What gunicorn and the program said."""
        return self.folder / "log"

    def is_alive(self) -> bool:
        """Whether it answers within a second."""
        try:
            return requests.get(f"{self.address}/healthz", timeout=1).ok
        except requests.RequestException:
            return False

    def upload(self, content: bytes) -> tuple[bytes, bytes]:
        """Head and body of a request that uploads a file."""
        page = self.browser.get(f"{self.address}/items/{self.office.number}/evidence/new", timeout=20)
        page.raise_for_status()
        token = page.text.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        named = b'Content-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode() + b"\r\n"
        file = 'Content-Disposition: form-data; name="file"; filename="记录.txt"\r\n\r\n'.encode()
        body = PART + named + PART + file + content + LAST
        prepared = self.browser.prepare_request(
            requests.Request("POST", f"{self.address}/items/{self.office.number}/evidence/upload")
        )
        assert prepared.url
        head = f"POST {prepared.path_url} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
        head += f"Cookie: {prepared.headers['Cookie']}\r\nContent-Type: multipart/form-data; boundary=part\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode(), body

    def connect(self, sent: bytes) -> socket.socket:
        """A client that sent so much."""
        client = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        client.sendall(sent)
        return client

    def kept(self) -> list[str]:
        """The names of what was uploaded."""
        with self.app.app_context():
            return [each.name for each in queries.list_evidence(db.session(), self.office.item().id)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    server = site.start()
    try:
        wait_for(site.is_alive, "it serves")
        yield site
    finally:
        server.terminate()
        server.wait(60)


def files_of(site: Site) -> list[Path]:
    """What lies in the store."""
    with site.app.app_context():
        return [path for path in files.folder().rglob("*") if path.is_file()]


@pytest.mark.parametrize("part", ["head", "body"])
def test_clients_that_stop_in_the_middle_of_a_request_do_not_hold_the_site_for_ever(site: Site, part: str) -> None:
    head, body = site.upload(b"proof" * 100_000)
    sent = head[:-20] if part == "head" else head + body[: len(body) // 2]
    held = [site.connect(sent) for _ in range(THREADS + 2)]
    wait_for(lambda: not site.is_alive(), "all threads are held")
    # The two that found no thread at first are held after them.
    wait_for(site.is_alive, "it serves again", 20 * SILENCE_SECONDS)
    for client in held:
        answer = client.recv(1 << 16)
        assert answer[:13] == (b"" if part == "head" else b"HTTP/1.1 400 ")
        client.close()
    assert (site.kept(), files_of(site)) == ([], [])
    assert "Traceback" not in site.log.read_text()


def test_an_upload_over_a_slow_line_arrives_whole_however_long_it_takes(site: Site) -> None:
    content = bytes(range(65, 91)) * 40
    head, body = site.upload(content)
    client = site.connect(head[:50])
    pieces = [head[50:], *(body[at : at + 200] for at in range(0, len(body), 200))]
    for piece in pieces:
        time.sleep(SILENCE_SECONDS / 4)
        client.sendall(piece)
    assert client.recv(1 << 16).startswith(b"HTTP/1.1 201 ")
    assert site.kept() == ["记录.txt"]
    [file] = files_of(site)
    assert file.read_bytes() == content


def test_a_client_that_rests_between_two_requests_keeps_its_line(site: Site) -> None:
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    line.connect()
    first = line.sock
    for _ in range(2):
        line.request("GET", "/healthz")
        assert line.getresponse().read() == b"ok\n"
        time.sleep(2 * SILENCE_SECONDS)
    assert line.sock is first
