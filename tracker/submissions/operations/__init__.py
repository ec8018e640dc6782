"""Keeping a superior's form, filling it as of a day, and noting what was handed in."""

from tracker.submissions.operations.filling import Made, gather, keep
from tracker.submissions.operations.forms import discard, draw_up, explain, places_of
from tracker.submissions.operations.issues import hand_in, issue, refill, told_of

__all__ = [
    "Made",
    "discard",
    "draw_up",
    "explain",
    "gather",
    "hand_in",
    "issue",
    "keep",
    "places_of",
    "refill",
    "told_of",
]
