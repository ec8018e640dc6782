"""The canonical text of a trail entry and the chain of hashes over it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = "0" * 64


def canonical(values: Mapping[str, Any]) -> str:
    """The one text that stands for these values: sorted keys, ISO dates, no spare space."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


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


@dataclass(frozen=True)
class Break:
    """A place where the trail is not what was written."""

    row: int
    what: str


def verify(links: Iterable[Link], *, count: int, head: str) -> tuple[int, list[Break]]:
    """Walk the chain from the first entry to the head; the number of rows seen and every break by its row."""
    previous, expected_row, breaks = GENESIS, 1, []
    for link in links:
        if link.row != expected_row:
            breaks.append(Break(expected_row, "missing" if link.row > expected_row else "inserted"))
        if canonical(link.columns) != link.text:
            breaks.append(Break(link.row, "columns differ from the recorded text"))
        if chain(previous, link.text) != link.hash:
            breaks.append(Break(link.row, "changed, or the entry before it is gone"))
        previous, expected_row = link.hash, link.row + 1
    if expected_row - 1 != count:
        breaks.append(Break(expected_row, f"cut off: the head counts {count} rows"))
    elif previous != head:
        breaks.append(Break(count, "the head does not match the last row"))
    return expected_row - 1, breaks
