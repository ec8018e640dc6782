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
    "TRACKER_HTTPS": "yes",
    "TRACKER_DEMO": "true",
    "TRACKER_LOG": "xml",
    "TRACKER_LOG_LEVEL": "LOUD",
    "TRACKER_SECRET_KEY": "a",
    "TRACKER_SWEEP_SECONDS": "often",
    "TRACKER_ARGON2_COST": "free",
    "TRACKER_OBJECT_STORE": "minio",
}
WRONG_DATABASES = (
    f"postgres//rectify:{SECRET}@127.0.0.1/rectify",
    f"postgresql://rectify:{SECRET}@127.0.0.1:abc/rectify",
    f"postgresql://rectify:{SECRET}@127.0.0.1:99999/rectify",
    f"postgresql://rectify:p@{SECRET}@127.0.0.1/rectify",
    f"mysql://rectify:{SECRET}@127.0.0.1/rectify",
    "sqlite://",
)


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


@pytest.mark.parametrize("url", WRONG_DATABASES)
def test_an_address_of_a_database_that_is_none_is_told_without_its_password(url: str, tmp_path: Path) -> None:
    code, told = run(tmp_path, TRACKER_DATABASE_URL=url)
    assert code != 0
    assert "TRACKER_DATABASE_URL" in told
    assert "Traceback" not in told
    assert SECRET not in told


@pytest.mark.parametrize("url", ["oss", "ftp://host/bucket", "https://host", f"https://key:{SECRET}@host/bucket"])
def test_what_can_be_no_object_store_is_told(url: str, tmp_path: Path) -> None:
    code, told = run(tmp_path, TRACKER_OBJECT_STORE=url, TRACKER_OBJECT_STORE_KEY="k", TRACKER_OBJECT_STORE_SECRET="s")
    assert code != 0
    assert "TRACKER_OBJECT_STORE:" in told
    assert SECRET not in told


def test_an_object_store_needs_a_key_and_its_secret(tmp_path: Path) -> None:
    code, told = run(tmp_path, TRACKER_OBJECT_STORE="https://127.0.0.1:9000/rectify", TRACKER_OBJECT_STORE_KEY="k")
    assert code != 0
    assert "TRACKER_OBJECT_STORE_SECRET" in told
    assert "TRACKER_OBJECT_STORE_KEY" not in told


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "18431", "127.0.0.1:http", "127.0.0.1:0"])
def test_an_address_to_listen_on_that_is_none_is_told(address: str, tmp_path: Path) -> None:
    code, told = run(tmp_path, SERVE[:3], TRACKER_ADDRESS=address)
    assert code != 0
    assert f"TRACKER_ADDRESS={address}" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("folder", ["file", "/proc/nowhere"])
def test_a_data_folder_that_cannot_be_is_told(folder: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    code, told = run(tmp_path / folder)
    assert code != 0
    assert "TRACKER_DATA_DIR=" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://rectify:{SECRET}@127.0.0.1:1/rectify",
        f"postgresql://rectify:{SECRET}@no.such.host.invalid/rectify",
        "sqlite:////proc/nowhere/tracker.db",
        "sqlite:///{folder}/letter.txt",
    ],
)
@pytest.mark.parametrize("command", [FLASK, SERVE])
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
