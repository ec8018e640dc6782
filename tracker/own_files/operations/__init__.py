"""Taking in a report of the office's own, marking it, and making the new one of it."""

from tracker.own_files.operations.keeping import drop, fill, mark, settle, take_in
from tracker.own_files.operations.making import (
    Made,
    Material,
    file_name,
    find_material,
    note_download,
    note_original,
    old_report,
    write_into,
)
from tracker.own_files.operations.opening import Received, open_text, receive

__all__ = [
    "Made",
    "Material",
    "Received",
    "drop",
    "file_name",
    "fill",
    "find_material",
    "mark",
    "note_download",
    "note_original",
    "old_report",
    "open_text",
    "receive",
    "settle",
    "take_in",
    "write_into",
]
