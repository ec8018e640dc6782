"""The scheduler: one process, few sweeps, no memory of its own. The database decides who sends."""

import logging
import secrets
import signal
from datetime import UTC
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from tracker.core import clock
from tracker.core.db import writing
from tracker.jobs.registry import JOBS, Job
from tracker.jobs.running import sweep
from tracker.work import operations
from tracker.work.rules import BEAT_SECONDS

log = logging.getLogger(__name__)


def run(app: Flask) -> None:
    """Sweep now and then every so often, until SIGTERM or Ctrl-C; what runs is finished first."""
    token = secrets.token_hex(16)
    scheduler = BlockingScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(len(JOBS) + 1)},
        job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
    )
    for job in JOBS:
        # In trials only what sweeps every minute is hurried.
        hurried = app.config.get("TRACKER_SWEEP_SECONDS") if job.every_seconds <= 60 else None
        every = hurried or job.every_seconds
        scheduler.add_job(_sweep, "interval", seconds=every, args=[app, job, token], next_run_time=clock.now())
    scheduler.add_job(_beat, "interval", seconds=BEAT_SECONDS, args=[app, token])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        scheduler.start()
    except SystemExit:
        scheduler.shutdown(wait=True)
        log.info("scheduler stopped")


def _stop(number: int, _frame: FrameType | None) -> None:
    # A second signal must not cut off what is being finished.
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit


def _sweep(app: Flask, job: Job, token: str) -> None:
    with app.app_context():
        result = sweep(job, token=token)
    if result and any(result.values()):
        log.info("%s: %s", job.name, ", ".join(f"{count} {what}" for what, count in result.items() if count))


def _beat(app: Flask, token: str) -> None:
    with app.app_context(), writing():
        operations.beat(token)
