"""Pages of nudges and supervision notices."""

from tracker.nudges.views import drafting, notices, nudging, signing
from tracker.nudges.views.blueprint import blueprint

__all__ = ["blueprint", "drafting", "notices", "nudging", "signing"]
