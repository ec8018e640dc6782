"""The service units and the settings of the web server are what their programs understand."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.cli import serve

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))


def verified(unit: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """What systemd says of a unit whose program is there."""
    path = tmp_path / "rectify-tried.service"
    path.write_text(unit.replace("/opt/rectify/current/.venv/bin/python", sys.executable))
    return subprocess.run(["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze: apt-get install systemd")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_systemd_finds_nothing_wrong_with_a_unit_but_with_a_broken_one(unit: Path, tmp_path: Path) -> None:
    told = unit.read_text()
    done = verified(told, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Unknown key" in verified(told.replace("ProtectSystem=", "ProtectSystems="), tmp_path).stderr


def test_both_services_are_kept_within_the_same_walls() -> None:
    web, scheduler = (
        {line for line in unit.read_text().partition("# No Memory")[2].splitlines() if "=" in line} for unit in UNITS
    )
    assert web == scheduler
    assert {"ProtectSystem=strict", "NoNewPrivileges=true", "PrivateTmp=true"} <= web


def test_gunicorn_reads_its_settings_and_finds_the_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [*serve._web("127.0.0.1:1"), "--check-config"],
        cwd=ROOT,
        env={
            "TRACKER_DATA_DIR": str(tmp_path / "data"),
            "TRACKER_ADDRESS": "127.0.0.1:1",
            "TRACKER_WORKERS": "3",
            "TMPDIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["data"], "nothing is left of it"


def test_a_web_server_that_refuses_its_settings_leaves_no_folder_behind(tmp_path: Path) -> None:
    environment = {"TRACKER_DATA_DIR": str(tmp_path / "data"), "TRACKER_ZONE": "Nowhere", "TMPDIR": str(tmp_path)}
    server = subprocess.Popen(serve._web("127.0.0.1:1"), cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    _out, told = server.communicate(timeout=60)
    assert server.returncode != 0
    assert "TRACKER_ZONE" in told
    assert [each for place in (tmp_path, Path("/dev/shm")) for each in place.glob(f"rectify-{server.pid}-*")] == []


def test_windows_is_served_by_waitress_at_the_same_address() -> None:
    command = serve._web("0.0.0.0:8000", "win32")
    assert command[1:] == ["-m", "waitress", "--listen=0.0.0.0:8000", "--threads=8", "wsgi:app"]
