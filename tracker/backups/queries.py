"""Counting what a database holds, whatever schema it has."""

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session


def list_tables(session: Session) -> list[str]:
    """The tables that are there, by name."""
    return sorted(inspect(session.connection()).get_table_names())


def count_rows(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    counted = ((name, session.scalar(text(f'SELECT count(*) FROM "{name}"'))) for name in list_tables(session))
    return {name: int(count or 0) for name, count in counted}


def find_revision(session: Session) -> str:
    """The migration that the schema has come to."""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")) or "")
