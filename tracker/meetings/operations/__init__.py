"""What is done with meetings: calling, freezing, deciding, issuing the minutes."""

from tracker.meetings.operations.calling import Called, Point, call, change, ensure_manages, question_of, set_agenda
from tracker.meetings.operations.deciding import Decided, drop, give_deadline, is_open, may_give_deadline, note_decision
from tracker.meetings.operations.freezing import (
    Moment,
    collect,
    collect_unfinished,
    freeze,
    moment,
    note_download,
    print_scope,
)
from tracker.meetings.operations.minutes import issue_minutes, note_issued
from tracker.meetings.operations.ordering import TASK, Order, ask, content_of, list_orders, maker_of, material_of
from tracker.meetings.operations.reminding import AHEAD, remind_meetings, slot_of
from tracker.meetings.operations.seeing import Seen, ensure_intact, find_last, frozen_one, present_one

__all__ = [
    "AHEAD",
    "TASK",
    "Called",
    "Decided",
    "Moment",
    "Order",
    "Point",
    "Seen",
    "ask",
    "call",
    "change",
    "collect",
    "collect_unfinished",
    "content_of",
    "drop",
    "ensure_intact",
    "ensure_manages",
    "find_last",
    "freeze",
    "frozen_one",
    "give_deadline",
    "is_open",
    "issue_minutes",
    "list_orders",
    "maker_of",
    "material_of",
    "may_give_deadline",
    "moment",
    "note_decision",
    "note_download",
    "note_issued",
    "present_one",
    "print_scope",
    "question_of",
    "remind_meetings",
    "set_agenda",
    "slot_of",
]
