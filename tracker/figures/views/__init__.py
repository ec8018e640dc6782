"""Pages of figures: of a day, a year, over time, by boards, of two days' difference, of measures and second looks."""

from tracker.figures.views import boards, boxes, carry_over, difference, others, overview, saved, trend
from tracker.figures.views.blueprint import blueprint

__all__ = ["blueprint", "boards", "boxes", "carry_over", "difference", "others", "overview", "saved", "trend"]
