"""What a process started does not outlive it where the system can see to that."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

import psutil
import pytest
from conftest import ROOT

from tracker.core.parents import ending_with_parent

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is gone")
STARTS_ONE = """
import signal, subprocess, sys
from tracker.core.parents import ending_with_parent
child = subprocess.Popen(["sleep", "60"], preexec_fn=ending_with_parent(signal.Signals(int(sys.argv[1]))))
print(child.pid, flush=True)
child.wait()
"""


@linux_only
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_child_ends_when_its_parent_is_killed(number: signal.Signals) -> None:
    command = [sys.executable, "-c", STARTS_ONE, str(int(number))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    child.wait(30)


@linux_only
def test_a_child_whose_parent_was_gone_before_it_asked_does_not_begin(tmp_path: Path) -> None:
    ask = ending_with_parent(signal.SIGTERM)
    with mock.patch.object(os, "getppid", return_value=1):
        done = subprocess.run(["touch", tmp_path / "begun"], preexec_fn=ask)
    assert (done.returncode, list(tmp_path.iterdir())) == (1, [])


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_a_system_that_knows_no_such_thing_is_asked_for_nothing(platform: str) -> None:
    with mock.patch.object(sys, "platform", platform):
        assert ending_with_parent(signal.SIGTERM) is None
