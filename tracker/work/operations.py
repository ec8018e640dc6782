"""Holding a job or a task while it runs, showing that its holder lives, noting what it did."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, or_, update

from tracker.core import clock
from tracker.core.db import db
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.sql import has_run_out, insert_new
from tracker.work import queries
from tracker.work.models import JobRun, Task
from tracker.work.rules import CLAIM_MAX, LEASE, LEASE_MAX, TRIES_MAX, TaskState


def take(job: str, *, token: str) -> bool:
    """Take a job that nobody holds, or whose holder's lease has run out; False when somebody else runs it."""
    session, now = db.session(), clock.now()
    session.execute(insert_new(session, JobRun).values(job=job))
    is_free = or_(JobRun.lease_token.is_(None), has_run_out(JobRun.lease_until, now, longest=LEASE_MAX))
    held = {"lease_token": token, "lease_until": now + LEASE, "started_at": now, "heartbeat_at": now}
    result = session.execute(update(JobRun).where(JobRun.job == job, is_free).values(**held))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def beat(*tokens: str) -> None:
    """Show that a scheduler lives, and hold on to what it runs under these tokens."""
    session, now = db.session(), clock.now()
    session.execute(update(JobRun).values(heartbeat_at=now))
    session.execute(update(JobRun).where(JobRun.lease_token.in_(tokens)).values(lease_until=now + LEASE))


def finish(job: str, result: Mapping[str, Any], *, token: str) -> None:
    """Note what a job did and let go of it, unless somebody else holds it by now."""
    done = {"finished_at": clock.now(), "result": _told(result), "lease_token": None, "lease_until": None}
    db.session().execute(update(JobRun).where(JobRun.job == job, JobRun.lease_token == token).values(**done))


def note(job: str, result: Mapping[str, Any], *, started_at: datetime) -> None:
    """Note a run by hand, which holds nothing."""
    session = db.session()
    session.execute(insert_new(session, JobRun).values(job=job))
    done = {"started_at": started_at, "finished_at": clock.now(), "result": _told(result)}
    session.execute(update(JobRun).where(JobRun.job == job).values(**done))


def _told(result: Mapping[str, Any]) -> str:
    return json.dumps(dict(result), ensure_ascii=False)


def enqueue(kind: str, payload: Mapping[str, Any], *, by_id: int | None) -> Task:
    """Ask for long work of a kind; it begins after the commit."""
    session = db.session()
    task = Task(kind=kind, payload=_told(payload), by_id=by_id, done=0, total=0, tries=0, asked_at=clock.now())
    task.state = TaskState.QUEUED
    session.add(task)
    session.flush()
    return task


def claim(*, token: str) -> Task | None:
    """The oldest task that waits, or whose holder died over it, now held under ``token``; None when none waits.

    What killed its process too often is given up.
    """
    session, now = db.session(), clock.now()
    is_left = has_run_out(Task.lease_until, now, longest=CLAIM_MAX)
    died = (Task.state == TaskState.RUNNING, is_left, Task.tries >= TRIES_MAX)
    words = str(_l("处理时程序多次中断，没有写入任何内容。请联系系统管理员。"))
    session.execute(update(Task).where(*died).values(state=TaskState.FAILED, failure=words, finished_at=now))
    task = queries.find_waiting(session, now=now)
    if task is not None:
        task.state, task.started_at, task.tries = TaskState.RUNNING, now, task.tries + 1
        task.lease_token, task.lease_until = token, now + LEASE
    return task


def tell(task_id: int, done: int, total: int, *, token: str) -> None:
    """Note how far a task is, and hold on to it."""
    told = {"done": min(done, total), "total": total, "lease_until": clock.now() + LEASE}
    db.session().execute(update(Task).where(Task.id == task_id, Task.lease_token == token).values(**told))


def end(
    task_id: int, state: TaskState, *, token: str, result: Mapping[str, Any] | None = None, failure: str = ""
) -> None:
    """Note how a task ended, unless somebody else holds it by now. ``failure`` is for the person who asked."""
    done = {"state": state, "result": _told(result or {}), "failure": failure, "finished_at": clock.now()}
    db.session().execute(
        update(Task).where(Task.id == task_id, Task.lease_token == token).values(**done, lease_token=None)
    )
