"""Pages of meetings."""

from tracker.meetings.views import calling, comparing, deciding, freezing, meeting, minutes, papers, presenting
from tracker.meetings.views.blueprint import blueprint

__all__ = ["blueprint", "calling", "comparing", "deciding", "freezing", "meeting", "minutes", "papers", "presenting"]
