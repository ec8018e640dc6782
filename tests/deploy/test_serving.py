"""``make start``: web server and scheduler together, over a folder that is its owner's alone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

from tests.outbox.sinks import free_port


def test_what_it_lays_down_may_be_read_by_nobody_else(tmp_path: Path) -> None:
    data = tmp_path / "instance"
    environment = os.environ | {"TRACKER_DATA_DIR": str(data)}
    command = [sys.executable, "-m", "tracker.cli.serve", "--address", f"127.0.0.1:{free_port()}"]
    serving = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, umask=0o022)
    try:
        assert serving.stdout
        assert any("http://" in line for line in serving.stdout)
        laid = [path for path in data.rglob("*") if path.is_file()]
        assert data / "tracker.db" in laid
        assert [path.name for path in laid if path.stat().st_mode & 0o077] == []
    finally:
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(60) == 0
