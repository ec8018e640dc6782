"""The scheduler: one process, few sweeps, no memory of its own. The database decides who sends."""

import logging
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from threading import Event, Thread

from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy.exc import InternalError

from tracker.core import clock
from tracker.core.db import writing
from tracker.jobs import stopping
from tracker.jobs.registry import JOBS, Job
from tracker.jobs.running import sweep
from tracker.work import operations
from tracker.work.outages import is_away, told_in_a_line
from tracker.work.rules import BEAT_SECONDS

# How long a clock that was set may go unnoticed.
CLOCK_SECONDS = 5

log = logging.getLogger(__name__)


def run(app: Flask) -> None:
    """Sweep now and then every so often, until SIGTERM or Ctrl-C; the step that runs is finished first."""
    sweeper = Sweeper(app)
    scheduler = BlockingScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(len(JOBS) + 1)},
        job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
    )
    for job in JOBS:
        # In trials only what sweeps every minute is hurried.
        hurried = app.config.get("TRACKER_SWEEP_SECONDS") if job.every_seconds <= 60 else None
        paced = replace(job, every_seconds=hurried, rests=False) if hurried else job
        scheduler.add_job(sweeper.sweep, Every(seconds=paced.every_seconds), args=[paced], next_run_time=clock.now())
    scheduler.add_job(sweeper.beat, Every(seconds=BEAT_SECONDS))
    scheduler.add_listener(lambda _event: follow_the_clock(scheduler), EVENT_SCHEDULER_STARTED)
    stopper = _stop_when_asked(scheduler)
    scheduler.start()
    stopper.join()
    log.info("scheduler stopped")


class Every(IntervalTrigger):
    """Every so often from now on; a clock that was set a year ahead makes one run of all that were missed.

    The library would list each of them, millions, while nothing runs.
    """

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The time after the previous one, or an interval from now when that has passed."""
        following = previous_fire_time + self.interval if previous_fire_time else now
        return following if following > now else now + self.interval


def follow_the_clock(scheduler: BaseScheduler) -> None:
    """When the clock was put back, let the jobs run now that would wait until it is as late again."""

    def follow() -> None:
        # Waits by the clock that nobody sets.
        while not Event().wait(CLOCK_SECONDS):
            now = clock.now()
            for job in scheduler.get_jobs():
                if job.next_run_time - now > job.trigger.interval + timedelta(seconds=CLOCK_SECONDS):
                    job.modify(next_run_time=now)
            # How long it sleeps was reckoned by a clock that may have been set back and forth since.
            scheduler.wakeup()

    Thread(target=follow, daemon=True).start()


def _stop_when_asked(scheduler: BlockingScheduler) -> Thread:
    """A thread that ends the scheduler at the first signal, when the running steps are finished; later ones do nothing.

    A signal finds the main thread anywhere. An exception thrown there is swallowed where the library submits a job, or
    leaves a lock taken for good; so all the signal does is put itself into a queue that is made for that.
    """
    signals: SimpleQueue[int] = SimpleQueue()

    def stop() -> None:
        signals.get()
        stopping.asked.set()
        scheduler.shutdown(wait=True)

    stopper = Thread(target=stop, daemon=True)
    scheduler.add_listener(lambda _event: stopper.start(), EVENT_SCHEDULER_STARTED)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: signals.put(number))
    return stopper


class Sweeper:
    """What one scheduler runs just now. Every run has a token of its own and is held on to only while it goes on.

    So a job whose end could not be noted, because the database was gone, is free again when its lease is over.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._held: set[str] = set()

    def sweep(self, job: Job) -> None:
        """Run a job unless somebody else does."""
        token, result = secrets.token_hex(16), None
        self._held.add(token)
        try:
            with self._app.app_context(), _told_in_a_line(job.name):
                result = sweep(job, token=token)
        finally:
            self._held.discard(token)
        if result and any(result.values()):
            log.info("%s: %s", job.name, ", ".join(f"{count} {what}" for what, count in result.items() if count))

    def beat(self) -> None:
        """Show that this scheduler lives, and hold on to what it runs."""
        with self._app.app_context(), _told_in_a_line("heartbeat"), writing():
            operations.beat(*self._held)


@contextmanager
def _told_in_a_line(what: str) -> Iterator[None]:
    """Go on when the database is away; the library would write ten kilobytes for each of the many tries meanwhile."""
    try:
        yield
    except Exception as error:
        if not is_away(error) and not isinstance(error, InternalError):
            raise
        log.error("%s: database: %s", what, told_in_a_line(error))
