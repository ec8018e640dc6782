"""What lies in the store and belongs to nothing: uploads whose change never came, parts of uploads that broke off."""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker.core import files, object_store

LEAVING = ".leaving-"


@dataclass(frozen=True)
class Leftover:
    """A file that nothing names; ``is_part`` for what never became whole."""

    path: Path
    size_bytes: int
    is_part: bool


@dataclass(frozen=True)
class Look:
    """What the store looks like: named files, leftovers older than asked for, hashes that are named and not there.

    Where there is an object store, it is the one that must hold what is named; leftovers are those of the folder alone.
    """

    kept: int
    leftovers: Sequence[Leftover]
    missing: Sequence[str]


def look(named: Collection[str], *, before: datetime) -> Look:
    """Hold the store against the hashes that rows name; what came since ``before`` may still belong to somebody.

    Raises Busy when the object store does not answer.
    """
    there, leftovers = set(), []
    for path in sorted(files.folder().rglob("*")):
        if not path.is_file():
            continue
        is_part = path.name.startswith((files.INCOMING, LEAVING))
        there |= set() if is_part else {path.name}
        told = path.stat()
        if (is_part or path.name not in named) and told.st_mtime < before.timestamp():
            leftovers.append(Leftover(path, told.st_size, is_part))
    if store := object_store.find():
        there = set(store.sizes())
    return Look(len(there & set(named)), leftovers, sorted(set(named) - there))


def clear(leftovers: Sequence[Leftover], *, named: Callable[[], Collection[str]], before: datetime) -> list[Leftover]:
    """Delete leftovers; those that somebody has named or sent again meanwhile come back. Answers what is gone.

    They step aside first and ``named`` is asked again then, so that a change that commits in between loses nothing.
    """
    aside = [(each, _step_aside(each.path)) for each in leftovers]
    now = named()
    gone = []
    for each, away in aside:
        if away is None:
            continue
        if each.path.name in now or away.stat().st_mtime >= before.timestamp():
            os.replace(away, each.path)
        else:
            away.unlink()
            gone.append(each)
    return gone


def _step_aside(path: Path) -> Path | None:
    away = path if path.name.startswith(LEAVING) else path.with_name(LEAVING + path.name)
    try:
        os.replace(path, away)
    except FileNotFoundError:
        return None
    return away
