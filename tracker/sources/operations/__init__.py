"""Drawing up sources and their outlines, the papers beside them, and the dates they have to keep."""

from tracker.sources.operations.chain import set_chain
from tracker.sources.operations.documents import file_document, remove_document
from tracker.sources.operations.drawing_up import add_section, draw_up, edit, retitle_section
from tracker.sources.operations.milestones import (
    Date,
    Handed,
    change_milestone,
    hand_in,
    note_handed_in,
    remove_milestone,
    set_milestone,
)

__all__ = [
    "Date",
    "Handed",
    "add_section",
    "change_milestone",
    "draw_up",
    "edit",
    "file_document",
    "hand_in",
    "note_handed_in",
    "remove_document",
    "remove_milestone",
    "retitle_section",
    "set_chain",
    "set_milestone",
]
