"""Pages of the desk."""

from tracker.desk.blueprint import blueprint
from tracker.desk.views import item, lists, prints

__all__ = ["blueprint", "item", "lists", "prints"]
