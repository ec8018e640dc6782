"""Pages on which progress is reported."""

from tracker.progress.views import entries, evidence, joining, looking, measures, outcomes
from tracker.progress.views.blueprint import blueprint

__all__ = ["blueprint", "entries", "evidence", "joining", "looking", "measures", "outcomes"]
