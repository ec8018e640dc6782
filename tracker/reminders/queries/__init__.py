"""Reading what is to be told, to whom, and by which rule."""

from tracker.reminders.queries.digests import (
    KIND,
    NOTICE,
    SINGLE,
    list_emptied,
    list_numbers,
    list_outdated,
    list_overdue,
    list_told,
    list_told_singly,
)
from tracker.reminders.queries.notices import get_request, get_review, list_items
from tracker.reminders.queries.preferences import find_preference, list_preferences, load_hours
from tracker.reminders.queries.recipients import list_answerable, list_people
from tracker.reminders.queries.rules import get_rule, list_rules, lock_rules
from tracker.reminders.queries.steps import COLUMNS, select_due

__all__ = [
    "COLUMNS",
    "KIND",
    "NOTICE",
    "SINGLE",
    "find_preference",
    "get_request",
    "get_review",
    "get_rule",
    "list_answerable",
    "list_emptied",
    "list_items",
    "list_numbers",
    "list_outdated",
    "list_overdue",
    "list_people",
    "list_preferences",
    "list_rules",
    "list_told",
    "list_told_singly",
    "load_hours",
    "lock_rules",
    "select_due",
]
