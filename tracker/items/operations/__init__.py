"""What can be done to items."""

from tracker.items.operations.assignment import Assignment, amend, assign, refuse_after_issue
from tracker.items.operations.changes import move_on, refuse_parent, take_back
from tracker.items.operations.deciding import (
    Approval,
    Hands,
    Paper,
    approval_of,
    check_entering,
    check_hands,
    enter,
    sign,
    told_of,
)
from tracker.items.operations.drawing_up import Draft, draw_up, draw_up_by_hand, draw_up_many, link_recurrence, split
from tracker.items.operations.issuing import accept, close_on_import, declare, issue, restore, take_over, void, withdraw
from tracker.items.operations.many import ask_for, assign_many, free_of, name_item, words_of
from tracker.items.operations.milestones import add_milestone, edit_milestone, hand_in_milestone, remove_milestone
from tracker.items.operations.naming import Names, Typed, UnknownPeople, understand
from tracker.items.operations.placing import place
from tracker.items.operations.readers import find_named, name_item_readers, name_source_readers, withhold
from tracker.items.operations.reassignment import ask_reassignment, reassign, refuse_reassignment

__all__ = [
    "Approval",
    "Assignment",
    "Draft",
    "Hands",
    "Names",
    "Paper",
    "Typed",
    "UnknownPeople",
    "accept",
    "add_milestone",
    "amend",
    "approval_of",
    "ask_for",
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
    "free_of",
    "hand_in_milestone",
    "issue",
    "link_recurrence",
    "move_on",
    "name_item",
    "name_item_readers",
    "name_source_readers",
    "place",
    "reassign",
    "refuse_after_issue",
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
    "withhold",
    "words_of",
]
