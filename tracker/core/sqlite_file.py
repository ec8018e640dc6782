"""The file of a SQLite database: what lies at its path now is read and written, and none is made in passing."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError

from tracker.core.errors import Misplaced
from tracker.core.i18n import lazy_gettext as _l


def follow(engine: Engine, path: Path) -> None:
    """Read and write what lies at the path now, never a file that was moved away from it, and make none.

    An open connection stays with its file wherever that is moved; one to another file than lies there is replaced.
    """

    @event.listens_for(engine, "do_connect")
    def _open(_dialect: Any, record: Any, arguments: list[str], options: dict[str, Any]) -> None:
        # Looked at before: what is put there meanwhile only makes the next look replace the connection.
        record.info["file"] = identify(path)
        arguments[0], options["uri"] = f"{path.absolute().as_uri()}?mode=rw", True

    @event.listens_for(engine, "checkout")
    def _look(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["file"] != identify(path):
            raise DisconnectionError(f"{path} is another file now")

    @event.listens_for(engine, "commit")
    def _look_again(connection: Connection) -> None:
        if connection.info["file"] != identify(path):
            raise Misplaced(_l("数据库文件 %(file)s 刚刚被换过，这次没有保存，请再提交一次。", file=path))


def identify(path: Path) -> tuple[int, int]:
    """Which file lies there: its device and its number on that. Raises Misplaced when there is none to be read."""
    try:
        found = os.stat(path)
    except FileNotFoundError as error:
        message = _l(
            "数据库文件 %(file)s 不存在。如果被移走了，请放回原处，或恢复备份；要新建，请运行 db upgrade。", file=path
        )
        raise Misplaced(message) from error
    except OSError as error:
        raise Misplaced(_l("读不到数据库文件 %(file)s：%(why)s。", file=path, why=error.strerror)) from error
    return found.st_dev, found.st_ino


def ensure_nothing_left_of(path: Path) -> None:
    """Raise Misplaced when a file is gone and its journal is not: a new one would throw that away.

    The journal has what was committed last, and is worth nothing without its file.
    """
    # Beside the file itself, wherever a link leads.
    path = path.resolve()
    journal = path.with_name(f"{path.name}-wal")
    if not path.exists() and journal.exists() and journal.stat().st_size:
        message = _l(
            "%(file)s 不在了，最近提交的内容还在 %(journal)s 里：请放回原处，或停止程序后一起移走。",
            file=path,
            journal=journal.name,
        )
        raise Misplaced(message)
