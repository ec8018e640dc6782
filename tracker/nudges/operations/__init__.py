"""What can be done about nudges and supervision notices."""

from tracker.nudges.operations.drafting import draft, edit, usual_feedback_day, void
from tracker.nudges.operations.gathering import draft_by_rule
from tracker.nudges.operations.nudging import Sorted, nudge, reply, sort_out
from tracker.nudges.operations.signing import answer, note_download, send, sign_here, sign_on_paper
from tracker.nudges.operations.trimming import trim_drafts

__all__ = [
    "Sorted",
    "answer",
    "draft",
    "draft_by_rule",
    "edit",
    "note_download",
    "nudge",
    "reply",
    "send",
    "sign_here",
    "sign_on_paper",
    "sort_out",
    "trim_drafts",
    "usual_feedback_day",
    "void",
]
