"""Pages of the desk."""

from tracker.desk.blueprint import blueprint
from tracker.desk.views import item, lists, my_desk, prints, search

__all__ = ["blueprint", "item", "lists", "my_desk", "prints", "search"]
