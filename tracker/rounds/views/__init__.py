"""Pages of reporting rounds."""

from tracker.rounds.views import calls, office, report, reviewing, rhythm
from tracker.rounds.views.blueprint import blueprint

__all__ = ["blueprint", "calls", "office", "report", "reviewing", "rhythm"]
