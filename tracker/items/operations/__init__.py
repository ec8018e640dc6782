"""What can be done to items."""

from tracker.items.operations.assignment import Assignment, assign
from tracker.items.operations.changes import move_on
from tracker.items.operations.drawing_up import draw_up, split
from tracker.items.operations.issuing import accept, declare, issue, restore, void, withdraw
from tracker.items.operations.placing import place
from tracker.items.operations.reassignment import ask_reassignment, reassign, refuse_reassignment

__all__ = [
    "Assignment",
    "accept",
    "ask_reassignment",
    "assign",
    "declare",
    "draw_up",
    "issue",
    "move_on",
    "place",
    "reassign",
    "refuse_reassignment",
    "restore",
    "split",
    "void",
    "withdraw",
]
