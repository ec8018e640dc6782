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
    """When a scheduler last beat, how the last backup stands, when the last verified one was taken, the last record."""

    beat_at: datetime | None
    backup: BackupState | None
    verified_at: datetime | None
    recorded_at: datetime | None


def find_signs(session: Session) -> Signs:
    """What every page of an administrator asks, in one query."""
    verified = select(func.max(Backup.taken_at)).where(Backup.state == BackupState.VERIFIED)
    parts = (
        select(func.max(JobRun.heartbeat_at)),
        select(Backup.state).order_by(Backup.id.desc()).limit(1),
        verified,
        select(AuditHead.recorded_at),
    )
    return Signs(*session.execute(select(*(part.scalar_subquery() for part in parts))).one())


def describe(session: Session) -> str:
    """What the database is and of which version, e.g. ``PostgreSQL 16.4``."""
    if session.get_bind().dialect.name == "postgresql":
        return f"PostgreSQL {session.scalar(text('SHOW server_version'))}"
    return f"SQLite {session.scalar(text('SELECT sqlite_version()'))}"
