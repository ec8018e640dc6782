"""What can be done about closing."""

from tracker.closure.operations.applying import apply, ensure_applicable, retract
from tracker.closure.operations.deciding import decide, ensure_decidable
from tracker.closure.operations.reopening import reopen

__all__ = ["apply", "decide", "ensure_applicable", "ensure_decidable", "reopen", "retract"]
