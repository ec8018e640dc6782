"""What is read off the running system: for the administrator's page, for its warnings, and for the metrics."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.backups import queries as backups
from tracker.backups.models import Backup
from tracker.backups.places import is_usable
from tracker.backups.rules import STALE_AFTER, BackupState
from tracker.core import clock, files, object_store
from tracker.core.db import db
from tracker.core.errors import Misplaced
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.releases import revisions, version
from tracker.monitoring import queries
from tracker.monitoring.queries import Signs
from tracker.monitoring.rules import is_late, is_scarce
from tracker.outbox import queries as messages
from tracker.outbox.rules import Channel, MessageState
from tracker.work.models import JobRun
from tracker.work.queries import list_runs

# Clocks of several machines differ a little.
CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class Disk:
    """The disk that a folder lies on."""

    folder: str
    free_bytes: int
    total_bytes: int

    @property
    def is_scarce(self) -> bool:
        """Whether it is filling up."""
        return is_scarce(self.free_bytes, self.total_bytes)


@dataclass(frozen=True)
class Store:
    """The object store; ``fault`` is empty when it answers."""

    name: str
    fault: str


@dataclass(frozen=True)
class Reading:
    """How the system stands at one instant; ``messages`` counts by channel and state, ``runs`` are the last by job.

    ``store`` is None where files lie in the folder alone; ``disks`` lacks that of backups where none can be written.
    """

    at: datetime
    version: str
    database: str
    schema: str
    database_bytes: int
    disks: Mapping[str, Disk]
    backup_folder: str
    store: Store | None
    runs: Mapping[str, JobRun]
    messages: Mapping[tuple[Channel, MessageState], int]
    last: Backup | None
    verified: Backup | None

    @property
    def beat_at(self) -> datetime | None:
        """When a scheduler last showed that it lives."""
        return max((run.heartbeat_at for run in self.runs.values() if run.heartbeat_at), default=None)

    @property
    def waiting(self) -> int:
        """How many messages wait to be sent for the first time."""
        return self._count(MessageState.QUEUED, MessageState.HELD, MessageState.CLAIMED)

    @property
    def failed(self) -> int:
        """How many are tried again."""
        return self._count(MessageState.FAILED)

    @property
    def dead(self) -> int:
        """How many were given up."""
        return self._count(MessageState.DEAD)

    def _count(self, *states: MessageState) -> int:
        return sum(count for (_channel, state), count in self.messages.items() if state in states)

    @property
    def is_backup_stale(self) -> bool:
        """Whether the last backup that is known to work is too old, or there is none."""
        return is_late(self.verified.taken_at if self.verified else None, self.at, STALE_AFTER)


def read(session: Session) -> Reading:
    """Read all of it, in a fixed number of queries."""
    store = object_store.find()
    return Reading(
        at=clock.now(),
        version=version(),
        database=queries.describe(session),
        schema=backups.find_revision(session),
        database_bytes=backups.database_bytes(session),
        disks=disks(),
        backup_folder=_backup_folder(),
        store=Store(store.name, store.fault()) if store else None,
        runs=list_runs(session),
        messages=messages.count_by_state(session),
        last=backups.find_last(session),
        verified=backups.find_verified(session),
    )


def warnings(signs: Signs) -> list[object]:
    """What an administrator must look after, in words: a full disk, a wrong clock, backups that fail or will."""
    found: list[object] = []
    lying = disks()
    if "TRACKER_BACKUP_DIR" not in lying:
        found.append(_l("备份目录 %(folder)s 不存在或不能写入，做不了备份，请尽快处理。", folder=_backup_folder()))
    if any(disk.is_scarce for disk in lying.values()):
        found.append(_l("服务器磁盘快满了，请尽快清理或扩容；磁盘写满后无法上传和提交。"))
    if signs.recorded_at and signs.recorded_at - clock.now() > CLOCK_SLACK:
        found.append(_l("服务器时钟不对：最近一次操作记录的时间晚于现在，请核对服务器时间。"))
    is_stale = signs.waits_since is not None and is_late(signs.waits_since, clock.now(), STALE_AFTER)
    if is_stale or signs.hindrance or signs.backup in (BackupState.FAILED, BackupState.BROKEN):
        found.append(_l("备份没有做成，或没有通过试恢复，请尽快处理。"))
    return found


def disks() -> Mapping[str, Disk]:
    """The disks of data and of backups; a folder of backups that was never made lies where it will be made.

    One that cannot be made or written has no disk.
    """
    found = {"TRACKER_DATA_DIR": _disk(current_app.config["TRACKER_DATA_DIR"])}
    return {**found, "TRACKER_BACKUP_DIR": _disk(_backup_folder())} if is_usable() else found


def _backup_folder() -> str:
    return str(current_app.config["TRACKER_BACKUP_DIR"])


def _disk(folder: str) -> Disk:
    there = next(path for path in (Path(folder), *Path(folder).parents) if path.exists())
    usage = shutil.disk_usage(there)
    return Disk(folder, usage.free, usage.total)


def faults() -> dict[str, str]:
    """What keeps this process from serving anybody, by part; empty when it is ready."""
    found: dict[str, str] = {}
    try:
        schema = backups.find_revision(db.session())
    except (SQLAlchemyError, Misplaced):
        found["database"] = "unreachable"
    else:
        if not _is_current(schema):
            found["schema"] = "older than the program: run db upgrade"
    if not _can_keep_files():
        found["files"] = "not writable"
    return found


def _can_keep_files() -> bool:
    try:
        return os.access(files.folder(), os.W_OK)
    except OSError:
        return False


def _is_current(schema: str) -> bool:
    """A schema that this program does not know is of a newer one, which only widened it."""
    return bool(schema) and (schema == revisions()[0] or schema not in revisions())
