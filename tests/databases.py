"""A database whose schema another version has brought further, or not so far."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import text

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
