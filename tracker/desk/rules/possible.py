"""What a person can do with an item now, what stands in the way, and who is next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tracker.access.rules import Action, Actor, Role, Subject, can
from tracker.amendments.rules import approved_by
from tracker.closure.rules import ApplicationState
from tracker.corrections.rules import possible_kinds
from tracker.desk.rules.acts import (
    ACTS,
    ANSWERING,
    DECIDING,
    DRAFTING,
    OF_PARENTS,
    OF_THE_MATTER,
    OWN_WORK,
    PERMITTED,
    REQUESTS,
    Act,
    WhyNot,
)
from tracker.desk.rules.piece import Piece
from tracker.desk.rules.pieces import Whole
from tracker.extensions.rules import LEVEL_ACTIONS, Level
from tracker.items.rules import DeadlineKind, State, is_lasting
from tracker.progress.rules import REPORTABLE, own_units


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


# What is left out where it has no sense: it is no refusal, so no reason is told.
HIDDEN: Mapping[Act, Callable[[LivingItem, Whole], bool]] = {
    # What was issued with measures changes by request, what another item carries there.
    Act.ADD_MEASURES: lambda item, whole: whole.follows or (item.state is not State.DRAFT and bool(whole.measures)),
    Act.REFUSE_REASSIGNMENT: lambda _item, whole: whole.open_request is None,
    Act.JOIN: lambda _item, whole: whole.is_joint,
    Act.PART: lambda _item, whole: whole.carrier is None,
}


def _is_offered(act: Act, item: LivingItem, actor: Actor, whole: Whole) -> bool:
    if whole.children and act not in OF_PARENTS:
        return False
    if act in (Act.SPLIT, Act.LINK_RECURRENCE) and item.parent_id is not None:
        return False
    if act in HIDDEN and HIDDEN[act](item, whole):
        return False
    if act in OF_THE_MATTER and item.is_secret:
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
    if act is Act.CHECK_LASTING and not is_lasting(item.state, item.deadline_kind):
        return False
    if act is Act.LOOK_AGAIN:
        return _is_looked_at_by(actor, item, whole.open_look)
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


def _is_looked_at_by(actor: Actor, item: LivingItem, look: Piece | None) -> bool:
    """Whether the item waits for a second look by this person; the office assigns it or enters it for others."""
    if look is None:
        return False
    return look.unit_id in actor.identities or can(actor, Action.REINSPECT, item)


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
    if act is Act.REASSIGN and whole.is_joint:
        return WhyNot.JOINT
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
