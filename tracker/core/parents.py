"""Processes that do not outlive the one that started them."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

SET_DEATH_SIGNAL = 1


def ending_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What a child does first (``preexec_fn``), to be sent a signal when the thread that started it is gone.

    None where the system knows no such thing; only Linux does.
    """
    if sys.platform != "linux":
        return None
    parent, prctl = os.getpid(), ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(SET_DEATH_SIGNAL, number)
        # Who asks too late is sent nothing any more.
        if os.getppid() != parent:
            os._exit(1)

    return ask
