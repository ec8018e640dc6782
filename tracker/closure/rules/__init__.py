"""Codes of applications and decisions, and what both have to keep."""

from tracker.closure.rules.applications import (
    APPLICATION_LABELS,
    ApplicationState,
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
from tracker.closure.rules.filing import (
    Filed,
    FiledEvidence,
    FiledMeasure,
    FiledOutcome,
)
from tracker.closure.rules.manning import (
    find_unmanned,
)
from tracker.closure.rules.telling import (
    EXPLANATION_MIN,
    MORE_LIMIT,
    PLEDGE,
    STATEMENT_LIMIT,
    TOLD_LIMIT,
    Basis,
    Incomplete,
    Missing,
    Part,
    Telling,
    check_complete,
    list_missing,
    required_of,
    told_at_first,
    told_field,
)

__all__ = [
    "APPLICATION_LABELS",
    "DECISION_LABELS",
    "DEMAND_MIN",
    "EXPLANATION_MIN",
    "MORE_LIMIT",
    "PLEDGE",
    "STATEMENT_LIMIT",
    "TOLD_LIMIT",
    "ApplicationState",
    "Basis",
    "Decision",
    "Filed",
    "FiledEvidence",
    "FiledMeasure",
    "FiledOutcome",
    "Incomplete",
    "Missing",
    "Part",
    "Telling",
    "check_closable",
    "check_complete",
    "check_decider",
    "check_office_step",
    "check_opinion",
    "find_unmanned",
    "is_own_head",
    "list_missing",
    "required_of",
    "told_at_first",
    "told_field",
    "words_of",
]
