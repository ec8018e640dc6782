"""The daily job of backups, run at an instant."""

from unittest import mock

import pytest
import time_machine
from sqlalchemy import select

from tracker.backups.models import Backup
from tracker.backups.rules import BackupState
from tracker.core import clock
from tracker.core.db import db
from tracker.jobs.registry import get_job
from tracker.jobs.running import run_now


def states() -> list[BackupState]:
    db.session.rollback()
    return list(db.session.scalars(select(Backup.state).order_by(Backup.id)))


def at(moment: str) -> time_machine.travel:
    """Of 2026, by the organ's clock, e.g. ``11-28T03:00``."""
    return time_machine.travel(f"2026-{moment}:00+08:00", tick=True)


def run() -> dict[str, int]:
    """What it told, without what it had none of."""
    told = run_now(get_job("back-up"), clock.now())
    return {name: count for name, count in told.items() if count}


def run_and_die_at(step: str) -> None:
    """As a scheduler that is ended in the middle of one of the operations."""
    dies = mock.patch(f"tracker.backups.operations.{step}", side_effect=KeyboardInterrupt)
    with at("11-28T03:00"), dies, pytest.raises(KeyboardInterrupt):
        run()
