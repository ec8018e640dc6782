"""Pages of figures, of the difference of two days, and of what is counted by measures and second looks."""

from tracker.figures.views import difference, others, overview
from tracker.figures.views.blueprint import blueprint

__all__ = ["blueprint", "difference", "others", "overview"]
