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
from tracker.reminders.queries.digests import KIND, list_emptied, list_numbers, list_outdated, list_told
from tracker.reminders.queries.groups import count_lights, list_lit
from tracker.reminders.queries.notices import get_request, get_review, list_items
from tracker.reminders.queries.receipts import Receipt, list_receipts
from tracker.reminders.queries.recipients import list_answerable, list_people
from tracker.reminders.queries.rules import get_rule, list_rules, lock_rules
from tracker.reminders.queries.steps import COLUMNS, select_due

__all__ = [
    "COLUMNS",
    "KIND",
    "Receipt",
    "count_accounts",
    "count_held",
    "count_lights",
    "count_new",
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
    "list_people",
    "list_receipts",
    "list_rules",
    "list_told",
    "lock_rules",
    "select_due",
    "select_held_steps",
]
