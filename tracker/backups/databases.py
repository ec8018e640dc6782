"""Copying a database out while others write, and putting a copy into an empty one: by SQLite itself, or by pg_dump."""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import DatabaseError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from tracker.backups.queries import find_revision, list_tables
from tracker.core.db import signs_of_life, take_time
from tracker.core.errors import Busy, Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.parents import ending_with_parent
from tracker.core.sqlite_file import ensure_nothing_left_of

# What a client of PostgreSQL passes on when the server takes nothing just now; of those words it knows no code.
HINDRANCES = ("No space left on device", "设备上没有空间", "Disk quota exceeded", "超出磁盘限额", "FATAL:", "致命错误:")
JOURNALS = ("-wal", "-shm", "-journal")


class Database(ABC):
    """The database of the program, from outside."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @abstractmethod
    def copied(self, target: Path) -> AbstractContextManager[Session]:
        """Copy everything to a file; inside, a session that sees exactly what the copy holds."""

    @abstractmethod
    def staged(self, copy: Path) -> AbstractContextManager[Session]:
        """Put a copy where it can be read before it counts; what is raised inside leaves the place empty."""

    @abstractmethod
    def tried(self, copy: Path) -> AbstractContextManager[Session]:
        """Restore a copy into a place of its own that is gone afterwards, and read it there.

        Raises DomainError for a copy that cannot be restored, Busy where any other one could not be either.
        """

    def is_empty(self) -> bool:
        """Whether there is no table yet."""
        with Session(self.engine) as session:
            return not list_tables(session)

    def ensure_empty(self) -> None:
        """Raises Conflict when there is a table."""
        if not self.is_empty():
            raise Conflict(_l("这里已有数据，备份只能恢复到空的数据库和空的数据目录。"))

    def revision(self) -> str:
        """The migration that its schema has come to; empty before the first."""
        with Session(self.engine) as session:
            return find_revision(session)


class Sqlite(Database):
    """A file; its copy is a file of the same kind."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(str(self.engine.url.database))

    def is_empty(self) -> bool:
        """Whether there is no table, or no file, which is not made to find out."""
        ensure_nothing_left_of(self.path)
        return not self.path.exists() or super().is_empty()

    @contextmanager
    def copied(self, target: Path) -> Iterator[Session]:
        """By SQLite's own means: one frozen view of it, while others go on writing."""
        target.unlink(missing_ok=True)
        with damage_told(damage_of(self.path)):
            with closing(sqlite3.connect(self.path, timeout=30)) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
            with _session_on(target) as session:
                yield session

    @contextmanager
    def staged(self, copy: Path) -> Iterator[Session]:
        """It is read where it lies and moved into its place in the end, in one step."""
        with self.tried(copy) as session:
            yield session
        # All that took its time; somebody may have begun here meanwhile.
        self.ensure_empty()
        self.engine.dispose()
        for suffix in ("", *JOURNALS):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        os.replace(copy, self.path)

    @contextmanager
    def tried(self, copy: Path) -> Iterator[Session]:
        """Where it lies, page by page."""
        damaged = _l("备份中的数据库已损坏。")
        with damage_told(damaged):
            with closing(sqlite3.connect(copy)) as connection:
                if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    raise DomainError(damaged)
            with _session_on(copy) as session:
                yield session


