"""Runs the migrations on an engine of its own: the application's only reads unless ``writing`` began it.

One upgrade at a time, in one transaction: servers may start together, and one that is killed leaves nothing half done.
"""

from pathlib import Path

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine, create_engine, inspect, pool, text
from sqlalchemy.orm import Session

from tracker.audit.models import TRIGGERS
from tracker.core import clock
from tracker.core.db import Base
from tracker.core.errors import DomainError
from tracker.core.releases import revisions, version
from tracker.core.sqlite_file import ensure_nothing_left_of, identify
from tracker.workdays.operations import fill
from tracker.workdays.rules import YEARS_AHEAD

# What an upgrade of SQLite waits for another one, or for whoever writes.
PATIENCE_MS = 600_000


def run(engine: Engine) -> None:
    """Upgrade one database. On SQLite foreign keys stay off meanwhile, and are checked before the commit."""
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        ensure_nothing_left_of(Path(str(engine.url.database)))
        if not is_upgrade():
            identify(Path(str(engine.url.database)))
    with engine.connect() as connection:
        lock(connection)
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=is_sqlite)
        ensure_known(*context.get_context().get_current_heads())
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


def is_upgrade() -> bool:
    """Whether the database is to come somewhere; whoever only looks (``current``, ``check``) makes none."""
    try:
        context.get_revision_argument()
    except KeyError:
        return False
    return True


def ensure_known(*heads: str) -> None:
    """Raise DomainError when the database has come to a migration that this program does not have."""
    if not {*heads} <= {*revisions()}:
        raise DomainError(
            f"数据库已由较新的版本升级（表结构 {'、'.join(heads)}），这里的 {version()} 不认识，没有改动。"
            "请安装那个或更新的版本；要退回这个版本，请用它恢复升级前的备份。\n"
            f"The database was upgraded by a newer version than {version()}, and was left as it is: install that one or a "
            "newer one, or go back by restoring the backup from before the upgrade with this one."
        )


def lock(connection: Connection) -> None:
    """Begin, and keep other upgrades out until the commit."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(20210923)"))
        return
    # Python's own would begin only at the first row that is written, and commit each change of a table by itself.
    connection.connection.driver_connection.isolation_level = None
    for statement in (f"PRAGMA busy_timeout={PATIENCE_MS}", "PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE"):
        connection.exec_driver_sql(statement)


url = current_app.config["SQLALCHEMY_DATABASE_URI"]
engine = create_engine(url, poolclass=pool.NullPool)
run(engine)
