"""The canonical text of a trail entry and the chain of hashes over it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

GENESIS = "0" * 64


def canonical(values: Mapping[str, Any]) -> str:
    """The one text that stands for these values: sorted keys, ISO dates, no spare space."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def carried(details: str) -> dict[str, Any]:
    """What an act carries, by key; what changed of a row stands among the rest as [before, after]."""
    told: dict[str, Any] = json.loads(details)
    # Where it is a number, an import counts its changed rows under the same key.
    changed = told.pop("changed") if isinstance(told.get("changed"), dict) else {}
    if isinstance(told.get("after"), dict) and isinstance(told.get("before"), dict | None):
        before, after = told.pop("before", None) or {}, told.pop("after")
        changed |= {key: [before.get(key), value] for key, value in after.items() if (before.get(key) or "") != value}
    return {**changed, **told}


def chain(previous_hash: str, text: str) -> str:
    """SHA-256 over the hash before and the text, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{previous_hash}\n{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Link:
    """One stored entry as the verifier sees it."""

    row: int
    recorded_at: datetime
    text: str
    hash: str
    columns: Mapping[str, Any]


class Fault(StrEnum):
    """What can be wrong with an entry."""

    MISSING = "missing"
    INSERTED = "inserted"
    REWRITTEN = "rewritten"
    UNCHAINED = "unchained"
    CUT_OFF = "cut_off"
    HEAD_DIFFERS = "head_differs"
    HEAD_MISSING = "head_missing"


@dataclass(frozen=True)
class Break:
    """A place where the trail is not what was written."""

    row: int
    what: Fault


def verify(links: Iterable[Link], *, count: int, head: str) -> tuple[int, list[Break]]:
    """Walk the chain from the first entry to the head; the number of rows seen and every break by its row.

    ``count`` and ``head`` are what the head row says. An entry is unchained when its hash does not follow from the
    hash before it and its own text: it was changed, or what stood before it was.
    """
    previous, expected_row, rows, breaks = GENESIS, 1, 0, []
    for link in links:
        rows += 1
        if link.row > count or link.row < expected_row:
            breaks.append(Break(link.row, Fault.INSERTED))
        elif link.row > expected_row:
            breaks.append(Break(expected_row, Fault.MISSING))
        if canonical(link.columns) != link.text:
            breaks.append(Break(link.row, Fault.REWRITTEN))
        if chain(previous, link.text) != link.hash:
            breaks.append(Break(link.row, Fault.UNCHAINED))
        previous, expected_row = link.hash, link.row + 1
    if expected_row <= count:
        breaks.append(Break(expected_row, Fault.CUT_OFF))
    elif expected_row == count + 1 and previous != head:
        breaks.append(Break(count, Fault.HEAD_DIFFERS))
    return rows, breaks


class Channel(StrEnum):
    """Which way an act came: over a page, from some address, or by a command or the scheduler."""

    PAGE = "page"
    COMMAND = "command"


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
