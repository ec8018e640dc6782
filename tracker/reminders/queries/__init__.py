"""Reading what is to be told, to whom, and by which rule."""

from tracker.reminders.queries.digests import (
    KIND,
    ToldStep,
    list_channels,
    list_emptied,
    list_numbers,
    list_outdated,
    list_told,
)
from tracker.reminders.queries.drafting import NOTICE_COLUMNS, list_drafted, select_notices_due
from tracker.reminders.queries.notices import get_request, get_review, list_items
from tracker.reminders.queries.recipients import list_answerable, list_people
from tracker.reminders.queries.rules import (
    Foreseen,
    count_sources,
    find_choice,
    find_same_rule,
    find_set_named,
    get_rule,
    get_set,
    list_foreseen,
    list_rules,
    list_rules_by_id,
    list_sets,
    list_without_account,
    lock_rules,
)
from tracker.reminders.queries.steps import COLUMNS, select_due, select_new
from tracker.reminders.queries.upcoming import list_counted, list_told_on

__all__ = [
    "COLUMNS",
    "KIND",
    "NOTICE_COLUMNS",
    "Foreseen",
    "ToldStep",
    "count_sources",
    "find_choice",
    "find_same_rule",
    "find_set_named",
    "get_request",
    "get_review",
    "get_rule",
    "get_set",
    "list_answerable",
    "list_channels",
    "list_counted",
    "list_drafted",
    "list_emptied",
    "list_foreseen",
    "list_items",
    "list_numbers",
    "list_outdated",
    "list_people",
    "list_rules",
    "list_rules_by_id",
    "list_sets",
    "list_told",
    "list_told_on",
    "list_without_account",
    "lock_rules",
    "select_due",
    "select_new",
    "select_notices_due",
]
