"""Pages of the desk."""

from tracker.desk.blueprint import blueprint
from tracker.desk.views import evidence, exports, item, lists, my_desk, prints, search

__all__ = ["blueprint", "evidence", "exports", "item", "lists", "my_desk", "prints", "search"]
