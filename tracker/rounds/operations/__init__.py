"""Setting rhythms, opening rounds, giving and reviewing reports, asking for what is owed."""

from tracker.rounds.operations.calls import log_call
from tracker.rounds.operations.opening import find_stale, open_rounds
from tracker.rounds.operations.pressing import NUDGED, Pressed, nudge, remind_owing
from tracker.rounds.operations.reporting import (
    HandedIn,
    Told,
    entry_written,
    give,
    hand_in,
    hand_in_unchanged,
    keep_drafts,
)
from tracker.rounds.operations.reviewing import accept_reports, return_report
from tracker.rounds.operations.rhythm import drop_rhythm, set_rhythm

__all__ = [
    "NUDGED",
    "HandedIn",
    "Pressed",
    "Told",
    "accept_reports",
    "drop_rhythm",
    "entry_written",
    "find_stale",
    "give",
    "hand_in",
    "hand_in_unchanged",
    "keep_drafts",
    "log_call",
    "nudge",
    "open_rounds",
    "remind_owing",
    "return_report",
    "set_rhythm",
]
