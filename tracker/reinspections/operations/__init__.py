"""What can be done about closed items that are looked at again."""

from tracker.reinspections.operations.checking import (
    Seen,
    check,
    ensure_checkable,
    next_by_rhythm,
    note_check_download,
)
from tracker.reinspections.operations.drawing import Wish, draw, note_population, note_record
from tracker.reinspections.operations.following import ask_reopening, draw_up_again, ensure_followable
from tracker.reinspections.operations.looking import (
    Result,
    assign,
    ensure_recordable,
    note_download,
    receive,
    record_result,
    version_of,
)
from tracker.reinspections.operations.reminding import remind_looks

__all__ = [
    "Result",
    "Seen",
    "Wish",
    "ask_reopening",
    "assign",
    "check",
    "draw",
    "draw_up_again",
    "ensure_checkable",
    "ensure_followable",
    "ensure_recordable",
    "next_by_rhythm",
    "note_check_download",
    "note_download",
    "note_population",
    "note_record",
    "receive",
    "record_result",
    "remind_looks",
    "version_of",
]
