"""What can be done to extensions."""

from tracker.extensions.operations.asking import Wish, ask, ensure_askable, retract
from tracker.extensions.operations.deciding import (
    Paper,
    Ruling,
    decide,
    decide_on_paper,
    ensure_decidable,
    ensure_enterable,
    note_download,
)

__all__ = [
    "Paper",
    "Ruling",
    "Wish",
    "ask",
    "decide",
    "decide_on_paper",
    "ensure_askable",
    "ensure_decidable",
    "ensure_enterable",
    "note_download",
    "retract",
]
