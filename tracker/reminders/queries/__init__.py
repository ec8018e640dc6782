"""Reading what is to be told, to whom, and by which rule."""

from tracker.reminders.queries.capping import (
    count_accounts,
    count_held,
    count_new,
    is_held,
    is_new,
    last_message,
    list_held_rules,
    select_held_steps,
)
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
from tracker.reminders.queries.groups import GROUP, count_lights, list_lit
from tracker.reminders.queries.notices import get_request, get_review, list_items
from tracker.reminders.queries.preferences import find_preference, list_preferences, load_hours
from tracker.reminders.queries.receipts import Receipt, list_receipts
from tracker.reminders.queries.recipients import list_answerable, list_people
from tracker.reminders.queries.rules import get_rule, list_rules, lock_rules
from tracker.reminders.queries.steps import COLUMNS, select_due

__all__ = [
    "COLUMNS",
    "GROUP",
    "KIND",
    "NOTICE",
    "SINGLE",
    "Receipt",
    "count_accounts",
    "count_held",
    "count_lights",
    "count_new",
    "find_preference",
    "get_request",
    "get_review",
    "get_rule",
    "is_held",
    "is_new",
    "last_message",
    "list_answerable",
    "list_emptied",
    "list_held_rules",
    "list_items",
    "list_lit",
    "list_numbers",
    "list_outdated",
    "list_overdue",
    "list_people",
    "list_preferences",
    "list_receipts",
    "list_rules",
    "list_told",
    "list_told_singly",
    "load_hours",
    "lock_rules",
    "select_due",
    "select_held_steps",
]
