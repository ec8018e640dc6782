"""Holding a job while it runs, showing that its holder lives, noting what it did."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, or_, update

from tracker.core import clock
from tracker.core.db import db
from tracker.core.sql import insert_new
from tracker.work.models import JobRun
from tracker.work.rules import LEASE


def take(job: str, *, token: str) -> bool:
    """Take a job that nobody holds, or whose holder's lease has run out; False when somebody else runs it."""
    session, now = db.session(), clock.now()
    session.execute(insert_new(session, JobRun).values(job=job))
    is_free = or_(JobRun.lease_token.is_(None), JobRun.lease_until <= now)
    held = {"lease_token": token, "lease_until": now + LEASE, "started_at": now, "heartbeat_at": now}
    result = session.execute(update(JobRun).where(JobRun.job == job, is_free).values(**held))
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def beat(token: str) -> None:
    """Show that the holder lives, and hold on to what it runs."""
    session, now = db.session(), clock.now()
    session.execute(update(JobRun).values(heartbeat_at=now))
    session.execute(update(JobRun).where(JobRun.lease_token == token).values(lease_until=now + LEASE))


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
