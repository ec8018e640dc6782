"""Counting what a database holds, whatever schema it has; the backups that were taken by themselves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, inspect, or_, select, text
from sqlalchemy.orm import Session

from tracker.backups.models import Backup
from tracker.backups.rules import AGAIN_AFTER, BackupState
from tracker.core.sql import has_run_out


def list_tables(session: Session) -> list[str]:
    """The tables that are there, by name."""
    return sorted(inspect(session.connection()).get_table_names())


def count_rows(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    counted = ((name, session.scalar(text(f'SELECT count(*) FROM "{name}"'))) for name in list_tables(session))
    return {name: int(count or 0) for name, count in counted}


def find_revision(session: Session) -> str:
    """The migration that the schema has come to; empty before the first."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return ""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")) or "")


def database_bytes(session: Session) -> int:
    """How large the database is on its disk."""
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages, size = (session.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "page_size"))
    return int(pages or 0) * int(size or 0)


def find_last(session: Session) -> Backup | None:
    """The backup that was tried last, done or not; by its number, since clocks may be put back."""
    return session.scalar(select(Backup).order_by(Backup.id.desc()).limit(1))


def find_verified(session: Session) -> Backup | None:
    """The last one that is known to work."""
    verified = select(Backup).where(Backup.state == BackupState.VERIFIED)
    return session.scalar(verified.order_by(Backup.id.desc()).limit(1))


def find_untried(session: Session, *, now: datetime) -> Backup | None:
    """The oldest one that was taken and not tried to the end; one whose trial was hindered rests for a while."""
    rested = has_run_out(Backup.verified_at, now - AGAIN_AFTER, longest=2 * AGAIN_AFTER)
    untried = select(Backup).where(Backup.state == BackupState.TAKEN, or_(Backup.verified_at.is_(None), rested))
    return session.scalar(untried.order_by(Backup.id).limit(1))


def get_backup(session: Session, backup_id: int) -> Backup:
    """A backup by its id."""
    return session.get_one(Backup, backup_id)


def list_kept(session: Session) -> Sequence[Backup]:
    """Those whose file lies in the folder."""
    kept = (BackupState.TAKEN, BackupState.VERIFIED, BackupState.BROKEN)
    return session.scalars(select(Backup).where(Backup.state.in_(kept)).order_by(Backup.id)).all()


def list_made(session: Session) -> Sequence[Backup]:
    """Those whose file should lie in the folder, or did until it was gone; also of one that was cut off."""
    made = or_(Backup.size_bytes > 0, Backup.state == BackupState.TAKEN)
    query = select(Backup).where(made, Backup.state != BackupState.DROPPED)
    return session.scalars(query.order_by(Backup.id)).all()


def list_backups(session: Session, *, limit: int = 20) -> Sequence[Backup]:
    """The last ones, the newest first."""
    return session.scalars(select(Backup).order_by(Backup.id.desc()).limit(limit)).all()


def last_size(session: Session) -> int | None:
    """How large the last backup was that was taken; None before the first."""
    last = select(func.max(Backup.id)).where(Backup.size_bytes > 0).scalar_subquery()
    return session.scalar(select(Backup.size_bytes).where(Backup.id == last))
