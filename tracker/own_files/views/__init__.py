"""Pages of the office's own reports."""

from tracker.own_files.views import blanks, kept, marking
from tracker.own_files.views.blueprint import blueprint

__all__ = ["blanks", "blueprint", "kept", "marking"]
