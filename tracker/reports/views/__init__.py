"""Pages of reports: the section of the yearly report, and the Word templates of the office."""

from tracker.reports.views import section, templates
from tracker.reports.views.blueprint import blueprint

__all__ = ["blueprint", "section", "templates"]
