"""Pages of figures, of the difference of two days, and of what is counted by measures and second looks."""

from tracker.figures.views import boxes, difference, others, overview, saved
from tracker.figures.views.blueprint import blueprint

__all__ = ["blueprint", "boxes", "difference", "others", "overview", "saved"]
