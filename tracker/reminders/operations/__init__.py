"""Scanning for what is due, holding back what must wait, choosing and changing the rules."""

from tracker.reminders.operations.choosing import choose_set
from tracker.reminders.operations.foreseeing import Make, foresee
from tracker.reminders.operations.holding import HELD_WITHIN, choose, held_now, held_until
from tracker.reminders.operations.ruling import add_rule, change_rule, copy_set, ensure_default_rules
from tracker.reminders.operations.scanning import find_due, note_told, queue_reminders

__all__ = [
    "HELD_WITHIN",
    "Make",
    "add_rule",
    "change_rule",
    "choose",
    "choose_set",
    "copy_set",
    "ensure_default_rules",
    "find_due",
    "foresee",
    "held_now",
    "held_until",
    "note_told",
    "queue_reminders",
]
