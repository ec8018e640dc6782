"""Processes of their own that are killed as a power cut kills, at moments from at once to long after."""

import multiprocessing
import os
import time
from collections.abc import Callable

from flask import Flask

from tracker.core.db import db

KILLS = 100 if os.environ.get("PROOF") else 10


def killed_after(app: Flask, seconds: float | None, act: Callable[[], object]) -> float:
    """Let a process of its own do it, killed after so long; how long it took."""

    def alone() -> None:
        with app.app_context():
            # The connections belong to the parent.
            db.engine.dispose(close=False)
        act()

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    begun = time.monotonic()
    process = multiprocessing.get_context("fork").Process(target=alone)
    process.start()
    process.join(seconds)
    if process.is_alive():
        process.kill()
        process.join()
    else:
        assert process.exitcode == 0
    return time.monotonic() - begun


def moments(whole: float) -> list[float]:
    """From at once to long after it would have been done."""
    return [2.5 * whole * number / (KILLS - 1) for number in range(KILLS)]
