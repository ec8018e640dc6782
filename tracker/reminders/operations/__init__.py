"""Scanning for what is due, and changing the rules."""

from tracker.reminders.operations.ruling import change_rule, ensure_default_rules
from tracker.reminders.operations.scanning import queue_reminders

__all__ = ["change_rule", "ensure_default_rules", "queue_reminders"]
