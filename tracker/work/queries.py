"""Reading what jobs did last."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.work.models import JobRun


def list_runs(session: Session) -> dict[str, JobRun]:
    """The last run of each job by the job's name; jobs that never ran are left out."""
    return {run.job: run for run in session.scalars(select(JobRun))}
