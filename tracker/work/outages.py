"""Telling a database that is away from a fault of the program: what it kept from being done is done another time."""

from sqlalchemy.exc import DBAPIError, OperationalError

from tracker.core.errors import Busy

# How PostgreSQL refuses to begin a transaction that writes while it is a standby.
STANDBY = "0A000"


def is_away(error: BaseException) -> bool:
    """Whether the database was busy, gone, cut the connection or is a standby, so that the same may succeed later."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, Busy)
    is_cut = isinstance(error, OperationalError) or error.connection_invalidated
    return is_cut or getattr(error.orig, "sqlstate", None) == STANDBY


def told_in_a_line(error: BaseException) -> str:
    """What the database said, or the refusal; its statement is left out."""
    return " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
