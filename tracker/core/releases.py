"""Which version of the program this is, and which migrations it knows."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory

ROOT = Path(__file__).parents[2]


@cache
def version() -> str:
    """The version of the program: as the installed release names itself, else as the source does."""
    release = ROOT / "VERSION"
    if release.exists():
        # Below its name stands what the archive was made for.
        return release.read_text(encoding="utf-8").partition("\n")[0].strip()
    told: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(told["project"]["version"])


@cache
def revisions() -> tuple[str, ...]:
    """The migrations, the newest first; a database that has come to another one is of a newer version."""
    script = ScriptDirectory(str(ROOT / "migrations"))
    return tuple(each.revision for each in script.walk_revisions())
