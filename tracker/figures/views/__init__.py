"""Pages of figures: of a day, over time, by boards, of the difference of two days, and of measures and second looks."""

from tracker.figures.views import boards, boxes, difference, others, overview, saved, trend
from tracker.figures.views.blueprint import blueprint

__all__ = ["blueprint", "boards", "boxes", "difference", "others", "overview", "saved", "trend"]
