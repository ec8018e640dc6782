"""Taking a backup, trying it and putting one back; whole or not at all."""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.audit.operations import verify_trail
from tracker.backups.databases import Database, database_of
from tracker.backups.manifest import Manifest, read_manifest, too_new
from tracker.backups.models import Backup
from tracker.backups.packing import DATABASE, pack, sha256_of, unpack
from tracker.backups.queries import count_rows, find_revision
from tracker.backups.rules import BackupState
from tracker.core import clock, files
from tracker.core.db import db
from tracker.core.errors import Busy, Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.queries import list_hashes
from tracker.core.releases import revisions, version

# What may go wrong with a backup: it is told, noted and tried again, and no fault of the program.
TROUBLE = (DomainError, OSError, sqlite3.Error, SQLAlchemyError)
UNFINISHED = ".unfinished"
RESTORING = ".restoring"
TRYING = ".trying-"


def back_up(target: Path) -> Manifest:
    """Write database and evidence into one file that bears its name only when it is whole.

    The database is copied first and the files that this copy names after it, so that none is missing while people go
    on. Those that only the object store has are fetched one by one, checked, and kept nowhere else. Raises
    DomainError when the folder cannot be written, Conflict when the target is there already or the object store has
    something else under a hash, Busy when it does not answer.
    """
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise DomainError(_l("文件夹 %(folder)s 不存在或不能写入，请换一个。", folder=target.parent))
    if target.exists():
        raise Conflict(_l("%(file)s 已存在，不会覆盖，请换一个名称。", file=target))
    # Two may be taken in one second, and so under one name: each whole.
    own = f".{target.name}.{secrets.token_hex(4)}"
    unfinished, copy = target.with_name(f"{own}{UNFINISHED}"), target.with_name(f"{own}.{DATABASE}")
    database = database_of(db.engine)
    try:
        with database.copied(copy) as session:
            named = list_hashes(session)
            stored = files.sizes(named)
            told = _tell(session, copy, stored, missing=sorted(named - stored.keys()))
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            pack(stream, copy, sorted(stored), told.to_json(), lent=files.lent)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(unfinished, target)
        files.sync_folder(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)
        copy.unlink(missing_ok=True)
    return told


def _tell(session: Session, copy: Path, stored: Mapping[str, int], *, missing: list[str]) -> Manifest:
    _count, head, breaks = verify_trail(session)
    return Manifest(
        taken_at=clock.now().isoformat(),
        dialect=db.engine.dialect.name,
        revision=find_revision(session),
        database_sha256=sha256_of(copy),
        rows=count_rows(session),
        head=head,
        files=len(stored),
        size_bytes=sum(stored.values()),
        missing=missing,
        version=version(),
        breaks=len(breaks),
    )


def restore(source: Path) -> Manifest:
    """Put a backup into an empty place: no table, no file but its own; nothing counts before it was held against its
    manifest.

    Raises Conflict for a place that is not empty, or where another one is being put, DomainError for a backup that is
    not whole or not what it says, Busy when the object store does not take its files; what it took already harms
    nobody there.
    """
    database = database_of(db.engine)
    db.session.remove()
    with _alone(), _staging(database) as staging:
        with source.open("rb") as stream:
            manifest, sizes = unpack(stream, staging)
        told, copy = read_manifest(manifest), staging / DATABASE
        _check_known(told)
        _check_whole(told, copy, sizes)
        # The database comes last: without it the files are nobody's.
        with _placed(staging / "files", sizes.keys(), database), database.staged(copy) as session:
            _check_same(told, session)
    return told


def verify(source: Path) -> Manifest:
    """Restore a backup into a scratch place and hold it against its manifest; nothing of the running system is touched.

    Every file is read against its hash and kept nowhere. Raises DomainError for a backup that is not whole or not
    what it says; what ``is_hindrance`` holds of says nothing about the backup.
    """
    with TemporaryDirectory(prefix=TRYING, dir=current_app.config["TRACKER_DATA_DIR"]) as folder:
        with source.open("rb") as stream:
            manifest, sizes = unpack(stream, Path(folder), keeps_files=False)
        told, copy = read_manifest(manifest), Path(folder) / DATABASE
        _check_known(told)
        _check_whole(told, copy, sizes)
        with database_of(db.engine).tried(copy) as session:
            _check_same(told, session)
    return told


def is_hindrance(trouble: BaseException) -> bool:
    """Whether something else than the backup kept it from being tried: no room for it, no database, no right."""
    return not isinstance(trouble, DomainError) or isinstance(trouble, Busy)


def note_begun(name: str, *, taken_at: datetime) -> Backup:
    """Note a backup that is being taken: whatever ends it, its file is somebody's."""
    now = clock.now()
    backup = Backup(file_name=name, state=BackupState.TAKEN, taken_at=taken_at, finished_at=now)
    db.session.add(backup)
    return backup


