"""Doing the long work that people asked for, one task after the other, each by one process."""

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app

from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.jobs import ledgers, stopping
from tracker.jobs.archiving import make_archive
from tracker.jobs.ledgers import Tell
from tracker.meetings.operations import ordering
from tracker.work import operations, queries
from tracker.work.outages import is_away, told_in_a_line
from tracker.work.rules import TaskState

log = logging.getLogger(__name__)

TOLD_EVERY_SECONDS = 1.0

DOERS: Mapping[str, Callable[[Mapping[str, Any], Tell], Mapping[str, Any]]] = {
    "ledger": ledgers.find_out,
    ordering.TASK: ordering.make,
    "archive": make_archive,
}


def has_tasks() -> bool:
    """Whether a task waits."""
    return queries.has_waiting(db.session(), now=clock.now())


def do_tasks(_at: datetime) -> Mapping[str, int]:
    """Do all tasks that wait, or those begun before the process is asked to stop."""
    counts = {"done": 0, "refused": 0}
    while has_tasks() and not stopping.asked.is_set():
        token = secrets.token_hex(16)
        with writing():
            task = operations.claim(token=token)
            if task is None:
                break
            task_id, kind, payload = task.id, task.kind, json.loads(task.payload)
        try:
            ended = _do(task_id, kind, payload, token)
            with writing():
                operations.end(task_id, token=token, **ended)
        except Exception as error:
            if not is_away(error):
                raise
            # Nothing is ended: when its lease is over it is done again, as if a kill had cut it off.
            log.error("task %s (%s) put off: database: %s", task_id, kind, told_in_a_line(error))
            db.session().rollback()
        else:
            counts["done" if ended["state"] is TaskState.DONE else "refused"] += 1
    return counts


def _do(task_id: int, kind: str, payload: Mapping[str, Any], token: str) -> dict[str, Any]:
    """Do one task; how it ended. What fails is logged and told in plain words, unless the database was away."""
    try:
        return {"state": TaskState.DONE, "result": DOERS[kind](payload, _teller(task_id, token))}
    except Exception as error:
        if is_away(error):
            raise
        if isinstance(error, DomainError):
            return {"state": TaskState.FAILED, "failure": str(error)}
        log.exception("task %s (%s) failed", task_id, kind)
        return {"state": TaskState.FAILED, "failure": str(_l("程序出错，没有写入任何内容。请联系系统管理员。"))}


def _teller(task_id: int, token: str) -> Tell:
    """Notes at most once a second how far a task is, in a session of its own: the task's has much loaded.

    A note that could not be written ends no work; whether the database is away its own next statement tells.
    """
    app, told_at = cast(Flask, current_app._get_current_object()), clock.now()  # type: ignore[attr-defined]

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        if (clock.now() - told_at).total_seconds() >= TOLD_EVERY_SECONDS:
            told_at = clock.now()
            try:
                with app.app_context(), writing():
                    operations.tell(task_id, done, total, token=token)
            except Exception as error:
                if not is_away(error):
                    raise
                log.warning("task %s: progress not noted: database: %s", task_id, told_in_a_line(error))

    return tell
