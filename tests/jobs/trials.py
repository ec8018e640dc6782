"""Real schedulers in processes of their own, over a real database and a real SMTP server."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
from conftest import ROOT, config_for
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, update

from tracker import create_app
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.outbox.models import Message
from tracker.outbox.rules import LEASE
from tracker.work.models import JobRun


def a_place(kind: str, folder: Path, server_uri: str) -> tuple[str, dict[str, str]]:
    """An empty database of its own: its address as SQLAlchemy reads it, and the environment for processes."""
    environment = {**os.environ, "TRACKER_DATA_DIR": str(folder), "TRACKER_SWEEP_SECONDS": "1"}
    environment.pop("TRACKER_DATABASE_URL", None)
    url = f"sqlite:///{folder / 'tracker.db'}"
    if kind == "postgresql":
        name = f"trial_{uuid4().hex[:8]}"
        with psycopg.connect(server_uri, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
        uri = server_uri.replace("/postgres?", f"/{name}?")
        environment["TRACKER_DATABASE_URL"] = uri
        url = uri.replace("postgresql://", "postgresql+psycopg://")
    return url, environment


def a_database(kind: str, folder: Path, server_uri: str) -> tuple[Flask, dict[str, str]]:
    """A migrated database of its own; an application over it, and the environment for processes."""
    url, environment = a_place(kind, folder, server_uri)
    app = create_app(config_for(url, folder))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return app, environment


def command(environment: dict[str, str], *arguments: str, program: Path = ROOT) -> str:
    """Run a command of the program to its end; what it printed."""
    done = subprocess.run(_flask(*arguments), cwd=program, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def a_scheduler(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a scheduler."""
    return subprocess.Popen(_flask("scheduler"), cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def _flask(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]


def let_leases_run_out() -> None:
    """As two minutes would. Raises AssertionError when something is held for longer than that."""
    now = clock.now()
    with writing():
        for table in (Message, JobRun):
            is_held = table.lease_token.isnot(None)
            latest = db.session.scalar(select(func.max(table.lease_until)).where(is_held))
            assert latest is None or latest <= now + LEASE
            db.session.execute(update(table).where(is_held).values(lease_until=now - LEASE))


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process as a power cut does."""
    process.send_signal(signal.SIGKILL)
    process.wait(30)


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ask a process to end, as soon as it listens: one that has just begun dies of it. Its exit code."""
    wait_until(lambda: process.poll() is not None or _listens(process.pid))
    process.terminate()
    return process.wait(120)


def _listens(pid: int) -> bool:
    """Whether a process has a function of its own for SIGTERM."""
    (caught,) = re.findall(r"^SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def wait_until(holds: Callable[[], bool], seconds: float = 300) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.05)
