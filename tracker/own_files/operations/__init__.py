"""Taking in a report of the office's own, marking it, making the new one of it, and issuing that."""

from tracker.own_files.operations.issuing import check_issuable, issue
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
    "check_issuable",
    "drop",
    "file_name",
    "fill",
    "find_material",
    "issue",
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
