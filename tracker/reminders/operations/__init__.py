"""Scanning for what is due, and changing the rules."""

from tracker.reminders.operations.choosing import choose_set
from tracker.reminders.operations.foreseeing import Make, foresee
from tracker.reminders.operations.ruling import add_rule, change_rule, copy_set, ensure_default_rules
from tracker.reminders.operations.scanning import note_told, queue_reminders

__all__ = [
    "Make",
    "add_rule",
    "change_rule",
    "choose_set",
    "copy_set",
    "ensure_default_rules",
    "foresee",
    "note_told",
    "queue_reminders",
]
