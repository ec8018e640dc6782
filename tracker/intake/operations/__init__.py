"""From a text that came in to numbered items."""

from tracker.intake.operations.carrying_out import Loaded, Plan, carry_out, load
from tracker.intake.operations.drafts import begin, confirm, correct, discard, plan_of
from tracker.intake.operations.outline import OutlineChange, edit_outline
from tracker.intake.operations.reading import Received, read_again, read_stream, read_upload, read_words

__all__ = [
    "Loaded",
    "OutlineChange",
    "Plan",
    "Received",
    "begin",
    "carry_out",
    "confirm",
    "correct",
    "discard",
    "edit_outline",
    "load",
    "plan_of",
    "read_again",
    "read_stream",
    "read_upload",
    "read_words",
]
