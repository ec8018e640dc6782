"""Reading what jobs did last."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.work.models import JobRun


def list_runs(session: Session) -> dict[str, JobRun]:
    """The last run of each job by the job's name; jobs that never ran are left out."""
    return {run.job: run for run in session.scalars(select(JobRun))}


def is_held(session: Session, job: str, *, now: datetime) -> bool:
    """Whether somebody runs a job and has shown life since."""
    held = select(JobRun.job).where(JobRun.job == job, JobRun.lease_until > now)
    return session.scalar(held) is not None
