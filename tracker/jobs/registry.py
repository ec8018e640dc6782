"""The list of jobs: what runs by itself, and how often."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.core import clock
from tracker.core.db import refresh_statistics, writing
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.jobs.backing_up import back_up_and_try, has_backup_to_do
from tracker.jobs.delivery import deliver
from tracker.jobs.tasks import do_tasks, has_tasks
from tracker.meetings.operations import remind_meetings
from tracker.nudges.operations import trim_drafts
from tracker.reinspections.operations import remind_looks
from tracker.reminders.groups import queue_group_digests
from tracker.reminders.operations import find_due, queue_reminders
from tracker.rounds.operations import find_stale, open_rounds, remind_owing


@dataclass(frozen=True)
class Job:
    """Something to be done every so many seconds; ``function`` is given the instant it runs for.

    ``has_work`` is a look that asks for no lock: without work the job is not even taken. ``rests`` says that it is not
    run again at once when it took long, so that people have the database, too.
    """

    name: str
    every_seconds: int
    function: Callable[[datetime], Mapping[str, int]]
    label: object
    has_work: Callable[[], bool] = lambda: True
    rests: bool = False


def remind(at: datetime) -> Mapping[str, int]:
    """Queue what is due, in one transaction, and take off unsigned notices what needs no supervision any more.

    The long look goes before: SQLite has one lock for all who write.
    """
    found = find_due(at)
    with writing():
        told = queue_reminders(at, found)
        trim_drafts(clock.civil_date(at))
        more = queue_group_digests(at) + remind_looks(at) + remind_meetings(at)
        return {**told, "queued": told["queued"] + more}


def look_after(at: datetime) -> Mapping[str, int]:
    """Keep the database quick."""
    with writing():
        refresh_statistics()
    return {}


def open_due_rounds(at: datetime) -> Mapping[str, int]:
    """Open reporting rounds, keep what they ask in step with the items, and remind of what is owed."""
    stale = find_stale(at)
    with writing():
        return {"opened": open_rounds(at, stale), "queued": remind_owing(at)}


JOBS = (
    Job("open-rounds", 60, open_due_rounds, _l("生成填报"), rests=True),
    Job("queue-reminders", 60, remind, _l("生成提醒"), rests=True),
    Job("deliver-messages", 20, deliver, _l("发送消息")),
    Job("do-tasks", 2, do_tasks, _l("后台任务"), has_work=has_tasks),
    Job("look-after-database", 86_400, look_after, _l("维护数据库")),
    Job("back-up", 300, back_up_and_try, _l("备份与试恢复"), has_work=has_backup_to_do),
)


def get_job(name: str) -> Job:
    """A job by its name; raises NotFound."""
    for job in JOBS:
        if job.name == name:
            return job
    raise NotFound(_l("没有名为 %(name)s 的任务。", name=name))
