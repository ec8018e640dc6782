"""What a person can do with an item now, what stands in the way, and who is next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from tracker.access.rules import Action, Actor, Role, Subject, can
from tracker.amendments.rules import approved_by
from tracker.closure.rules import ApplicationState, is_of_a_body, is_of_a_meeting
from tracker.corrections.rules import APPROVING, possible_kinds
from tracker.desk.rules.pieces import Piece, Whole, step_kind, step_route
from tracker.extensions.rules import LEVEL_ACTIONS, Level
from tracker.items.rules import DeadlineKind, State
from tracker.progress.rules import REPORTABLE, own_units
from tracker.sources.rules import StepKind


class Act(StrEnum):
    """Everything the item page offers."""

    ASSIGN = "assign"
    ISSUE = "issue"
    ADD_MEASURES = "add_measures"
    SPLIT = "split"
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
    LOG_CALL = "log_call"
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


A, S = Act, State
# State → what it allows, the most pressing first.
ACTS: Mapping[State, tuple[Act, ...]] = {
    S.DRAFT: (A.ISSUE, A.ASSIGN, A.ADD_MEASURES, A.SPLIT, A.SET_RECUSAL, A.VOID),
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
        A.LOG_CALL,
        A.SET_RECUSAL,
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
        A.LOG_CALL,
        A.SET_RECUSAL,
        A.WITHDRAW,
        A.ASK_CORRECTION,
    ),
    S.APPLIED: (A.DECIDE, A.ENTER_DECISION, A.RETRACT),
    S.CLOSED: (A.DECIDE_CORRECTION, A.CONFIRM, A.ASK_CORRECTION),
    S.WITHDRAWN: (A.DECIDE_CORRECTION, A.RESTORE, A.ASK_CORRECTION),
    S.VOID: (),
}

# Act → the actions of the permission table of which one must be allowed. DECIDE depends on the step.
PERMITTED: Mapping[Act, tuple[Action, ...]] = {
    A.ASSIGN: (Action.EDIT_ITEM,),
    A.ISSUE: (Action.ISSUE,),
    A.ADD_MEASURES: (Action.EDIT_ITEM, Action.REPORT),
    A.SPLIT: (Action.DRAW_UP,),
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
    A.LOG_CALL: (Action.REVIEW_REPORT,),
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

NAMES_SHOWN = 6


class LivingItem(Subject, Protocol):
    """What must be known of an item beside who stands where."""

    state: State
    parent_id: int | None
    due_on: date | None
    deadline_kind: DeadlineKind | None
    confirmed_on: date | None

    @property
    def is_secret(self) -> bool:
        """Whether it only holds the place of what stands on paper."""
        ...


@dataclass(frozen=True)
class Possible:
    """One thing a person may do; ``why_not`` tells what stands in the way now."""

    act: Act
    is_primary: bool = False
    why_not: WhyNot | None = None


def available(item: LivingItem, actor: Actor, whole: Whole, *, today: date) -> list[Possible]:
    """What the person may do, the most pressing first; at most one is primary, and that one can be done."""
    found: list[Possible] = []
    for act in ACTS[item.state]:
        if _is_offered(act, item, actor, whole):
            found.append(Possible(act, why_not=_why_not(act, item, actor, whole, today)))
    first = next((each for each in found if each.why_not is None and _is_pressing(each.act, item, actor, whole)), None)
    return [Possible(each.act, each is first, each.why_not) for each in found]


def _is_offered(act: Act, item: LivingItem, actor: Actor, whole: Whole) -> bool:
    if whole.children and act not in OF_PARENTS:
        return False
    if act is Act.SPLIT and item.parent_id is not None:
        return False
    if act in OF_THE_MATTER and item.is_secret:
        return False
    if act is Act.REFUSE_REASSIGNMENT and whole.open_request is None:
        return False
    if act is Act.ADD_MEASURES and item.state not in REPORTABLE:
        return can(actor, Action.EDIT_ITEM, item)
    if act is Act.ASK_EXTENSION and item.due_on is None:
        return False
    if act is Act.DECIDE_EXTENSION:
        return _waits_on(actor, item, whole)
    if act is Act.DECIDE_AMENDMENT:
        return _approves(actor, item, whole.open_amendment)
    if act is Act.ASK_CORRECTION and not _is_correctable(item, whole):
        return False
    if act is Act.DECIDE_CORRECTION and not _is_anothers(actor, whole.open_correction):
        return False
    if act is Act.ANSWER_DECLARATION and whole.open_declaration is None:
        return False
    if act is Act.CONFIRM and not _is_confirmable(item, whole):
        return False
    if act is Act.ENTER_DECISION and (whole.last_round is None or whole.last_round.waiting is None):
        return False
    if act is Act.RETRACT:
        return whole.last_round is not None and bool(whole.last_round.applicants & actor.identities)
    if act is Act.DECIDE:
        return actor.stands_as in {each.by_id for each in whole.deciders}
    return any(can(actor, action, item) for action in PERMITTED[act])


def _is_confirmable(item: LivingItem, whole: Whole) -> bool:
    """Whether the superior's word is still to come; what was closed elsewhere has no application to enter it on."""
    last = whole.last_round
    return item.confirmed_on is None and last is not None and last.application.state == ApplicationState.CLOSED


