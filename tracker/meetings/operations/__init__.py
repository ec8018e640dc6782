"""What is done with meetings: calling, freezing, deciding, issuing the minutes."""

from tracker.meetings.operations.calling import Called, Point, call, change, ensure_manages, question_of, set_agenda
from tracker.meetings.operations.deciding import Decided, drop, give_deadline, is_open, may_give_deadline, note_decision
from tracker.meetings.operations.freezing import Moment, collect, freeze, moment, note_download, print_scope
from tracker.meetings.operations.minutes import issue_minutes, note_issued

__all__ = [
    "Called",
    "Decided",
    "Moment",
    "Point",
    "call",
    "change",
    "collect",
    "drop",
    "ensure_manages",
    "freeze",
    "give_deadline",
    "is_open",
    "issue_minutes",
    "may_give_deadline",
    "moment",
    "note_decision",
    "note_download",
    "note_issued",
    "print_scope",
    "question_of",
    "set_agenda",
]
