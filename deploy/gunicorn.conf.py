"""How gunicorn serves: ``make start``, the offline bundle and the service unit all read this file."""

import os
import shutil
import tempfile

wsgi_app = "wsgi:app"
bind = os.environ.get("TRACKER_ADDRESS", "127.0.0.1:8000")
# The database decides who waits; a machine that does nothing else may have as many workers as cores.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# An upload over a slow line is not cut off, and what is running when the server stops is finished.
timeout = 120
graceful_timeout = 30
# Longer than nginx and browsers keep an idle line: whoever closes it last never cuts a request that is on its way.
keepalive = 75
loglevel = "warning"

# Where the workers lay down what /metrics adds up over all of them.
_ours = "" if "PROMETHEUS_MULTIPROC_DIR" in os.environ else tempfile.mkdtemp(prefix="rectify-")
if _ours:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _ours


def on_starting(_server: object) -> None:
    """Refuse wrong settings once, instead of starting workers that die of them. Raises WrongSettings."""
    from config import from_environment

    from_environment()


def child_exit(_server: object, worker: object) -> None:
    """A worker that is gone counts nothing any more but what it has counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call, attr-defined]


def on_exit(_server: object) -> None:
    """Clear away after the last worker what was made here."""
    if _ours:
        shutil.rmtree(_ours, ignore_errors=True)
