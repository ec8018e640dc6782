"""Work that people asked for, done by the scheduler while the database comes and goes."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

import psycopg
import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InternalError, NotSupportedError, OperationalError

from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import Busy, Conflict
from tracker.jobs.tasks import do_tasks
from tracker.work import operations, queries
from tracker.work.models import Task
from tracker.work.rules import TRIES_MAX, TaskState

GONE = OperationalError("SELECT 1", {}, psycopg.errors.AdminShutdown("the server shuts down"))
CUT = InternalError("SELECT 1", {}, psycopg.errors.IdleInTransactionSessionTimeout("too idle"), None, True)
STANDBY = NotSupportedError("SELECT 1", {}, psycopg.errors.FeatureNotSupported("during recovery"))
AWAY = pytest.mark.parametrize(
    "error", [GONE, CUT, STANDBY, Busy("系统正忙")], ids=["gone", "cut off", "a standby", "busy"]
)


def asked() -> int:
    with writing():
        return operations.enqueue("ledger", {}, by_id=None).id


@contextmanager
def done_by(doer: Callable[..., Mapping[str, Any]]) -> Iterator[None]:
    with mock.patch.dict("tracker.jobs.tasks.DOERS", {"ledger": doer}):
        yield


def failing_with(*errors: BaseException | None) -> Callable[..., Mapping[str, Any]]:
    """Work that meets these, time after time."""
    return mock.Mock(side_effect=[error or {"made": 1} for error in errors])


def found(task_id: int) -> Task:
    db.session.rollback()
    task = queries.find_task(db.session(), task_id)
    assert task is not None
    return task


def sweep_after(minutes: int) -> Mapping[str, int]:
    with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
        return do_tasks(clock.now())


@AWAY
def test_work_that_met_no_database_is_told_in_a_line_and_done_again_a_minute_later(
    error: Exception, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    task_id = asked()
    with done_by(failing_with(error, None)):
        assert sweep_after(0) == {"done": 0, "refused": 0}
        task = found(task_id)
        assert (task.state, task.failure, task.tries) == (TaskState.RUNNING, "", 1)
        assert sweep_after(2) == {"done": 1, "refused": 0}
    assert found(task_id).state is TaskState.DONE
    said = error.orig if isinstance(error, DBAPIError) else error
    assert [(record.getMessage(), record.exc_info) for record in caplog.records] == [
        (f"task {task_id} (ledger) put off: database: {said}", None)
    ]


def test_work_that_meets_no_database_time_after_time_is_given_up(app: Flask) -> None:
    task_id = asked()
    with done_by(failing_with(*[GONE] * TRIES_MAX)):
        for tries in range(TRIES_MAX):
            assert sweep_after(2 * tries) == {"done": 0, "refused": 0}
        assert found(task_id).state is TaskState.RUNNING
        sweep_after(2 * TRIES_MAX)
    task = found(task_id)
    assert (task.state, "多次中断" in task.failure) == (TaskState.FAILED, True)


@pytest.mark.parametrize("bed", ["postgresql"], indirect=True)
def test_a_server_that_cuts_the_connection_of_work_once_has_it_done_by_the_next_try(app: Flask) -> None:
    task_id, tries = asked(), []

    def doer(_payload: object, _tell: object) -> Mapping[str, Any]:
        pid = db.session.scalar(text("SELECT pg_backend_pid()"))
        tries.append(pid)
        if len(tries) == 1:
            with db.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        db.session.execute(text("SELECT 1"))
        return {}

    with done_by(doer):
        assert sweep_after(0) == {"done": 0, "refused": 0}
        assert sweep_after(2) == {"done": 1, "refused": 0}
    assert (found(task_id).state, len(tries)) == (TaskState.DONE, 2)


@AWAY
def test_a_note_of_progress_that_could_not_be_written_ends_no_work(error: Exception, app: Flask) -> None:
    task_id = asked()

    def doer(_payload: object, tell: Callable[[int, int], None]) -> Mapping[str, Any]:
        with time_machine.travel(clock.now() + timedelta(seconds=2)):
            tell(1, 2)
        return {"made": 1}

    with done_by(doer), mock.patch("tracker.work.operations.tell", side_effect=error) as noted:
        assert sweep_after(0) == {"done": 1, "refused": 0}
    assert (found(task_id).state, noted.call_count) == (TaskState.DONE, 1)


def test_work_whose_end_could_not_be_noted_is_done_again(app: Flask) -> None:
    task_id = asked()
    with done_by(failing_with(None, None)):
        with mock.patch("tracker.work.operations.end", side_effect=GONE):
            assert sweep_after(0) == {"done": 0, "refused": 0}
        assert found(task_id).state is TaskState.RUNNING
        assert sweep_after(2) == {"done": 1, "refused": 0}


@pytest.mark.parametrize(
    ("error", "words"), [(Conflict("别人先了一步"), "别人先了一步"), (RuntimeError("a fault"), "程序出错")]
)
def test_what_is_refused_or_a_fault_of_the_program_is_not_tried_again(
    error: Exception, words: str, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    task_id = asked()
    with caplog.at_level(logging.CRITICAL), done_by(failing_with(error)):
        assert sweep_after(0) == {"done": 0, "refused": 1}
    task = found(task_id)
    assert (task.state, words in task.failure) == (TaskState.FAILED, True)
