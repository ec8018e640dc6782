"""What may be put right, who approves it, and what follows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tracker.access.rules import Action
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import TRANSITIONS as LIFE
from tracker.items.rules import UNDONE, Event, State

REASON_MAX, OPINION_MAX = 2000, 1000

# Another person of the office, or a leader.
APPROVING = (Action.DECIDE_AS_OFFICE, Action.DECIDE_AS_LEADER)


class CorrectionKind(StrEnum):
    """A wrong decision is taken back from the day it counted; what was closed rightly is taken up again today."""

    UNDO = "undo"
    REOPEN = "reopen"


class CorrectionState(StrEnum):
    """Where a request is."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    RETRACTED = "retracted"


class CorrectionEvent(StrEnum):
    """What moves it on."""

    APPROVE = "approve"
    REFUSE = "refuse"
    RETRACT = "retract"


S, E = CorrectionState, CorrectionEvent
TRANSITIONS: Mapping[tuple[CorrectionState, CorrectionEvent], CorrectionState] = {
    (S.PENDING, E.APPROVE): S.APPROVED,
    (S.PENDING, E.REFUSE): S.REFUSED,
    (S.PENDING, E.RETRACT): S.RETRACTED,
}
del S, E

KIND_LABELS: Mapping[CorrectionKind, object] = {
    CorrectionKind.UNDO: _l("冲正"),
    CorrectionKind.REOPEN: _l("重新整改"),
}
KIND_NOTES: Mapping[CorrectionKind, object] = {
    CorrectionKind.UNDO: _l("冲正：最近一次决定有误，恢复到决定之前的状态"),
    CorrectionKind.REOPEN: _l("重新整改：销号无误，但问题反弹，从今天起重新整改"),
}
STATE_LABELS: Mapping[CorrectionState, object] = {
    CorrectionState.PENDING: _l("待审批"),
    CorrectionState.APPROVED: _l("已批准"),
    CorrectionState.REFUSED: _l("未批准"),
    CorrectionState.RETRACTED: _l("已撤回"),
}
EVENT_LABELS: Mapping[Event, object] = {
    Event.CLOSE: _l("销号"),
    Event.SEND_BACK: _l("退回补充整改"),
    Event.SUSTAIN: _l("转持续整改"),
    Event.WITHDRAW: _l("核减"),
    Event.EXTEND: _l("延期"),
}
VERDICTS = (CorrectionEvent.APPROVE, CorrectionEvent.REFUSE)
VERDICT_LABELS: Mapping[CorrectionEvent, object] = {
    CorrectionEvent.APPROVE: _l("批准"),
    CorrectionEvent.REFUSE: _l("不批准"),
}


def words_of(key: str, value: Any) -> object | None:
    """The words for what was asked and decided in the trail."""
    if key == "correction_kind" and value in set(CorrectionKind):
        return KIND_LABELS[CorrectionKind(value)]
    if key == "wrong" and value in set(Event):
        return EVENT_LABELS.get(Event(value))
    return VERDICT_LABELS.get(CorrectionEvent(value)) if key == "approval" and value in set(CorrectionEvent) else None


def move(state: CorrectionState, event: CorrectionEvent) -> CorrectionState:
    """The state after an event; raises Conflict when the table has no such line."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        message = _l("这份申请现在是“%(state)s”，不再等待审批。", state=STATE_LABELS[state])
        raise Conflict(message) from None


def possible_kinds(state: State, last: Event) -> list[CorrectionKind]:
    """What may be asked of an item in this state whose last change was this."""
    kinds = [CorrectionKind.REOPEN] if (state, Event.REOPEN) in LIFE else []
    return [*kinds, CorrectionKind.UNDO] if last in UNDONE else kinds


def check_kind(kind: CorrectionKind, state: State, last: Event) -> None:
    """Raise Conflict unless this may be asked of the item as it now is."""
    if kind not in possible_kinds(state, last):
        raise Conflict(_l("事项现在的状态不能这样处理：只有最近一次决定可以冲正，只有已销号的事项可以重新整改。"))


def check_opinion(verdict: CorrectionEvent, opinion: str) -> None:
    """Refusing tells why."""
    if verdict is CorrectionEvent.REFUSE and not opinion.strip():
        raise DomainError(_l("不批准时请写明理由。"), field="opinion")
