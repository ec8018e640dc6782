"""Refusals. Each carries the words a person reads and the status a client gets."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A change was refused and nothing of it was done.

    ``field`` names the form field that the message belongs to, if any.
    """

    status = 422

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotFound(DomainError):
    """The thing does not exist, or the person may not know that it does."""

    status = 404


class Forbidden(DomainError):
    """The person sees the thing but may not do this to it."""

    status = 403


class Conflict(DomainError):
    """The state of the thing does not allow this, or somebody else was first."""

    status = 409


class Stale(Conflict):
    """The form was filled in against an older version than the one stored.

    ``typed`` and ``stored`` map the label of a field to what the person typed and what stands now.
    """

    def __init__(self, message: object, *, typed: Mapping[str, Any], stored: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.typed = dict(typed)
        self.stored = dict(stored)


class AlreadyThere(Conflict):
    """The same thing was just saved, e.g. by a double click; it stands once."""


class TooLarge(DomainError):
    """The upload is larger than the limit."""

    status = 413


class Busy(DomainError):
    """The database is still locked after waiting, or a disk is full; the same call may succeed later."""

    status = 503


class Misplaced(Busy):
    """The file of the database is not where it should be, or out of reach; nothing was read or written elsewhere."""
