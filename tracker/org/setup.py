"""The first run: whether it is over, and the code that only the operator of the machine can read."""

import hmac
import os
from pathlib import Path

from flask import Flask, current_app

from tracker.core.db import db
from tracker.org import queries
from tracker.org.passwords import new_code
from tracker.org.rules import code_groups, code_key

DONE = "org_is_set_up"


def setup_code(app: Flask) -> str:
    """The code asked for at the first run: from the environment, else made once and kept beside the data."""
    if given := str(app.config["TRACKER_SETUP_CODE"]):
        return given
    path = _path(app)
    if not path.exists():
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(code_groups(new_code()))
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass  # another process was first; its code counts
        finally:
            temporary.unlink()
    return path.read_text().strip()


def is_setup_code(typed: str) -> bool:
    """Whether this is the code, however it was copied."""
    expected = setup_code(current_app._get_current_object())  # type: ignore[attr-defined]
    return hmac.compare_digest(code_key(typed).encode(), code_key(expected).encode())


def is_done() -> bool:
    """Whether the organ stands; asked of the database only until it does."""
    if not current_app.extensions.get(DONE):
        current_app.extensions[DONE] = queries.is_set_up(db.session())
    return bool(current_app.extensions[DONE])


def forget_code() -> None:
    """Throw the code away; it opens nothing any more."""
    _path(current_app).unlink(missing_ok=True)


def _path(app: Flask) -> Path:
    return Path(app.config["TRACKER_DATA_DIR"]) / "setup.code"
