"""Pages of closing."""

from tracker.closure.views import applying, deciding, declaring, filed, papers, recusals
from tracker.closure.views.blueprint import blueprint

__all__ = [
    "applying",
    "blueprint",
    "deciding",
    "declaring",
    "filed",
    "papers",
    "recusals",
]
