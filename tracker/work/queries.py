"""Reading what jobs did last, and the tasks that people wait for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, not_, or_, select
from sqlalchemy.orm import Session

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.sql import has_run_out
from tracker.work.models import JobRun, Task
from tracker.work.rules import CLAIM_MAX, LEASE_MAX, REST_MAX, TaskState, rested_at


def list_runs(session: Session) -> dict[str, JobRun]:
    """The last run of each job by the job's name; jobs that never ran are left out."""
    return {run.job: run for run in session.scalars(select(JobRun))}


def is_held(session: Session, job: str, *, now: datetime) -> bool:
    """Whether somebody runs a job and has shown life since."""
    held = select(JobRun.job).where(JobRun.job == job, not_(has_run_out(JobRun.lease_until, now, longest=LEASE_MAX)))
    return session.scalar(held) is not None


def is_resting(session: Session, job: str, *, now: datetime) -> bool:
    """Whether a job has run for so long that it waits a while; not where only a wrong clock makes it wait."""
    run = session.execute(select(JobRun.started_at, JobRun.finished_at).where(JobRun.job == job)).one_or_none()
    if run is None or run.started_at is None or run.finished_at is None:
        return False
    return now < rested_at(run.started_at, run.finished_at) <= now + REST_MAX


def get_task(session: Session, task_id: int, *, by_id: int | None) -> Task:
    """A person's own task; raises NotFound for one of somebody else."""
    task = session.scalar(select(Task).where(Task.id == task_id, Task.by_id == by_id))
    if task is None:
        raise NotFound(_l("没有找到这项后台任务。"))
    return task


def list_tasks(session: Session, kind: str, *, by_id: int | None, limit: int = 20) -> Sequence[Task]:
    """A person's last tasks of a kind, the newest first."""
    query = select(Task).where(Task.kind == kind, Task.by_id == by_id)
    return session.scalars(query.order_by(Task.id.desc()).limit(limit)).all()


def find_task(session: Session, task_id: int) -> Task | None:
    """A task, whoever asked for it."""
    return session.get(Task, task_id)


def has_waiting(session: Session, *, now: datetime) -> bool:
    """Whether a task waits; a look that asks for no lock."""
    return session.scalar(_waiting(now).with_only_columns(Task.id)) is not None


def find_waiting(session: Session, *, now: datetime) -> Task | None:
    """The oldest task that nobody holds, locked; one that another process is just taking is passed over."""
    task: Task | None = session.scalar(_waiting(now).with_for_update(skip_locked=True))
    return task


def _waiting(now: datetime) -> Select[Any]:
    is_left = and_(Task.state == TaskState.RUNNING, has_run_out(Task.lease_until, now, longest=CLAIM_MAX))
    return select(Task).where(or_(Task.state == TaskState.QUEUED, is_left)).order_by(Task.id).limit(1)