def _is_correctable(item: LivingItem, whole: Whole) -> bool:
    return whole.last_event is not None and bool(possible_kinds(item.state, whole.last_event))


def _is_anothers(actor: Actor, asked: Piece | None) -> bool:
    return asked is not None and not actor.identities & {asked.by_id, asked.for_id}


def _approves(actor: Actor, item: LivingItem, asked: Piece | None) -> bool:
    return _is_anothers(actor, asked) and can(actor, approved_by(is_by_office=bool(asked and asked.flag)), item)


def _waits_on(actor: Actor, item: LivingItem, whole: Whole) -> bool:
    """Whether a request for an extension is at the person's level, and neither asked for nor decided by them."""
    asked = whole.open_extension
    if asked is None or not can(actor, LEVEL_ACTIONS[Level(asked.code or "")], item):
        return False
    return not actor.identities & whole.extension_hands(asked)


def _why_not(act: Act, item: LivingItem, actor: Actor, whole: Whole, today: date) -> WhyNot | None:
    if act is Act.ISSUE and (item.lead_unit_id is None or item.deadline_kind is None):
        return WhyNot.INCOMPLETE
    if act in (Act.ACCEPT, Act.ASK_REASSIGNMENT) and whole.open_request is not None:
        return WhyNot.REQUEST_OPEN
    if act is Act.DECLARE and whole.open_declaration is not None:
        return WhyNot.DECLARED
    if act is Act.ASK_EXTENSION:
        return _why_not_ask(item, whole, today)
    if act is Act.ASK_AMENDMENT and whole.open_amendment is not None:
        return WhyNot.AMENDMENT_OPEN
    if act is Act.ASK_CORRECTION and whole.open_correction is not None:
        return WhyNot.CORRECTION_OPEN
    if act in REQUESTS and item.lead_unit_id in actor.units((Role.UNIT_HEAD,)):
        return WhyNot.PARTY
    if act is Act.APPLY and not whole.evidence and not item.is_secret:
        return WhyNot.NO_EVIDENCE
    if act is Act.RETRACT and whole.last_round and whole.last_round.deciders:
        return WhyNot.ALREADY_DECIDED
    if act is Act.ENTER_DECISION and whole.last_round and whole.last_round.applicants & actor.identities:
        return WhyNot.OWN_APPLICATION
    if act is Act.DECIDE and whole.last_round:
        return _why_not_decide(actor, whole)
    return None


def _why_not_ask(item: LivingItem, whole: Whole, today: date) -> WhyNot | None:
    if whole.open_extension is not None:
        return WhyNot.EXTENSION_OPEN
    return WhyNot.PAST_DUE if item.due_on is not None and item.due_on < today else None


