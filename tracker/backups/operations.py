"""Taking a backup, trying it and putting one back; whole or not at all."""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import current_app
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
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.queries import list_hashes
from tracker.core.releases import revisions, version

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
    return Manifest(
        taken_at=clock.now().isoformat(),
        dialect=db.engine.dialect.name,
        revision=find_revision(session),
        database_sha256=sha256_of(copy),
        rows=count_rows(session),
        head=verify_trail(session)[1],
        files=len(stored),
        size_bytes=sum(stored.values()),
        missing=missing,
        version=version(),
    )


def restore(source: Path) -> Manifest:
    """Put a backup into an empty place: no table, no file; nothing counts before it was held against its manifest.

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
        # The database comes last: without it the files are nobody's, and the next attempt clears them away.
        _place_files(staging / "files")
        with database.staged(copy) as session:
            _check_same(told, session)
    return told


def verify(source: Path) -> Manifest:
    """Restore a backup into a scratch place and hold it against its manifest; nothing of the running system is touched.

    Every file is read against its hash and kept nowhere. Raises DomainError for a backup that is not whole or not
    what it says.
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


def note_taken(name: str, told: Manifest, *, taken_at: datetime, size_bytes: int) -> None:
    """Note a backup that was taken by itself and is still to be tried."""
    counted = {"rows": sum(told.rows.values()), "files": told.files, "head": told.head}
    _note(name, BackupState.TAKEN, taken_at, size_bytes=size_bytes, **counted)


def note_failed(name: str, failure: str, *, taken_at: datetime) -> None:
    """Note a backup that could not be taken, and why."""
    _note(name, BackupState.FAILED, taken_at, failure=failure)


def note_tried(backup: Backup, failure: str) -> None:
    """Note what came of restoring it; ``failure`` is empty when it is what it says."""
    backup.state = BackupState.BROKEN if failure else BackupState.VERIFIED
    backup.failure, backup.verified_at = failure, clock.now()


def note_file(backup: Backup, *, is_there: bool) -> None:
    """Note that its file is gone from the folder, or there again: then it is to be tried as a new one is."""
    backup.state = BackupState.TAKEN if is_there else BackupState.FAILED
    backup.failure = ""


def note_dropped(backup: Backup) -> None:
    """Note that its file has had its time."""
    backup.state = BackupState.DROPPED


def _note(name: str, state: BackupState, taken_at: datetime, **values: Any) -> None:
    db.session.add(Backup(file_name=name, state=state, taken_at=taken_at, finished_at=clock.now(), **values))


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
    """A folder beside the store, gone afterwards. One that is still there tells of a restoration that was cut off.

    Then the database is still empty, and the files that it had placed already are nobody's.
    """
    staging = Path(current_app.config["TRACKER_DATA_DIR"]) / RESTORING
    database.ensure_empty()
    if staging.exists():
        shutil.rmtree(staging)
        shutil.rmtree(files.folder())
    if any(path.is_file() for path in files.folder().rglob("*")):
        raise Conflict(_l("数据目录中已有文件，备份只能恢复到空的数据库和空的数据目录。"))
    staging.mkdir()
    try:
        yield staging
    except BaseException:
        # Whoever has made tables meanwhile may keep files as well.
        if database.is_empty():
            shutil.rmtree(files.folder())
        shutil.rmtree(staging)
        raise
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
    if breaks or head != told.head:
        raise DomainError(_l("恢复后的操作日志与备份时不符。"))


def _place_files(staged: Path) -> None:
    """Into the store, each folder in one step; into the object store before."""
    for path in sorted(staged.iterdir()) if staged.exists() else ():
        for file in sorted(path.iterdir()):
            files.hand_over(file, file.name)
        target = files.folder() / path.name
        if target.exists():
            target.rmdir()
        os.rename(path, target)
    files.sync_folder(files.folder())
