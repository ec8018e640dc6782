"""What can be done to extensions."""

from tracker.extensions.operations.asking import Wish, ask, ensure_askable, lapse, retract
from tracker.extensions.operations.deciding import (
    Ruling,
    decide,
    decide_on_paper,
    ensure_decidable,
    ensure_enterable,
    note_download,
    undo,
)

__all__ = [
    "Ruling",
    "Wish",
    "ask",
    "decide",
    "decide_on_paper",
    "ensure_askable",
    "ensure_decidable",
    "ensure_enterable",
    "lapse",
    "note_download",
    "retract",
    "undo",
]
