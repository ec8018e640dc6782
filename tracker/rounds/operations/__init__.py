"""Setting rhythms, opening rounds, giving reports."""

from tracker.rounds.operations.opening import open_rounds
from tracker.rounds.operations.reporting import Told, entry_written, give, keep_drafts
from tracker.rounds.operations.rhythm import drop_rhythm, set_rhythm

__all__ = ["Told", "drop_rhythm", "entry_written", "give", "keep_drafts", "open_rounds", "set_rhythm"]
