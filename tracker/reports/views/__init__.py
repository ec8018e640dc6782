"""Pages of reports."""

from tracker.reports.views import drafting, drift, issuing, section, templates, wordings, writing
from tracker.reports.views.blueprint import blueprint

__all__ = ["blueprint", "drafting", "drift", "issuing", "section", "templates", "wordings", "writing"]
