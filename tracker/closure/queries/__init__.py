"""Reading applications and the steps that wait."""

from tracker.closure.queries.applications import (
    find_last,
    find_pending,
    get_application,
    list_applications,
)
from tracker.closure.queries.deciders import (
    list_possible_deciders,
)
from tracker.closure.queries.drafts import (
    find_draft,
)
from tracker.closure.queries.reviews import (
    find_next_waiting,
    get_review,
    list_waiting,
    select_waiting,
    with_application,
)

__all__ = [
    "find_draft",
    "find_last",
    "find_next_waiting",
    "find_pending",
    "get_application",
    "get_review",
    "list_applications",
    "list_possible_deciders",
    "list_waiting",
    "select_waiting",
    "with_application",
]
