"""The database: base class, column types and the one place that begins, commits and rolls back."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, DateTime, Engine, Enum, MetaData, String, event, text
from sqlalchemy.engine import URL, Connection, Dialect, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from tracker.core import hooks, sqlite_file
from tracker.core.errors import Busy, Conflict
from tracker.core.i18n import lazy_gettext as _l

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
FOREVER_DAY = date(9999, 12, 31)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive instant {value!r}")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables. Constraints are named so that migrations can find them again."""

    registry = registry(type_annotation_map={datetime: Instant(), str: String()})
    metadata = MetaData(naming_convention=NAMING)


def code(enum: type[StrEnum], name: str) -> Enum:
    """A column type for a StrEnum: stored by value, guarded by a CHECK called ``name``."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def length_check(column: str, limit: int) -> CheckConstraint:
    """A CHECK that a text column holds at most ``limit`` characters (SQLite ignores VARCHAR's length)."""
    return CheckConstraint(f"length({column}) <= {limit}", name=f"{column}_length")


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True, session_options={"expire_on_commit": False})

# How what a database says begins: SQLite speaks English alone, PostgreSQL the language of its server, but tells a code.
BUSY = ("database is locked", "database table is locked", "40P01")
FULL = ("database or disk is full", "53100")
TAKEN = ("UNIQUE constraint failed", "23505")
UNMADE = ("no such table", "no such column", "42P01", "42703")
DISK_FULL = _l("服务器磁盘已满，这次没有保存，您的内容没有丢失。请联系系统管理员清理磁盘后再提交一次。")

READING: dict[str, Any] = {"writes": False}
WRITING: dict[str, Any] = {"writes": True}
# How long a transaction of SQLite waits for the one that writes.
PATIENCE_MS = 30_000
# By these a server of PostgreSQL that is gone without a word (a dead host, a firewall that forgot the connection) is
# noticed within seconds, where the system would wait for a quarter of an hour. No statement is cut off, however long:
# a living server answers for its connection meanwhile. Sockets of the same machine take no notice of them.
SIGNS_OF_LIFE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 8_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


def engine_options(url: str) -> dict[str, Any]:
    """Options under which every transaction only reads unless ``writing`` began it.

    PostgreSQL reads a frozen snapshot (count and list agree) and refuses a write outside ``writing``;
    SQLite refuses it by ``query_only``. What people typed, and hashes, stay out of the texts of errors, and so of
    the log. How soon a server counts as gone is what the address tells, else what SIGNS_OF_LIFE does.
    """
    if url.startswith("sqlite"):
        return {"execution_options": READING, "connect_args": {"timeout": 30}, "hide_parameters": True}
    return {
        "connect_args": signs_of_life(make_url(url)),
        "hide_parameters": True,
        "execution_options": READING | {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
        "pool_pre_ping": True,
    }


def signs_of_life(url: URL) -> dict[str, int]:
    """Those of SIGNS_OF_LIFE that the address of a PostgreSQL server does not tell itself."""
    return {name: value for name, value in SIGNS_OF_LIFE.items() if name not in url.query}


def listen(engine: Engine) -> None:
    """Give SQLite real transactions, foreign keys and WAL, and choose its kind of BEGIN; follow its file."""
    if engine.dialect.name != "sqlite":
        return
    sqlite_file.follow(engine, Path(str(engine.url.database)))

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", f"busy_timeout={PATIENCE_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writes = options.get("writes", False)
        connection.exec_driver_sql(f"PRAGMA busy_timeout={options.get('patience_ms', PATIENCE_MS)}")
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@event.listens_for(Session, "before_flush")
def _ask_before_flush(session: Session, _context: Any, _instances: Any) -> None:
    hooks.call("before_flush", session)


@contextmanager
def writing() -> Iterator[None]:
    """One writing transaction: committed at the end, rolled back whole when anything is raised.

    Whatever was read before is forgotten and read again under the writer's lock. The hook
    ``before_commit`` runs last, inside it. Raises Conflict when somebody else changed the same row
    first, Busy when the database stays locked or two waited for each other.
    """
    with _transaction(WRITING) as session:
        yield
        _conclude(session)


@contextmanager
def writing_if_free() -> Iterator[None]:
    """The same for what may as well be done another time: raises Busy at once where somebody writes to SQLite."""
    with _transaction(WRITING | {"patience_ms": 0}) as session:
        yield
        _conclude(session)


def _conclude(session: Session) -> None:
    session.flush()
    hooks.call("before_commit", session)
    session.commit()


@contextmanager
def trying() -> Iterator[None]:
    """A writing transaction that is always rolled back: to see what a change would do. Raises as ``writing`` does."""
    with _transaction(WRITING) as session:
        yield
        session.rollback()
        hooks.call("after_rollback", session)


@contextmanager
def _transaction(options: dict[str, Any]) -> Iterator[Session]:
    session = db.session()
    session.rollback()
    # What an earlier transaction of this session left loaded may be old by now.
    session.expire_all()
    if session.get_bind().dialect.name == "postgresql":
        options = options | {"isolation_level": "READ COMMITTED", "postgresql_readonly": False}
    try:
        session.connection(execution_options=options)
        yield session
    except BaseException as error:
        session.rollback()
        hooks.call("after_rollback", session)
        refusal = _refusal(error)
        if refusal is error:
            raise
        raise refusal from error


def _refusal(error: BaseException) -> BaseException:
    """The refusal a person can understand for an error of the database, else the error itself."""
    if isinstance(error, StaleDataError):
        return Conflict(_l("您提交之前，别人已经修改了这条记录。请刷新页面查看最新内容后再提交。"))
    if says(error, BUSY):
        return Busy(_l("系统正忙，您的内容没有丢失，请稍后再提交一次。"))
    if is_disk_full(error):
        return Busy(DISK_FULL)
    if says(error, TAKEN):
        return Conflict(_l("这条内容刚刚已由别人提交，请刷新页面查看。"))
    return error


def is_disk_full(error: BaseException) -> bool:
    """Whether a disk has no room left: that of the database, or of the files."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return says(error, FULL)


def says(error: BaseException, reason: tuple[str, ...]) -> bool:
    """Whether an error is what a database says for one of the reasons above."""
    if not isinstance(error, DBAPIError):
        return False
    said: str = getattr(error.orig, "sqlstate", None) or str(error.orig)
    return said.startswith(reason)


def take_time(session: Session) -> None:
    """Let a transaction that reads stand idle while work takes its time; a server may be told to end such ones."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def refresh_statistics() -> None:
    """Let SQLite look at its tables, so that it chooses the right index; PostgreSQL does so by itself.

    Without it a list of 100,000 items took five times as long. To be called in a writing transaction.
    """
    connection = db.session().connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")
