"""A database that somebody else than the program has changed: its owner, or another version of the program."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from flask import Flask
from sqlalchemy import Connection, text

from tracker.core.db import WRITING, db


@contextmanager
def revised(app: Flask, revision: str) -> Iterator[None]:
    """Let the database say that its schema has come to another migration."""
    with app.app_context():
        head = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        db.session.remove()
    _revise(app, revision)
    try:
        yield
    finally:
        _revise(app, head)


def _revise(app: Flask, revision: str) -> None:
    with app.app_context(), db.engine.connect().execution_options(**WRITING, postgresql_readonly=False) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
        connection.commit()


@contextmanager
def behind_the_back() -> Iterator[Connection]:
    """A connection of somebody who owns the database: no trigger stops it."""
    engine = db.engine
    with engine.connect().execution_options(writes=True, postgresql_readonly=False) as connection:
        if engine.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS audit_entry_no_{verb}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        connection.commit()


@contextmanager
def impatient_server() -> Iterator[None]:
    """Let PostgreSQL end every transaction of the test database that stands idle for 200 ms."""
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def tell(words: str) -> None:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(f"ALTER DATABASE {db.engine.url.database} {words}")  # type: ignore[call-overload]
        db.session.remove()
        db.engine.dispose()

    tell("SET idle_in_transaction_session_timeout = '200ms'")
    try:
        yield
    finally:
        tell("RESET idle_in_transaction_session_timeout")
