"""Pages on which progress is reported."""

from tracker.progress.views import entries, evidence, measures, outcomes
from tracker.progress.views.blueprint import blueprint

__all__ = ["blueprint", "entries", "evidence", "measures", "outcomes"]
