"""What can be done to items."""

from tracker.items.operations.assignment import Assignment, assign, assign_many
from tracker.items.operations.changes import move_on, refuse_parent, take_back
from tracker.items.operations.deciding import Hands, Paper, check_entering, check_hands, enter, sign, told_of
from tracker.items.operations.drawing_up import Draft, draw_up, draw_up_by_hand, draw_up_many, split
from tracker.items.operations.issuing import accept, close_on_import, declare, issue, restore, take_over, void, withdraw
from tracker.items.operations.milestones import add_milestone, edit_milestone, hand_in_milestone, remove_milestone
from tracker.items.operations.naming import Names, Typed, UnknownPeople, understand
from tracker.items.operations.placing import place
from tracker.items.operations.readers import find_named, name_item_readers, name_source_readers
from tracker.items.operations.reassignment import ask_reassignment, reassign, refuse_reassignment

__all__ = [
    "Assignment",
    "Draft",
    "Hands",
    "Names",
    "Paper",
    "Typed",
    "UnknownPeople",
    "accept",
    "add_milestone",
    "ask_reassignment",
    "assign",
    "assign_many",
    "check_entering",
    "check_hands",
    "close_on_import",
    "declare",
    "draw_up",
    "draw_up_by_hand",
    "draw_up_many",
    "edit_milestone",
    "enter",
    "find_named",
    "hand_in_milestone",
    "issue",
    "move_on",
    "name_item_readers",
    "name_source_readers",
    "place",
    "reassign",
    "refuse_parent",
    "refuse_reassignment",
    "remove_milestone",
    "restore",
    "sign",
    "split",
    "take_back",
    "take_over",
    "told_of",
    "understand",
    "void",
    "withdraw",
]
