"""How gunicorn serves: ``make start``, the offline bundle and the service unit all read this file."""

import atexit
import os
import shutil
import tempfile

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
loglevel = "warning"
# Nobody asks it, and all servers of one account would share its one place.
control_socket_disable = True


def on_starting(_server: object) -> None:
    """Make the folder that /metrics adds up from; refuse wrong settings once, instead of starting workers that die.

    Raises WrongSettings.
    """
    # Before anything counts, for that decides once and for all where it does.
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder = tempfile.mkdtemp(prefix="rectify-")
        atexit.register(_clear_away, folder, os.getpid())

    from config import from_environment

    from_environment()


def _clear_away(folder: str, maker: int) -> None:
    """Remove what was made here after the last worker. Each comes by here as well, and does it for a killed maker."""
    if maker == os.getpid() or maker != os.getppid():
        shutil.rmtree(folder, ignore_errors=True)


def child_exit(_server: object, worker: object) -> None:
    """A worker that is gone counts nothing any more but what it has counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call, attr-defined]
