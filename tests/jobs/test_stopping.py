"""A scheduler that is asked to stop does, whatever it is just doing."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from tests.jobs.trials import a_database

# A signal in the worst moment: the program is asked to stop just when somebody took a lock for the nth time.
ASKED_WHILE_LOCKED = """
import os, signal, sys, threading
from threading import Condition

from tracker.jobs import scheduling
from wsgi import app

left, enter = int(sys.argv[1]), Condition.__enter__

def locked(condition):
    global left
    entered = enter(condition)
    left -= 1
    if left == 0:
        # By the call for one thread, so that the handler has run before the lock is let go.
        signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)
    return entered

Condition.__enter__ = locked
scheduling.run(app)
"""


@pytest.mark.parametrize("nth", [1, 3, 8])
def test_a_signal_that_comes_while_a_lock_is_taken_leaves_no_lock_behind(nth: int, tmp_path: Path) -> None:
    _app, environment = a_database("sqlite", tmp_path, "")
    asked = [sys.executable, "-c", ASKED_WHILE_LOCKED, str(nth)]
    scheduler = subprocess.Popen(asked, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        _out, told = scheduler.communicate(timeout=30)
    finally:
        scheduler.kill()
    assert scheduler.returncode == 0, told
    assert "scheduler stopped" in told
