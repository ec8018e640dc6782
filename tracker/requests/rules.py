"""The life of a request, and the words for it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l

REASON_MAX, OPINION_MAX = 2000, 1000


class RequestState(StrEnum):
    """Where a request is."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    RETRACTED = "retracted"


class RequestEvent(StrEnum):
    """What moves it on."""

    APPROVE = "approve"
    REFUSE = "refuse"
    RETRACT = "retract"


S, E = RequestState, RequestEvent
TRANSITIONS: Mapping[tuple[RequestState, RequestEvent], RequestState] = {
    (S.PENDING, E.APPROVE): S.APPROVED,
    (S.PENDING, E.REFUSE): S.REFUSED,
    (S.PENDING, E.RETRACT): S.RETRACTED,
}
DECIDED = frozenset({S.APPROVED, S.REFUSED})
del S, E

STATE_LABELS: Mapping[RequestState, object] = {
    RequestState.PENDING: _l("待审批"),
    RequestState.APPROVED: _l("已批准"),
    RequestState.REFUSED: _l("未批准"),
    RequestState.RETRACTED: _l("已撤回"),
}
VERDICT_LABELS: Mapping[RequestEvent, object] = {
    RequestEvent.APPROVE: _l("批准"),
    RequestEvent.REFUSE: _l("不批准"),
}


def words_of(key: str, value: Any) -> object | None:
    """The word for a decision in the trail."""
    return VERDICT_LABELS.get(RequestEvent(value)) if key == "approval" and value in set(RequestEvent) else None


def move(state: RequestState, event: RequestEvent) -> RequestState:
    """The state after an event; raises Conflict when the table has no such line."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        message = _l("这份申请现在是“%(state)s”，不再等待审批。", state=STATE_LABELS[state])
        raise Conflict(message) from None


def check_opinion(verdict: RequestEvent, opinion: str) -> None:
    """Refusing tells why."""
    if verdict is RequestEvent.REFUSE and not opinion.strip():
        raise DomainError(_l("不批准时请写明理由。"), field="opinion")
