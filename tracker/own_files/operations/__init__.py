"""Taking in a report of the office's own, marking it, and making the new one of it."""

from tracker.own_files.operations.keeping import drop, fill, mark, settle, take_in
from tracker.own_files.operations.making import (
    Made,
    facts_of,
    file_name,
    make,
    note_download,
    note_original,
    old_report,
    section_lines,
    write_into,
)
from tracker.own_files.operations.opening import Received, open_text, receive

__all__ = [
    "Made",
    "Received",
    "drop",
    "facts_of",
    "file_name",
    "fill",
    "make",
    "mark",
    "note_download",
    "note_original",
    "old_report",
    "open_text",
    "receive",
    "section_lines",
    "settle",
    "take_in",
    "write_into",
]
