"""What the database tells of itself."""

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session


def find_schema(session: Session) -> str:
    """The migration that the schema has come to; empty before the first."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return ""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")) or "")


def describe(session: Session) -> str:
    """What the database is and of which version, e.g. ``PostgreSQL 16.4``."""
    if session.get_bind().dialect.name == "postgresql":
        return f"PostgreSQL {session.scalar(text('SHOW server_version'))}"
    return f"SQLite {session.scalar(text('SELECT sqlite_version()'))}"
