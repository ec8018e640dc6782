"""When the program cannot go on for a reason outside of it, it says so in words instead of a traceback."""

import sys
from types import TracebackType

from sqlalchemy.exc import DatabaseError, OperationalError

from tracker.core.db import UNMADE, says
from tracker.core.environment import WrongSettings
from tracker.core.errors import DomainError

UNUSABLE = "数据库不能使用 / the database cannot be used"
WITHOUT_TABLES = (
    "数据库里还没有这一版的表，请先运行 db upgrade / the database lacks tables of this version, run db upgrade first"
)


def watch() -> None:
    """Look at whatever ends the program."""
    sys.excepthook = _tell


def explain(error: BaseException) -> str:
    """What to say instead of a traceback; empty for a fault of the program itself."""
    if isinstance(error, WrongSettings | DomainError):
        return str(error)
    if not isinstance(error, DatabaseError):
        return ""
    said = str(error.orig).strip()
    if says(error, UNMADE):
        return f"{WITHOUT_TABLES}: {said.splitlines()[0]}"
    # SQLite says of a file that is no database that it is a database error, and nothing nearer.
    if isinstance(error, OperationalError) or type(error) is DatabaseError:
        return f"{UNUSABLE}: {said}"
    return ""


def told_as(error: BaseException) -> str:
    """What to say of it where no traceback belongs in any case."""
    return explain(error) or str(error)


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    told = explain(error)
    if told:
        print(told, file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)