def _why_not_decide(actor: Actor, whole: Whole) -> WhyNot | None:
    round_ = whole.last_round
    if round_ is not None and round_.applicants & actor.identities:
        return WhyNot.OWN_APPLICATION
    if round_ is not None and actor.identities & round_.deciders:
        return WhyNot.DECIDED_EARLIER
    if any(each.flag and each.by_id in actor.identities for each in whole.deciders):
        return WhyNot.PARTY
    return None


def _is_pressing(act: Act, item: LivingItem, actor: Actor, whole: Whole) -> bool:
    if act in DECIDING:
        return True
    if act in OWN_WORK:
        return bool(own_units(actor, item)) and not (act is Act.APPLY and whole.open_request)
    if act in ANSWERING:
        return (whole.open_request if act is Act.REASSIGN else whole.open_declaration) is not None
    return act in DRAFTING and item.state is State.DRAFT


class NextCode(StrEnum):
    """What is waited for."""

    ISSUE = "issue"
    ACCEPT = "accept"
    REASSIGN = "reassign"
    WORK = "work"
    UNIT_HEAD = "unit_head"
    OFFICE = "office"
    LEADER = "leader"
    COLLECTIVE = "collective"
    SUPERIOR = "superior"
    CONFIRM = "confirm"
    CHILDREN = "children"


@dataclass(frozen=True)
class Next:
    """Who is next: holders of ``roles``, the person the item itself names by ``relation``, or these ``people``."""

    code: NextCode
    roles: tuple[Role, ...] = ()
    relation: str = ""
    people: tuple[str, ...] = ()


def who_is_next(item: LivingItem, whole: Whole) -> Next | None:
    """What the item waits for and from whom; None when nothing is waited for."""
    if whole.children:
        return Next(NextCode.CHILDREN)
    if whole.open_request is not None and item.state in (State.ISSUED, State.WORKING):
        return Next(NextCode.REASSIGN, (Role.OFFICE,))
    if item.state is State.APPLIED and whole.last_round and whole.last_round.waiting:
        return _next_decider(item, whole, whole.last_round.waiting)
    if item.state is State.CLOSED and whole.last_round and whole.last_round.unconfirmed:
        return Next(NextCode.CONFIRM, (Role.OFFICE,))
    return _NEXT.get(item.state)


_NEXT: Mapping[State, Next] = {
    State.DRAFT: Next(NextCode.ISSUE, (Role.OFFICE,)),
    State.ISSUED: Next(NextCode.ACCEPT, (Role.LIAISON, Role.UNIT_HEAD)),
    State.WORKING: Next(NextCode.WORK, relation="handler"),
    State.SUSTAINED: Next(NextCode.WORK, relation="handler"),
}


def _next_decider(item: LivingItem, whole: Whole, waiting: Piece) -> Next:
    round_, kind, route = whole.last_round, step_kind(waiting), step_route(waiting)
    if is_of_a_body(kind, route):
        is_meeting = is_of_a_meeting(kind, route)
        return Next(NextCode.COLLECTIVE if is_meeting else NextCode.SUPERIOR, (Role.OFFICE,))
    excluded = {*round_.applicants, *round_.deciders} if round_ else set()
    able = [each for each in whole.deciders if not each.flag and each.by_id not in excluded]
    if kind is StepKind.LEADER and route is None:
        able = [each for each in able if each.by_id == item.leader_id] or able
    names = {each.by_id: each.by or "" for each in able}
    return Next(NextCode(kind), people=tuple(names.values())[:NAMES_SHOWN])


def next_people(following: Next, whole: Whole) -> list[str]:
    """The names of those who are next, the nearest holders of a role first, a handful at most."""
    found = [each for each in whole.holders if each.code in following.roles]
    names = {each.by_id: each.by or "" for each in found}
    return list(following.people) or list(names.values())[:NAMES_SHOWN]
