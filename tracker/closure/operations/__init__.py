"""What can be done about closing."""

from tracker.closure.operations.applying import apply, retract
from tracker.closure.operations.deciding import decide, ensure_decidable
from tracker.closure.operations.downloading import note_download
from tracker.closure.operations.drafting import basis_of, begin, keep_draft
from tracker.closure.operations.filing import standing
from tracker.closure.operations.readiness import ensure_applicable
from tracker.closure.operations.reopening import reopen

__all__ = [
    "apply",
    "basis_of",
    "begin",
    "decide",
    "ensure_applicable",
    "ensure_decidable",
    "keep_draft",
    "note_download",
    "reopen",
    "retract",
    "standing",
]