def note_taken(backup: Backup, told: Manifest, *, size_bytes: int) -> None:
    """Note what is in it; it is still to be tried."""
    backup.finished_at, backup.size_bytes = clock.now(), size_bytes
    backup.rows, backup.files, backup.head = sum(told.rows.values()), told.files, told.head


def note_failed(backup: Backup, failure: str) -> None:
    """Note that it could not be taken, and why."""
    backup.state, backup.failure, backup.finished_at = BackupState.FAILED, failure, clock.now()


def note_tried(backup: Backup, failure: str) -> None:
    """Note what came of restoring it; ``failure`` is empty when it is what it says."""
    backup.state = BackupState.BROKEN if failure else BackupState.VERIFIED
    backup.failure, backup.verified_at = failure, clock.now()


def note_hindered(backup: Backup, hindrance: str) -> None:
    """Note what kept it from being tried; it is as good as before, and still to be tried."""
    backup.failure, backup.verified_at = hindrance, clock.now()


def note_file(backup: Backup, *, is_there: bool) -> None:
    """Note that its file is gone from the folder, or there again: then it is to be tried as a new one is."""
    backup.state = BackupState.TAKEN if is_there else BackupState.FAILED
    backup.failure, backup.verified_at = "", None


def note_dropped(backup: Backup) -> None:
    """Note that its file has had its time."""
    backup.state = BackupState.DROPPED


@contextmanager
def _alone() -> Iterator[None]:
    """Raises Conflict while somebody else is in here; a lock of SQLite does on every platform, and goes with a kill."""
    path = Path(current_app.config["TRACKER_DATA_DIR"]) / f"{RESTORING}.lock"
    lock = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise Conflict(_l("这里正在恢复另一份备份，请等它结束。")) from error
    try:
        yield
    finally:
        lock.close()
        path.unlink(missing_ok=True)


@contextmanager
def _staging(database: Database) -> Iterator[Path]:
    """A folder beside the store, gone afterwards; what a restoration left there that was cut off goes first."""
    staging = Path(current_app.config["TRACKER_DATA_DIR"]) / RESTORING
    database.ensure_empty()
    if staging.exists():
        shutil.rmtree(staging)
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging)


def _check_known(told: Manifest) -> None:
    """A schema that this program does not know is of a newer one, unless the database here has come to it as well."""
    if told.revision in revisions():
        return
    database = database_of(db.engine)
    if database.is_empty() or told.revision != database.revision():
        raise too_new(told)


def _check_whole(told: Manifest, copy: Path, sizes: dict[str, int]) -> None:
    if told.dialect != db.engine.dialect.name:
        message = _l(
            "备份来自 %(theirs)s，这里是 %(ours)s，不能在这里恢复。", theirs=told.dialect, ours=db.engine.dialect.name
        )
        raise DomainError(message)
    if sha256_of(copy) != told.database_sha256:
        raise DomainError(_l("备份中的数据库已损坏。"))
    if (len(sizes), sum(sizes.values())) != (told.files, told.size_bytes):
        raise DomainError(
            _l("备份中的佐证材料不全：应有 %(told)d 个，实有 %(found)d 个。", told=told.files, found=len(sizes))
        )


def _check_same(told: Manifest, session: Session) -> None:
    """What was read back must be what was told: every count, the chain of the trail and its end, every file."""
    rows = count_rows(session)
    if rows != dict(told.rows):
        wrong = sorted(name for name in {*rows, *told.rows} if rows.get(name) != told.rows.get(name))
        raise DomainError(_l("恢复后的行数与备份时不符：%(tables)s。", tables="、".join(wrong)))
    _count, head, breaks = verify_trail(session)
    if (head, len(breaks)) != (told.head, told.breaks):
        raise DomainError(_l("恢复后的操作日志与备份时不符。"))


@contextmanager
def _placed(staged: Path, names: Set[str], database: Database) -> Iterator[None]:
    """The files of a backup in the store. What one that was cut off had placed there is the same, and placed again.

    Raises Conflict where others lie, for they are somebody's. Where no database comes after them, the new ones go.
    """
    there = {path.name for path in files.folder().rglob("*") if path.is_file()}
    if others := there - names:
        message = _l(
            "数据目录中已有文件，其中 %(n)d 个不在这份备份里，不会覆盖：请先把 files 文件夹移到别处。", n=len(others)
        )
        raise Conflict(message)
    try:
        _place(staged)
        yield
    except BaseException:
        # Whoever has made tables meanwhile may name them as well.
        if database.is_empty():
            for name in names - there:
                (files.folder() / name[:2] / name).unlink(missing_ok=True)
        raise


def _place(staged: Path) -> None:
    """Into the store, one after the other; into the object store before."""
    for path in sorted(staged.iterdir()) if staged.exists() else ():
        target = files.folder() / path.name
        target.mkdir(exist_ok=True)
        for file in sorted(path.iterdir()):
            files.hand_over(file, file.name)
            os.replace(file, target / file.name)
        files.sync_folder(target)
    files.sync_folder(files.folder())
