"""The program as it is started in an office, and real headless Chromium in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from unittest import mock

import pytest
from conftest import ROOT
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from config import from_environment
from tests.outbox.sinks import free_port
from tracker import create_app

PASSWORD = "整改要见实效2026"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Site:
    """A running program: its address, its data folder and its environment."""

    url: str
    folder: Path
    environment: dict[str, str]

    def command(self, *words: str, typed: str = "") -> str:
        """Carry out a ``flask`` command beside the running server; its standard output."""
        done = self._program.test_cli_runner().invoke(args=words, input=typed)
        assert done.exit_code == 0, done.output
        return done.stdout

    @cached_property
    def _program(self) -> Flask:
        with mock.patch.dict(os.environ, self.environment):
            return create_app(from_environment())

    def add_user(self, name: str, unit: str, login: str, *roles: str, mail: str = "") -> None:
        """A person who can sign in with PASSWORD."""
        options = [
            "--name",
            name,
            "--unit",
            unit,
            "--login",
            login,
            "--create-unit",
            "--password-stdin",
            "--mail",
            mail,
        ]
        self.command("users", "add", *options, *(word for role in roles for word in ("--role", role)), typed=PASSWORD)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def demo(tmp_path: Path, demo_folder: Path) -> None:
    """Lets the site that is served next be that of the made-up office."""
    shutil.copytree(demo_folder, tmp_path / "data")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The program over an empty data folder, served by gunicorn on a free port."""
    port = free_port()
    environment = {**os.environ, "TRACKER_DATA_DIR": str(tmp_path / "data"), "TRACKER_ARGON2_COST": "cheap"}
    environment.pop("TRACKER_DATABASE_URL", None)
    running = Site(f"http://127.0.0.1:{port}", tmp_path, environment)
    running.command("db", "upgrade")
    log = (tmp_path / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4", "wsgi:app"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield running
    server.terminate()
    server.wait(20)


@pytest.fixture
def page_for(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """A page of a browser of one's own; whatever the console complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_page(*, size: dict[str, int] = DESK) -> Page:
        context = chromium.new_context(viewport=size, locale="zh-CN", base_url=site.url, accept_downloads=True)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note(message.type, message.text, complaints))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _note(kind: str, text: str, complaints: list[str]) -> None:
    # A refused form answers 4xx on purpose; Chromium reports that as an error of its own.
    if kind == "error" and "Failed to load resource" not in text:
        complaints.append(text)


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots are kept for people to look at."""
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder
