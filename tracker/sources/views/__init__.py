"""Pages of sources, their text and outline, and the dates they have to keep."""

from tracker.sources.views import milestones, sources
from tracker.sources.views.blueprint import blueprint

__all__ = ["blueprint", "milestones", "sources"]
