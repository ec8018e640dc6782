"""Pages of second looks."""

from tracker.reinspections.views import checking, drawing, following, looking, rates
from tracker.reinspections.views.blueprint import blueprint

__all__ = ["blueprint", "checking", "drawing", "following", "looking", "rates"]
