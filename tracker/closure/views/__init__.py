"""Pages of closing."""

from tracker.closure.views import applying, deciding, declaring, papers, recusals, reopening
from tracker.closure.views.blueprint import blueprint

__all__ = ["applying", "blueprint", "deciding", "declaring", "papers", "recusals", "reopening"]
