"""What of an issued item may be changed by request, who decides, and what follows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tracker.access.rules import Action
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import STATE_LABELS as ITEM_STATES
from tracker.items.rules import TRANSITIONS as LIFE
from tracker.items.rules import Event, State

REASON_MAX, OPINION_MAX, TEXT_MAX = 2000, 1000, 20_000

# The finding is never changed; another lead unit is a reassignment, another deadline an extension.
AMENDABLE = frozenset(state for state, event in LIFE if event is Event.ASSIGN) - {State.DRAFT}


class Amended(StrEnum):
    """What may be changed."""

    MEASURES = "measures"
    SUPPORTING_UNITS = "supporting_units"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    OWNER = "owner"
    GOAL = "goal"


class AmendmentState(StrEnum):
    """Where a request is."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    RETRACTED = "retracted"


class AmendmentEvent(StrEnum):
    """What moves it on."""

    APPROVE = "approve"
    REFUSE = "refuse"
    RETRACT = "retract"


S, E = AmendmentState, AmendmentEvent
TRANSITIONS: Mapping[tuple[AmendmentState, AmendmentEvent], AmendmentState] = {
    (S.PENDING, E.APPROVE): S.APPROVED,
    (S.PENDING, E.REFUSE): S.REFUSED,
    (S.PENDING, E.RETRACT): S.RETRACTED,
}
del S, E

AMENDED_LABELS: Mapping[Amended, object] = {
    Amended.MEASURES: _l("整改措施"),
    Amended.SUPPORTING_UNITS: _l("配合单位"),
    Amended.LEADER: _l("责任领导"),
    Amended.SUPERVISOR: _l("分管领导"),
    Amended.OWNER: _l("责任人"),
    Amended.GOAL: _l("整改目标"),
}
STATE_LABELS: Mapping[AmendmentState, object] = {
    AmendmentState.PENDING: _l("待审批"),
    AmendmentState.APPROVED: _l("已批准"),
    AmendmentState.REFUSED: _l("未批准"),
    AmendmentState.RETRACTED: _l("已撤回"),
}
VERDICTS = (AmendmentEvent.APPROVE, AmendmentEvent.REFUSE)
VERDICT_LABELS: Mapping[AmendmentEvent, object] = {
    AmendmentEvent.APPROVE: _l("批准"),
    AmendmentEvent.REFUSE: _l("不批准"),
}


def words_of(key: str, value: Any) -> object | None:
    """The word for a decision in the trail."""
    return VERDICT_LABELS.get(AmendmentEvent(value)) if key == "approval" and value in set(AmendmentEvent) else None


def move(state: AmendmentState, event: AmendmentEvent) -> AmendmentState:
    """The state after an event; raises Conflict when the table has no such line."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        message = _l("这份申请现在是“%(state)s”，不再等待审批。", state=STATE_LABELS[state])
        raise Conflict(message) from None


def check_amendable(state: State) -> None:
    """Raise Conflict for a draft, which is changed directly, and for what is applied for or over."""
    if state not in AMENDABLE:
        raise Conflict(_l("事项现在是“%(state)s”，不能申请变更。", state=ITEM_STATES[state]))


def approved_by(*, is_by_office: bool) -> Action:
    """Whose leave a request needs: the office's for what a unit asks, a leader's for what the office itself asks."""
    return Action.DECIDE_AS_LEADER if is_by_office else Action.DECIDE_AS_OFFICE


def differences(old: Mapping[Amended, str], new: Mapping[Amended, str]) -> dict[Amended, tuple[str, str]]:
    """What differs, field by field; raises DomainError when nothing does."""
    changed = {field: (old[field], new[field].strip()) for field in Amended if new[field].strip() != old[field].strip()}
    if not changed:
        raise DomainError(_l("没有任何改动：请直接修改要变更的内容，其余保持不变。"))
    return changed


def check_opinion(verdict: AmendmentEvent, opinion: str) -> None:
    """Refusing tells why."""
    if verdict is AmendmentEvent.REFUSE and not opinion.strip():
        raise DomainError(_l("不批准时请写明理由。"), field="opinion")
