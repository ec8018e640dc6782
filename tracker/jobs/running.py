"""Running a job once: by hand at once, by a scheduler only while nobody else does."""

import logging
from collections.abc import Mapping
from datetime import datetime

from tracker.core import clock
from tracker.core.db import db, writing
from tracker.jobs.registry import Job
from tracker.work import operations, queries
from tracker.work.outages import is_away, told_in_a_line

log = logging.getLogger(__name__)


def run_now(job: Job, at: datetime) -> Mapping[str, int]:
    """Run a job by hand. It waits for nobody: the database keeps two runs out of each other's way."""
    started_at = clock.now()
    result = job.function(at)
    with writing():
        operations.note(job.name, result, started_at=started_at)
    return result


def sweep(job: Job, *, token: str) -> Mapping[str, int] | None:
    """Run a job for the present instant; None without work, while it rests or is another's, or when it failed."""
    # A look first, so that one who only waits for another asks for no lock.
    if not job.has_work() or _must_wait(job):
        return None
    with writing():
        if not operations.take(job.name, token=token):
            return None
    result: Mapping[str, int] | None = None
    failure = "stopped"
    try:
        result = job.function(clock.now())
    except Exception as error:
        # The next sweep tries again; the page shows why this one failed.
        if is_away(error):
            log.error("job %s failed: database: %s", job.name, told_in_a_line(error))
        else:
            log.exception("job %s failed", job.name)
        failure = f"{type(error).__name__}: {error}"[:500]
    finally:
        with writing():
            operations.finish(job.name, {"error": failure} if result is None else result, token=token)
    return result


def _must_wait(job: Job) -> bool:
    session, now = db.session(), clock.now()
    return queries.is_held(session, job.name, now=now) or (job.rests and queries.is_resting(session, job.name, now=now))
