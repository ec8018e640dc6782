"""States of a message, channels and the back-off between tries."""

from datetime import timedelta
from enum import StrEnum


class MessageState(StrEnum):
    """Where a message is."""

    QUEUED = "queued"
    HELD = "held"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    SKIPPED = "skipped"


class Channel(StrEnum):
    """How a message travels."""

    INBOX = "inbox"
    MAIL = "mail"


MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=2)
SOCKET_SECONDS = 20


def back_off(attempts: int) -> timedelta:
    """How long to wait after the nth failed try: 1, 2, 4 … minutes, at most 2 hours."""
    return min(timedelta(minutes=2 ** (attempts - 1)), timedelta(hours=2))
