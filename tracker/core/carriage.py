"""What goes wrong when a message is carried out of the house, whatever carries it, and how long that may take."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread


class Unreachable(Exception):
    """No connection, or nobody lets us in; every message of the batch has the same trouble."""


class Refused(Exception):
    """This message was not taken, or the line was cut before anybody said that it was."""


class Stalled(Refused):
    """Nothing was answered in time. Whoever comes next would wait as long."""


@contextmanager
def in_time(seconds: float, cut: Callable[[], None]) -> Iterator[Event]:
    """Let what is done within take so long at most: then ``cut`` ends its line from outside. The event tells of it.

    A socket's own timeout begins anew with every byte, so that a server that drips would never be done. ``cut`` is
    called until it is over, because there may be no line yet; it may raise OSError.
    """
    is_over, is_late = Event(), Event()

    def watch() -> None:
        wait = seconds
        while not is_over.wait(wait):
            is_late.set()
            with suppress(OSError):
                cut()
            wait = 1

    Thread(target=watch, daemon=True).start()
    try:
        yield is_late
    finally:
        is_over.set()
