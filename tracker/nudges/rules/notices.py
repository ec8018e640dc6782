"""The life of a supervision notice, its number, and when its feedback is late."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext
from tracker.items.rules import RUNNING, STATE_LABELS, Light, State

DEMAND_MAX, FEEDBACK_MAX, ITEMS_MAX = 2000, 4000, 50
NEAR_DAYS = 2
DEMAND = "请高度重视，逐项分析未按时限完成的原因，明确责任人和完成时间，限期整改到位，并按时书面反馈办理情况。"


class NoticeState(StrEnum):
    """Where a supervision notice is."""

    DRAFT = "draft"
    SIGNED = "signed"
    SENT = "sent"
    ANSWERED = "answered"
    VOID = "void"


class NoticeEvent(StrEnum):
    """What can happen to it."""

    EDIT = "edit"
    SIGN = "sign"
    SEND = "send"
    ANSWER = "answer"
    VOID = "void"


S, E = NoticeState, NoticeEvent
TRANSITIONS: Mapping[tuple[NoticeState, NoticeEvent], NoticeState] = {
    (S.DRAFT, E.EDIT): S.DRAFT,
    (S.DRAFT, E.SIGN): S.SIGNED,
    (S.SIGNED, E.SEND): S.SENT,
    (S.SENT, E.ANSWER): S.ANSWERED,
    (S.DRAFT, E.VOID): S.VOID,
    (S.SIGNED, E.VOID): S.VOID,
}
# An item stands on at most one of these at a time.
OPEN = frozenset({S.DRAFT, S.SIGNED, S.SENT})
# What the unit it is addressed to may see.
OUT = frozenset({S.SENT, S.ANSWERED})

NOTICE_LABELS: Mapping[NoticeState, object] = {
    S.DRAFT: lazy_pgettext("notice", "待签发"),
    S.SIGNED: lazy_pgettext("notice", "已签发，待发出"),
    S.SENT: lazy_pgettext("notice", "已发出，待反馈"),
    S.ANSWERED: lazy_pgettext("notice", "已反馈"),
    S.VOID: lazy_pgettext("notice", "已作废"),
}
del S, E


@dataclass
class Addressed:
    """A notice as the permission table sees it: its unit's, and nobody's by relation."""

    lead_unit_id: int | None
    leader_id: int | None = None
    supervisor_id: int | None = None
    owner_id: int | None = None
    handler_id: int | None = None
    supporting_unit_ids: Collection[int] = ()
    reader_ids: Collection[int] | None = None


def move(state: NoticeState, event: NoticeEvent) -> NoticeState:
    """The state after an event; raises Conflict when the table has no such line."""
    following = TRANSITIONS.get((state, event))
    if following is None:
        raise Conflict(_l("这份督办单现在是“%(state)s”，不能这样办理。", state=NOTICE_LABELS[state]))
    return following


def notice_number(prefix: str, year: int, serial: int) -> str:
    """市直工委督〔2026〕3号."""
    return f"{prefix}〔{year}〕{serial}号"


def check_units(unit_ids: Collection[int | None]) -> int:
    """The one unit that all items of a notice are led by; raises DomainError when they are not."""
    found = set(unit_ids)
    if not found:
        raise DomainError(_l("请先选中要督办的事项。"))
    if len(found) > 1:
        raise DomainError(_l("一份督办单只发给一个单位，请按牵头单位分别选择事项。"))
    (unit_id,) = found
    if unit_id is None:
        raise DomainError(_l("还没有牵头单位的事项不能督办。"))
    return unit_id


def check_state(number: str, state: State) -> None:
    """Raise Conflict for an item that is not running."""
    if state not in RUNNING:
        raise Conflict(_l("%(number)s 现在是“%(state)s”，不需要督办。", number=number, state=STATE_LABELS[state]))


def check_feedback_day(feedback_due_on: date, today: date) -> None:
    """The unit is given until today at least."""
    if feedback_due_on < today:
        raise DomainError(_l("反馈时限早于今天，请核对。"), field="feedback_due_on")


def check_signed_on(signed_on: date, drafted_on: date, today: date) -> None:
    """A signature is not of tomorrow, nor older than what it stands under: its year gives the number."""
    if signed_on < drafted_on:
        message = _l("签发日期早于拟稿日期 %(day)s，请核对。", day=drafted_on.isoformat())
        raise DomainError(message, field="signed_on")
    if signed_on > today:
        raise DomainError(_l("签发日期晚于今天，请核对。"), field="signed_on")


def overdue_days(due_on: date | None, day: date) -> int:
    """How many days a deadline has passed on a day; 0 when it has not, or when there is none."""
    return max(0, (day - due_on).days) if due_on else 0


def feedback_light(state: NoticeState, feedback_due_on: date, today: date) -> Light | None:
    """The light of a notice that waits for its unit; None when it waits for nobody there."""
    if state is NoticeState.ANSWERED:
        return Light.CLOSED
    if state is not NoticeState.SENT:
        return None
    if feedback_due_on < today:
        return Light.LATE
    return Light.NEAR if (feedback_due_on - today).days <= NEAR_DAYS else Light.OK
