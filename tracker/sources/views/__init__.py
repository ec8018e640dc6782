"""Pages of sources, their text and outline, the papers beside them, and the dates they have to keep."""

from tracker.sources.views import chain, documents, milestones, sources
from tracker.sources.views.blueprint import blueprint

__all__ = ["blueprint", "chain", "documents", "milestones", "sources"]
