"""Everything the item page offers: in which state, to whom, and what can stand in the way."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.access.rules import Action
from tracker.corrections.rules import APPROVING
from tracker.items.rules import State


class Act(StrEnum):
    """Everything the item page offers."""

    ASSIGN = "assign"
    ISSUE = "issue"
    ADD_MEASURES = "add_measures"
    SPLIT = "split"
    LINK_RECURRENCE = "link_recurrence"
    VOID = "void"
    ACCEPT = "accept"
    ASK_REASSIGNMENT = "ask_reassignment"
    REASSIGN = "reassign"
    REFUSE_REASSIGNMENT = "refuse_reassignment"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    WRITE_ENTRY = "write_entry"
    ADD_EVIDENCE = "add_evidence"
    ADD_OUTCOME = "add_outcome"
    APPLY = "apply"
    RETRACT = "retract"
    DECIDE = "decide"
    DECLARE = "declare"
    ANSWER_DECLARATION = "answer_declaration"
    ENTER_DECISION = "enter_decision"
    CONFIRM = "confirm"
    SET_RECUSAL = "set_recusal"
    ASK_AMENDMENT = "ask_amendment"
    DECIDE_AMENDMENT = "decide_amendment"
    ASK_CORRECTION = "ask_correction"
    DECIDE_CORRECTION = "decide_correction"
    LOOK_AGAIN = "look_again"
    CHECK_LASTING = "check_lasting"
    LOG_CALL = "log_call"
    JOIN = "join"
    PART = "part"
    NUDGE = "nudge"


class WhyNot(StrEnum):
    """What stands in the way of something a person could otherwise do."""

    INCOMPLETE = "incomplete"
    REQUEST_OPEN = "request_open"
    EXTENSION_OPEN = "extension_open"
    PAST_DUE = "past_due"
    PARTY = "party"
    CORRECTION_OPEN = "correction_open"
    AMENDMENT_OPEN = "amendment_open"
    NO_EVIDENCE = "no_evidence"
    OWN_APPLICATION = "own_application"
    DECIDED_EARLIER = "decided_earlier"
    ALREADY_DECIDED = "already_decided"
    DECLARED = "declared"
    JOINT = "joint"


A, S = Act, State
# State → what it allows, the most pressing first.
ACTS: Mapping[State, tuple[Act, ...]] = {
    S.DRAFT: (A.ISSUE, A.ASSIGN, A.ADD_MEASURES, A.SPLIT, A.LINK_RECURRENCE, A.SET_RECUSAL, A.VOID),
    S.ISSUED: (
        A.ACCEPT,
        A.ASK_REASSIGNMENT,
        A.REASSIGN,
        A.REFUSE_REASSIGNMENT,
        A.DECIDE_CORRECTION,
        A.DECIDE_AMENDMENT,
        A.DECIDE_EXTENSION,
        A.ASK_EXTENSION,
        A.ADD_MEASURES,
        A.NUDGE,
        A.ASSIGN,
        A.ASK_AMENDMENT,
        A.LOG_CALL,
        A.SET_RECUSAL,
        A.JOIN,
        A.PART,
        A.WITHDRAW,
        A.ASK_CORRECTION,
    ),
    S.WORKING: (
        A.APPLY,
        A.ADD_EVIDENCE,
        A.WRITE_ENTRY,
        A.ADD_MEASURES,
        A.ADD_OUTCOME,
        A.DECLARE,
        A.ANSWER_DECLARATION,
        A.ASK_REASSIGNMENT,
        A.REASSIGN,
        A.REFUSE_REASSIGNMENT,
        A.DECIDE_CORRECTION,
        A.DECIDE_AMENDMENT,
        A.DECIDE_EXTENSION,
        A.ASK_EXTENSION,
        A.NUDGE,
        A.ASSIGN,
        A.ASK_AMENDMENT,
        A.CHECK_LASTING,
        A.LOG_CALL,
        A.SET_RECUSAL,
        A.JOIN,
        A.PART,
        A.WITHDRAW,
        A.ASK_CORRECTION,
    ),
    S.SUSTAINED: (
        A.DECIDE_CORRECTION,
        A.DECIDE_AMENDMENT,
        A.APPLY,
        A.ADD_EVIDENCE,
        A.WRITE_ENTRY,
        A.ADD_MEASURES,
        A.ADD_OUTCOME,
        A.DECLARE,
        A.ANSWER_DECLARATION,
        A.NUDGE,
        A.ASSIGN,
        A.ASK_AMENDMENT,
        A.CHECK_LASTING,
        A.LOG_CALL,
        A.SET_RECUSAL,
        A.JOIN,
        A.PART,
        A.WITHDRAW,
        A.ASK_CORRECTION,
    ),
    S.APPLIED: (A.DECIDE, A.ENTER_DECISION, A.RETRACT),
    S.CLOSED: (A.LOOK_AGAIN, A.DECIDE_CORRECTION, A.CONFIRM, A.ASK_CORRECTION),
    S.WITHDRAWN: (A.DECIDE_CORRECTION, A.RESTORE, A.ASK_CORRECTION),
    S.VOID: (),
}

# Act → the actions of the permission table of which one must be allowed. DECIDE depends on the step.
PERMITTED: Mapping[Act, tuple[Action, ...]] = {
    A.ASSIGN: (Action.EDIT_ITEM,),
    A.ISSUE: (Action.ISSUE,),
    A.ADD_MEASURES: (Action.EDIT_ITEM, Action.REPORT),
    A.SPLIT: (Action.DRAW_UP,),
    A.LINK_RECURRENCE: (Action.DRAW_UP,),
    A.VOID: (Action.WITHDRAW,),
    A.ACCEPT: (Action.ACCEPT,),
    A.ASK_REASSIGNMENT: (Action.ASK_REASSIGNMENT,),
    A.REASSIGN: (Action.REASSIGN,),
    A.REFUSE_REASSIGNMENT: (Action.REASSIGN,),
    A.ASK_EXTENSION: (Action.ASK_EXTENSION,),
    A.DECIDE_EXTENSION: (Action.DECIDE_AS_OFFICE, Action.DECIDE_AS_LEADER),
    A.WITHDRAW: (Action.WITHDRAW,),
    A.RESTORE: (Action.WITHDRAW,),
    A.WRITE_ENTRY: (Action.REPORT_OWN_LINE,),
    A.ADD_EVIDENCE: (Action.REPORT_OWN_LINE,),
    A.ADD_OUTCOME: (Action.REPORT,),
    A.APPLY: (Action.APPLY,),
    A.RETRACT: (Action.APPLY,),
    A.DECLARE: (Action.APPLY,),
    A.ANSWER_DECLARATION: (Action.DECIDE_AS_OFFICE,),
    A.ENTER_DECISION: (Action.ENTER_DECISION,),
    A.CONFIRM: (Action.ENTER_DECISION,),
    A.SET_RECUSAL: (Action.ISSUE,),
    A.ASK_AMENDMENT: (Action.ASK_AMENDMENT,),
    A.DECIDE_AMENDMENT: APPROVING,
    A.ASK_CORRECTION: (Action.DECIDE_AS_OFFICE,),
    A.DECIDE_CORRECTION: APPROVING,
    A.LOOK_AGAIN: (Action.REINSPECT,),
    A.CHECK_LASTING: (Action.REINSPECT,),
    A.LOG_CALL: (Action.REVIEW_REPORT,),
    A.JOIN: (Action.EDIT_ITEM,),
    A.PART: (Action.EDIT_ITEM,),
    A.NUDGE: (Action.NUDGE,),
}

# What can be the one big button: for those whose own work it is, and for those who decide.
OWN_WORK = frozenset({A.ACCEPT, A.APPLY, A.ADD_EVIDENCE, A.WRITE_ENTRY})
DECIDING = frozenset({A.DECIDE, A.DECIDE_AMENDMENT, A.DECIDE_CORRECTION, A.DECIDE_EXTENSION})
REQUESTS = DECIDING - {A.DECIDE}
ANSWERING = frozenset({A.REASSIGN, A.ANSWER_DECLARATION})
DRAFTING = frozenset({A.ISSUE, A.ASSIGN})
# A parent's work is told of its children; only their making is done on it.
OF_PARENTS = frozenset({A.ASSIGN, A.SPLIT})
# What tells of the matter itself; of a secret item it stands on paper.
OF_THE_MATTER = frozenset({A.ADD_MEASURES, A.WRITE_ENTRY, A.ADD_EVIDENCE, A.ADD_OUTCOME})
del A, S