class Postgres(Database):
    """A server; its copy is what pg_dump writes in its own form."""

    @contextmanager
    def copied(self, target: Path) -> Iterator[Session]:
        """The transaction that counts exports its snapshot, and pg_dump reads by the same one."""
        with Session(self.engine) as session:
            take_time(session)
            snapshot = session.scalar(text("SELECT pg_export_snapshot()"))
            options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
            self._run("pg_dump", *options)
            yield session

    @contextmanager
    def staged(self, copy: Path) -> Iterator[Session]:
        """In one transaction; when what came is not what was told, the database is emptied again."""
        self._restore(copy, self.engine.url)
        try:
            with Session(self.engine) as session:
                yield session
        except BaseException:
            with self._administering() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
            raise

    @contextmanager
    def tried(self, copy: Path) -> Iterator[Session]:
        """In a database of its own on the same server; one trial at a time, and what a kill left goes first."""
        trial = self._trial()
        with self._administering() as connection:
            connection.execute(text("SELECT pg_advisory_lock(20210924)"))
            connection.execute(text(f"DROP DATABASE IF EXISTS {trial} WITH (FORCE)"))
            try:
                connection.execute(text(f"CREATE DATABASE {trial} TEMPLATE template0"))
            except ProgrammingError as error:
                message = _l("数据库账号没有建库权限，无法试恢复。请由数据库管理员执行：ALTER ROLE 账号 CREATEDB。")
                raise Busy(message) from error
            try:
                url = self.engine.url.set(database=trial)
                self._restore(copy, url)
                with _session_on(url) as session:
                    yield session
            finally:
                connection.execute(text(f"DROP DATABASE IF EXISTS {trial} WITH (FORCE)"))

    def _trial(self) -> str:
        """Its name is like no other's: several organs may share the server, and the lock holds within one of them."""
        return f"rectify_backup_trial_{hashlib.sha256(str(self.engine.url.database).encode()).hexdigest()[:16]}"

    @contextmanager
    def _administering(self) -> Iterator[Connection]:
        """A connection of an engine of its own: the program's only reads unless ``writing`` began it."""
        url = self.engine.url
        told = signs_of_life(url)
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args=told)
        with engine.connect() as connection:
            yield connection

    def _restore(self, copy: Path, url: URL) -> None:
        how = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        self._run("pg_restore", *how, str(copy), url=url)

    def _run(self, name: str, *options: str, url: URL | None = None) -> None:
        from psycopg.conninfo import make_conninfo

        program = shutil.which(name)
        if program is None:
            message = _l("找不到 %(program)s，请安装与数据库同版本的 PostgreSQL 客户端并放入 PATH。", program=name)
            raise Busy(message)
        # As the driver would be told, several hosts included.
        url = url or self.engine.url
        _none, named = self.engine.dialect.create_connect_args(url)
        told: dict[str, Any] = {**signs_of_life(url)}
        if name == "pg_restore":
            # Much is sent, and a server that lives may take none of it for a while.
            told.pop("tcp_user_timeout", None)
        told.update(named)
        # The password goes by the environment: whoever lists processes sees their words.
        password, _adapters = told.pop("password", None), told.pop("context", None)
        environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
        command = [program, *options, f"--dbname={make_conninfo(**told)}"]
        # Of a killed command no part works on: a restoration would otherwise end after somebody began another.
        how = ending_with_parent(signal.SIGKILL)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, preexec_fn=how)
        if done.returncode:
            message = _l("%(program)s 失败：%(why)s", program=name, why=done.stderr.strip()[-1000:])
            is_hindered = done.returncode < 0 or any(words in done.stderr for words in HINDRANCES)
            raise Busy(message) if is_hindered else DomainError(message)


def database_of(engine: Engine) -> Database:
    """The database behind an engine."""
    return Sqlite(engine) if engine.dialect.name == "sqlite" else Postgres(engine)


def damage_of(path: object) -> object:
    """What is said of a file of SQLite that cannot be read."""
    return _l("数据库文件 %(file)s 已损坏。", file=path)


@contextmanager
def damage_told(words: object) -> Iterator[None]:
    """Raises DomainError with these words when SQLite says that a file is damaged, for which it has no nearer error."""
    try:
        yield
    except (sqlite3.DatabaseError, DatabaseError) as error:
        if type(getattr(error, "orig", error)) is not sqlite3.DatabaseError:
            raise
        raise DomainError(words) from error


@contextmanager
def _session_on(place: Path | URL) -> Iterator[Session]:
    if isinstance(place, Path):
        engine = create_engine(f"sqlite:///{place}")
    else:
        engine = create_engine(place, connect_args=signs_of_life(place))
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()
