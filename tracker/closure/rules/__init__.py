"""Codes of applications and decisions, and what both have to keep."""

from tracker.closure.rules.applications import (
    APPLICATION_LABELS,
    EXPLANATION_MIN,
    ApplicationState,
    check_complete,
)
from tracker.closure.rules.decisions import (
    DECISION_LABELS,
    DEMAND_MIN,
    Decision,
    check_closable,
    check_decider,
    check_office_step,
    check_opinion,
    is_own_head,
    words_of,
)
from tracker.closure.rules.manning import (
    find_unmanned,
)

__all__ = [
    "APPLICATION_LABELS",
    "DECISION_LABELS",
    "DEMAND_MIN",
    "EXPLANATION_MIN",
    "ApplicationState",
    "Decision",
    "check_closable",
    "check_complete",
    "check_decider",
    "check_office_step",
    "check_opinion",
    "find_unmanned",
    "is_own_head",
    "words_of",
]
