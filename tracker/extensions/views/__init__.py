"""Pages of extensions."""

from tracker.extensions.views import asking, deciding, papers
from tracker.extensions.views.blueprint import blueprint

__all__ = ["asking", "blueprint", "deciding", "papers"]
