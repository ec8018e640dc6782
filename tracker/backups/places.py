"""Where backups lie, what a kill left there, and whether there is room for one more."""

import os
import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from tracker.backups import queries
from tracker.backups.databases import damage_of, damage_told
from tracker.backups.operations import TRYING, UNFINISHED
from tracker.backups.packing import DATABASE
from tracker.core import clock, files
from tracker.core.db import db
from tracker.core.errors import Busy, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.queries import list_hashes

# What must be left when a backup was taken, for the database that goes on.
SPARE_BYTES = 256 << 20
LEFT_AFTER = timedelta(days=1)


def folder() -> Path:
    """The folder of backups; made when it is missing, readable by the program alone. Raises Busy in words."""
    path = Path(current_app.config["TRACKER_BACKUP_DIR"])
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Busy(_l("文件夹 %(folder)s 不存在或不能写入，请换一个。", folder=path)) from error
    return path


def is_usable() -> bool:
    """Whether a backup can be written into the folder, or it can be made; nothing is made to find out."""
    path = Path(current_app.config["TRACKER_BACKUP_DIR"])
    there = next(each for each in (path, *path.parents) if os.path.lexists(each))
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def ensure_room(session: Session) -> None:
    """Raise DomainError when the disk has no room for a backup as large as the last one, and a fifth more.

    Before the first that is database and files. A copy of the database lies beside it until it is whole.
    """
    database, whole = queries.database_bytes(session), queries.last_size(session)
    if whole is None:
        with damage_told(damage_of(db.engine.url.database)):
            whole = database + sum(files.sizes(list_hashes(session)).values())
    needed = whole * 6 // 5 + database + SPARE_BYTES
    free = shutil.disk_usage(folder()).free
    if free < needed:
        raise DomainError(
            _l(
                "备份目录所在磁盘只剩 %(free)d MB，做一份备份约需 %(needed)d MB，请清理磁盘或换一个目录。",
                free=free >> 20,
                needed=needed >> 20,
            )
        )


def clear_leftovers() -> None:
    """Remove what backups that were killed left behind, a day later: what is written just now is younger."""
    before = (clock.now() - LEFT_AFTER).timestamp()
    of_backups = (path for pattern in (f".*{UNFINISHED}", f".*.{DATABASE}") for path in folder().glob(pattern))
    for path in (*of_backups, *Path(current_app.config["TRACKER_DATA_DIR"]).glob(f"{TRYING}*")):
        # One that goes on beside this removes its own.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
