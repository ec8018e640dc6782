"""Reading rounds, what is owed in them, and to whom it is told."""

from tracker.rounds.queries.opening import (
    find_present_round,
    find_rhythm,
    list_open,
    list_untouched_ids,
    select_waiting_of_source,
)
from tracker.rounds.queries.owed import count_own, last_told, list_lines, list_locked, list_reports, select_own

__all__ = [
    "count_own",
    "find_present_round",
    "find_rhythm",
    "last_told",
    "list_lines",
    "list_locked",
    "list_open",
    "list_reports",
    "list_untouched_ids",
    "select_own",
    "select_waiting_of_source",
]
