"""How gunicorn serves: ``make start``, the offline bundle and the service unit all read this file."""

import atexit
import logging
import os
import shutil
import socket
import struct
import tempfile
from typing import Any

MEMORY = "/dev/shm"
ROOM_BYTES = 16 << 20
# So long may a client be silent in the middle of a request; a slow one is not silent.
SILENCE_SECONDS = 60


def _folder_in_memory() -> str | None:
    """A folder that no full disk reaches, else None, by which temporary files lie where they always do."""
    is_usable = os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free >= ROOM_BYTES
    return MEMORY if is_usable else None


wsgi_app = "wsgi:app"
bind = os.environ.get("TRACKER_ADDRESS", "127.0.0.1:8000")
# The database decides who waits; a machine that does nothing else may have as many workers as cores. What is no number
# is refused below, in words.
_told = os.environ.get("TRACKER_WORKERS", "")
workers = int(_told) if _told.isdecimal() else 2
threads = 4
# An upload over a slow line is not cut off, and what is running when the server stops is finished.
timeout = 120
graceful_timeout = 30
# Longer than nginx and browsers keep an idle line: whoever closes it last never cuts a request that is on its way.
keepalive = 75
# By a file there each worker says that it lives: a new one comes up although the disk is full.
worker_tmp_dir = _folder_in_memory()
loglevel = "warning"
# Nobody asks it, and all servers of one account would share its one place.
control_socket_disable = True


def on_starting(_server: object) -> None:
    """Make the folder that /metrics adds up from; refuse wrong settings once, instead of starting workers that die.

    Raises WrongSettings.
    """
    # Before anything counts, for that decides once and for all where it does. What is counted lies in mapped files: on
    # a full disk the system would kill whoever counts.
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        folder = tempfile.mkdtemp(prefix=f"rectify-{os.getpid()}-", dir=worker_tmp_dir)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        atexit.register(_clear_away, folder, os.getpid())

    from config import from_environment

    from_environment()


def _clear_away(folder: str, maker: int) -> None:
    """Remove what was made here after the last worker. Each comes by here as well, and does it for a killed maker."""
    if maker == os.getpid() or maker != os.getppid():
        shutil.rmtree(folder, ignore_errors=True)


def when_ready(server: Any) -> None:
    """Let no silent client hold a thread for ever: what a listening socket is told holds for all who come in by it.

    Workers read without a limit of their own, and nobody tells a server that a lid was closed. Answers get no limit:
    those of Linux (SO_SNDTIMEO, TCP_USER_TIMEOUT) cut off who takes a large file slowly, and it gives up by itself
    after a quarter of an hour when nobody acknowledges anything.
    """
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE_SECONDS, 0))
    logging.getLogger("gunicorn.error").addFilter(_is_no_silence)


def _is_no_silence(record: logging.LogRecord) -> bool:
    """Whether a line of the log is anything but that a client fell silent, which is no fault of ours."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))


def child_exit(_server: object, worker: object) -> None:
    """A worker that is gone counts nothing any more but what it has counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call, attr-defined]
