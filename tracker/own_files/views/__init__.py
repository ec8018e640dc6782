"""Pages of the office's own reports."""

from tracker.own_files.views import blanks, issuing, kept, marking
from tracker.own_files.views.blueprint import blueprint

__all__ = ["blanks", "blueprint", "issuing", "kept", "marking"]
