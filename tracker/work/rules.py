"""How long a job is held, and how a person's long work stands."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l

LEASE = timedelta(seconds=60)
# Later than this a lease cannot end but by a clock that was wrong: clocks of machines differ a little, and whoever
# waited for the row asked earlier. A job may run twice, since the database decides who sends; a task waits for days.
LEASE_MAX, CLAIM_MAX = timedelta(minutes=10), timedelta(days=2)
BEAT_SECONDS = 15
# A scheduler that has not beaten three times in a row is taken to have stopped.
SILENT_AFTER = timedelta(seconds=3 * BEAT_SECONDS)
# What ran long rests: no more than a tenth of the time goes into it, and it never rests longer than this.
REST, REST_MAX = 9, timedelta(minutes=15)
# A process that dies over a task three times will die over it a fourth time.
TRIES_MAX = 3


def rested_at(started_at: datetime, finished_at: datetime) -> datetime:
    """When a job that ran so long has rested."""
    return finished_at + min(REST * (finished_at - started_at), REST_MAX)


class TaskState(StrEnum):
    """How long work stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = frozenset({TaskState.QUEUED, TaskState.RUNNING})
TASK_LABELS: Mapping[TaskState, object] = {
    TaskState.QUEUED: _l("排队中"),
    TaskState.RUNNING: _l("正在处理"),
    TaskState.DONE: _l("已完成"),
    TaskState.FAILED: _l("没有完成"),
}
