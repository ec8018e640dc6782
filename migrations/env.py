"""Runs the migrations on an engine of its own: the application's only reads unless ``writing`` began it."""

from alembic import context
from flask import current_app
from sqlalchemy import Engine, create_engine, inspect, pool, text
from sqlalchemy.orm import Session

from tracker.audit.models import TRIGGERS
from tracker.core import clock
from tracker.core.db import Base
from tracker.workdays.operations import fill
from tracker.workdays.rules import YEARS_AHEAD


def run(engine: Engine) -> None:
    """Upgrade one database. On SQLite foreign keys stay off meanwhile, and are checked before the commit."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            connection.execute(text("PRAGMA foreign_keys=OFF"))
            connection.commit()
        else:
            # One upgrade at a time, however many servers start at once.
            connection.execute(text("SELECT pg_advisory_xact_lock(20210923)"))
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=is_sqlite)
        with context.begin_transaction():
            context.run_migrations()
            if inspect(connection).has_table("audit_entry"):
                for trigger in TRIGGERS[engine.dialect.name]:
                    connection.execute(text(trigger))
            if inspect(connection).has_table("calendar_day"):
                # A newer package may know the holidays of more years.
                fill(Session(connection), clock.today().year + YEARS_AHEAD)
            if is_sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).fetchall()):
                raise RuntimeError(f"rows without their parent after the upgrade: {broken[:5]}")
        connection.commit()


url = current_app.config["SQLALCHEMY_DATABASE_URI"]
engine = create_engine(url, poolclass=pool.NullPool)
run(engine)
