"""Keeping questions under a name, and figures of past days."""

from tracker.figures.operations.keeping import KEPT_DAYS, keep_days
from tracker.figures.operations.saving import is_own, may_share, remove, rename, save, share, unshare

__all__ = [
    "KEPT_DAYS",
    "is_own",
    "keep_days",
    "may_share",
    "remove",
    "rename",
    "save",
    "share",
    "unshare",
]
