"""Pages of archives: finding a folder and its files, filing a source away, lifting an archive."""

from tracker.archives.views import filing, finding
from tracker.archives.views.blueprint import blueprint

__all__ = ["blueprint", "filing", "finding"]
