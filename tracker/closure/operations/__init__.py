"""What can be done about closing."""

from tracker.closure.operations.applying import apply, retract
from tracker.closure.operations.confirming import confirm, ensure_confirmable
from tracker.closure.operations.deciding import decide, ensure_decidable
from tracker.closure.operations.declaring import (
    accept,
    declare_basically,
    declare_completed,
    ensure_answerable,
    ensure_declarable,
    return_declaration,
)
from tracker.closure.operations.downloading import note_download
from tracker.closure.operations.drafting import basis_of, begin, keep_draft
from tracker.closure.operations.filing import standing
from tracker.closure.operations.manning import Obstacle, check_manned, list_obstacles
from tracker.closure.operations.papers import Line, OnPaper, decide_in_meeting, decide_on_paper, ensure_enterable
from tracker.closure.operations.readiness import ensure_applicable
from tracker.closure.operations.recusals import remove_recusal, set_for_item, set_for_source
from tracker.closure.operations.reopening import reopen, undo_decision

__all__ = [
    "Line",
    "Obstacle",
    "OnPaper",
    "accept",
    "apply",
    "basis_of",
    "begin",
    "check_manned",
    "confirm",
    "decide",
    "decide_in_meeting",
    "decide_on_paper",
    "declare_basically",
    "declare_completed",
    "ensure_answerable",
    "ensure_applicable",
    "ensure_confirmable",
    "ensure_decidable",
    "ensure_declarable",
    "ensure_enterable",
    "keep_draft",
    "list_obstacles",
    "note_download",
    "remove_recusal",
    "reopen",
    "retract",
    "return_declaration",
    "set_for_item",
    "set_for_source",
    "standing",
    "undo_decision",
]
