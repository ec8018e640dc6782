"""Reading meetings, what is frozen for them, and what of it somebody may see."""

from tracker.meetings.queries.content import (
    count_content,
    list_decided,
    list_frozen_items,
    list_frozen_waits,
)
from tracker.meetings.queries.meetings import (
    find_freeze,
    find_last_frozen,
    find_previous,
    find_produced_by,
    get_decision,
    get_freeze,
    get_meeting,
    has_unissued,
    last_serial,
    list_decisions,
    list_freezes,
    list_frozen_before,
    list_frozen_on,
    lock_meeting,
    select_meetings,
)
from tracker.meetings.queries.sight import Sight, knows_decision, manages, seen_of

__all__ = [
    "Sight",
    "count_content",
    "find_freeze",
    "find_last_frozen",
    "find_previous",
    "find_produced_by",
    "get_decision",
    "get_freeze",
    "get_meeting",
    "has_unissued",
    "knows_decision",
    "last_serial",
    "list_decided",
    "list_decisions",
    "list_freezes",
    "list_frozen_before",
    "list_frozen_items",
    "list_frozen_on",
    "list_frozen_waits",
    "lock_meeting",
    "manages",
    "seen_of",
    "select_meetings",
]
