"""Scanning for what is due, holding back what must wait, changing the rules."""

from tracker.reminders.operations.holding import HELD_WITHIN, choose, held_now, held_until
from tracker.reminders.operations.ruling import change_rule, ensure_default_rules
from tracker.reminders.operations.scanning import queue_reminders

__all__ = ["HELD_WITHIN", "change_rule", "choose", "ensure_default_rules", "held_now", "held_until", "queue_reminders"]
