"""Wrong settings, and a database that cannot be used, are told in words by whatever is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from tests.outbox.sinks import free_port

SECRET = "Geheim-77"
SERVE = (sys.executable, "-m", "tracker.cli.serve", "--address", "127.0.0.1:{port}")
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "list")
GUNICORN = (sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py")
WRONG = {
    "TRACKER_ZONE": "Asia/Beijing",
    "TRACKER_PROXIES": "x",
    "TRACKER_METRICS_ALLOW": "10.0.0.0/99",
    "TRACKER_WORKERS": "two",
    "TRACKER_SETUP_CODE": "1-2-3-4-!!!!!",
    "TRACKER_HTTPS": "yes",
    "TRACKER_DEMO": "true",
    "TRACKER_LOG": "xml",
    "TRACKER_LOG_LEVEL": "LOUD",
    "TRACKER_SECRET_KEY": "a",
    "TRACKER_SWEEP_SECONDS": "often",
    "TRACKER_ARGON2_COST": "free",
    "TRACKER_OBJECT_STORE": "minio",
}


def run(folder: Path, command: tuple[str, ...] = FLASK, **settings: str) -> tuple[int, str]:
    """The exit code of a command, and what it said on standard error."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    environment |= {"TRACKER_DATA_DIR": str(folder), "TRACKER_ADDRESS": f"127.0.0.1:{free_port()}"} | settings
    words = [word.format(port=free_port()) for word in command]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


@pytest.mark.parametrize("command", [FLASK, SERVE, GUNICORN])
def test_all_wrong_settings_are_named_at_once(command: tuple[str, ...], tmp_path: Path) -> None:
    code, told = run(tmp_path, command, **WRONG)
    assert code != 0
    assert "Traceback" not in told
    assert {line.split("=")[0].split(":")[0].strip() for line in told.splitlines() if line.startswith("  ")} == {*WRONG}
    assert list(tmp_path.iterdir()) == []


def test_an_address_to_listen_on_that_is_none_is_told(tmp_path: Path) -> None:
    code, told = run(tmp_path, SERVE[:3], TRACKER_ADDRESS="127.0.0.1:99999")
    assert code == 1
    assert "TRACKER_ADDRESS=127.0.0.1:99999" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("url", "command"),
    [
        (f"postgresql://rectify:{SECRET}@127.0.0.1:1/rectify", FLASK),
        (f"postgresql://rectify:{SECRET}@127.0.0.1:1/rectify", SERVE),
        (f"postgresql://rectify:{SECRET}@no.such.host.invalid/rectify", FLASK),
        ("sqlite:////proc/nowhere/tracker.db", FLASK),
        ("sqlite:///{folder}/letter.txt", FLASK),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(
    url: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("这不是数据库。" * 200)
    code, told = run(tmp_path, command, TRACKER_DATABASE_URL=url.format(folder=tmp_path))
    assert code == 1
    assert "数据库" in told.splitlines()[0]
    assert "Traceback" not in told
    assert SECRET not in told


def test_a_database_without_tables_is_told_with_what_to_do(tmp_path: Path) -> None:
    code, told = run(tmp_path)
    assert code == 1
    assert "db upgrade" in told
    assert "Traceback" not in told
