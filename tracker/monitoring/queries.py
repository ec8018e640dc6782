"""What the database tells of itself."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tracker.audit.models import AuditHead
from tracker.backups.models import Backup
from tracker.backups.rules import BackupState
from tracker.work.models import JobRun


class Signs(NamedTuple):
    """When a scheduler last beat, how the last backup stands, since when a verified one is waited for, the last record.

    ``hindrance`` is what is said of the last backup, also of one whose trial something stands in the way of.

    It is waited for since the last verified one was taken, by its number, since clocks may be put back; before there is
    one, since the first that was tried.
    """

    beat_at: datetime | None
    backup: BackupState | None
    hindrance: str | None
    waits_since: datetime | None
    recorded_at: datetime | None


def find_signs(session: Session) -> Signs:
    """What every page of an administrator asks, in one query."""
    newest = select(Backup.taken_at).order_by(Backup.id.desc()).limit(1)
    verified_at = newest.where(Backup.state == BackupState.VERIFIED).scalar_subquery()
    first_at = select(func.min(Backup.taken_at)).scalar_subquery()
    parts = (
        select(func.max(JobRun.heartbeat_at)),
        select(Backup.state).order_by(Backup.id.desc()).limit(1),
        select(Backup.failure).order_by(Backup.id.desc()).limit(1),
        select(func.coalesce(verified_at, first_at)),
        select(AuditHead.recorded_at),
    )
    return Signs(*session.execute(select(*(part.scalar_subquery() for part in parts))).one())


def describe(session: Session) -> str:
    """What the database is and of which version, e.g. ``PostgreSQL 16.4``."""
    if session.get_bind().dialect.name == "postgresql":
        return f"PostgreSQL {session.scalar(text('SHOW server_version'))}"
    return f"SQLite {session.scalar(text('SELECT sqlite_version()'))}"
