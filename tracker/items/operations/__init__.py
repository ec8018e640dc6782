"""What can be done to items."""

from tracker.items.operations.assignment import Assignment, assign, assign_many
from tracker.items.operations.changes import move_on
from tracker.items.operations.drawing_up import draw_up, draw_up_by_hand, split
from tracker.items.operations.issuing import accept, declare, issue, restore, void, withdraw
from tracker.items.operations.naming import Names, Typed, UnknownPeople, understand
from tracker.items.operations.placing import place
from tracker.items.operations.reassignment import ask_reassignment, reassign, refuse_reassignment

__all__ = [
    "Assignment",
    "Names",
    "Typed",
    "UnknownPeople",
    "accept",
    "ask_reassignment",
    "assign",
    "assign_many",
    "declare",
    "draw_up",
    "draw_up_by_hand",
    "issue",
    "move_on",
    "place",
    "reassign",
    "refuse_reassignment",
    "restore",
    "split",
    "understand",
    "void",
    "withdraw",
]
