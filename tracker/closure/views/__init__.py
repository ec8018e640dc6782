"""Pages of closing."""

from tracker.closure.views import applying, deciding, declaring, filed, papers, recusals, reopening
from tracker.closure.views.blueprint import blueprint

__all__ = [
    "applying",
    "blueprint",
    "deciding",
    "declaring",
    "filed",
    "papers",
    "recusals",
    "reopening",
]
