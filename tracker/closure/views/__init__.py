"""Pages of closing."""

from tracker.closure.views import applying, deciding, filed, reopening
from tracker.closure.views.blueprint import blueprint

__all__ = ["applying", "blueprint", "deciding", "filed", "reopening"]
