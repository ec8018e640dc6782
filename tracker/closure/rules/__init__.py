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
    check_dated,
    check_decider,
    check_opinion,
    check_who,
    words_of,
)
from tracker.closure.rules.manning import (
    PlannedStep,
    Route,
    UsualStep,
    find_unmanned,
    manned,
    plan_chain,
)
from tracker.closure.rules.recusal import (
    KEPT_FROM_PARTIES,
    PERSONAL_ROUTES,
    ROUTE_LABELS,
    RecusalRoute,
    check_party,
    check_route,
    is_of_a_body,
    is_of_a_meeting,
)

__all__ = [
    "APPLICATION_LABELS",
    "DECISION_LABELS",
    "DEMAND_MIN",
    "EXPLANATION_MIN",
    "KEPT_FROM_PARTIES",
    "PERSONAL_ROUTES",
    "ROUTE_LABELS",
    "ApplicationState",
    "Decision",
    "PlannedStep",
    "RecusalRoute",
    "Route",
    "UsualStep",
    "check_closable",
    "check_complete",
    "check_dated",
    "check_decider",
    "check_opinion",
    "check_party",
    "check_route",
    "check_who",
    "find_unmanned",
    "is_of_a_body",
    "is_of_a_meeting",
    "manned",
    "plan_chain",
    "words_of",
]
