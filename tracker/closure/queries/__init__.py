"""Reading applications, the steps that wait and who may decide them, recusals, papers and declarations."""

from tracker.closure.queries.applications import (
    find_last,
    find_pending,
    get_application,
    list_applications,
    with_deciders,
)
from tracker.closure.queries.deciders import (
    is_able,
    is_kept_from,
    list_bearers,
    list_possible_deciders,
    select_bearers,
    select_waiting_steps,
)
from tracker.closure.queries.declarations import find_open_declaration, get_declaration
from tracker.closure.queries.drafts import find_draft
from tracker.closure.queries.recusals import find_recusal, get_recusal, list_manning, list_recusals
from tracker.closure.queries.reviews import (
    FIRST_CLOSED,
    count_waiting,
    find_next_waiting,
    get_review,
    list_waiting,
    select_on_desk,
    select_unconfirmed,
    select_waiting,
    select_waiting_on_bodies,
    select_waiting_on_meetings,
)

__all__ = [
    "FIRST_CLOSED",
    "count_waiting",
    "find_draft",
    "find_last",
    "find_next_waiting",
    "find_open_declaration",
    "find_pending",
    "find_recusal",
    "get_application",
    "get_declaration",
    "get_recusal",
    "get_review",
    "is_able",
    "is_kept_from",
    "list_applications",
    "list_bearers",
    "list_manning",
    "list_possible_deciders",
    "list_recusals",
    "list_waiting",
    "select_bearers",
    "select_on_desk",
    "select_unconfirmed",
    "select_waiting",
    "select_waiting_on_bodies",
    "select_waiting_on_meetings",
    "select_waiting_steps",
    "with_deciders",
]
