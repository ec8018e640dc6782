"""Drawing up sources and their outlines, and the dates they have to keep."""

from tracker.sources.operations.drawing_up import add_section, draw_up, edit, retitle_section, set_chain
from tracker.sources.operations.milestones import (
    Date,
    change_milestone,
    hand_in,
    note_handed_in,
    remove_milestone,
    set_milestone,
)

__all__ = [
    "Date",
    "add_section",
    "change_milestone",
    "draw_up",
    "edit",
    "hand_in",
    "note_handed_in",
    "remove_milestone",
    "retitle_section",
    "set_chain",
    "set_milestone",
]
