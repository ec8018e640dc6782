"""Pages on which items are named, issued, accepted and moved."""

from tracker.items.views import accepting, drawing_up, issuing, milestones, naming, pasting, readers, reassignment
from tracker.items.views.blueprint import blueprint

__all__ = [
    "accepting",
    "blueprint",
    "drawing_up",
    "issuing",
    "milestones",
    "naming",
    "pasting",
    "readers",
    "reassignment",
]
