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
        counts["done" if _do(task_id, kind, payload, token) else "refused"] += 1
    return counts


def _do(task_id: int, kind: str, payload: Mapping[str, Any], token: str) -> bool:
    """Do one task; False when it was refused. What fails otherwise is logged and told in plain words."""
    ended: dict[str, Any]
    try:
        ended = {"state": TaskState.DONE, "result": DOERS[kind](payload, _teller(task_id, token))}
    except DomainError as error:
        ended = {"state": TaskState.FAILED, "failure": str(error)}
    except Exception:
        log.exception("task %s (%s) failed", task_id, kind)
        ended = {"state": TaskState.FAILED, "failure": str(_l("程序出错，没有写入任何内容。请联系系统管理员。"))}
    with writing():
        operations.end(task_id, token=token, **ended)
    return ended["state"] is TaskState.DONE


def _teller(task_id: int, token: str) -> Tell:
    """Notes at most once a second how far a task is, in a session of its own: the task's has much loaded."""
    app, told_at = cast(Flask, current_app._get_current_object()), clock.now()  # type: ignore[attr-defined]

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        if (clock.now() - told_at).total_seconds() >= TOLD_EVERY_SECONDS:
            told_at = clock.now()
            with app.app_context(), writing():
                operations.tell(task_id, done, total, token=token)

    return tell
