"""What can be reported about items."""

from tracker.progress.operations.entries import Aside, keep_imported, write_entry, write_unchanged
from tracker.progress.operations.evidence import add_evidence, note_download, note_view, remove_evidence
from tracker.progress.operations.joining import join, part
from tracker.progress.operations.measures import (
    add_measures,
    amend_measures,
    edit_measure,
    lay_down,
    lay_down_typed,
    refuse_carried,
    remove_measure,
    replace_measures,
    tick,
    untick,
)
from tracker.progress.operations.outcomes import add_outcome, remove_outcome
from tracker.progress.operations.readiness import ensure_plannable, ensure_reportable
from tracker.progress.operations.receiving import Received, receive_evidence

__all__ = [
    "Aside",
    "Received",
    "add_evidence",
    "add_measures",
    "add_outcome",
    "amend_measures",
    "edit_measure",
    "ensure_plannable",
    "ensure_reportable",
    "join",
    "keep_imported",
    "lay_down",
    "lay_down_typed",
    "note_download",
    "note_view",
    "part",
    "receive_evidence",
    "refuse_carried",
    "remove_evidence",
    "remove_measure",
    "remove_outcome",
    "replace_measures",
    "tick",
    "untick",
    "write_entry",
    "write_unchanged",
]
