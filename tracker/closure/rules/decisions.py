"""Who may decide on an application, and what follows."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from tracker.closure.rules.recusal import ROUTE_LABELS, RecusalRoute
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext
from tracker.sources.rules import STEP_LABELS, StepKind

DEMAND_MIN = 10


class Decision(StrEnum):
    """What a decider says of a step."""

    PASS = "pass"
    RETURN = "return"
    SUSTAIN = "sustain"


DECISION_LABELS: Mapping[Decision, object] = {
    Decision.PASS: lazy_pgettext("decision", "同意"),
    Decision.RETURN: lazy_pgettext("decision", "退回补充整改"),
    Decision.SUSTAIN: lazy_pgettext("decision", "转为持续整改"),
}


def words_of(key: str, value: Any) -> object | None:
    """The word for a decision, its step or its recusal route in the trail."""
    if key == "decision" and value in set(Decision):
        return DECISION_LABELS[Decision(value)]
    if key == "route" and value in set(RecusalRoute):
        return ROUTE_LABELS[RecusalRoute(value)]
    return STEP_LABELS[StepKind(value)] if key == "step" and value in set(StepKind) else None


def check_closable(*, then_sustained: bool, closes_when_sustained: bool) -> None:
    """The source's 口径 says whether an item that is kept up for ever may be closed at its date."""
    if then_sustained and not closes_when_sustained:
        raise DomainError(_l("按该来源的口径，需长期坚持的事项不销号，请选择“转为持续整改”。"), field="decision")


def check_opinion(decision: Decision, opinion: str) -> None:
    """A return says in at least ten characters what is to be put right."""
    if decision is Decision.RETURN and len(opinion.strip()) < DEMAND_MIN:
        message = _l("退回时请写明补充整改要求，不少于 %(min)d 个字。", min=DEMAND_MIN)
        raise DomainError(message, field="opinion")
    if decision is Decision.SUSTAIN and not opinion.strip():
        raise DomainError(_l("转为持续整改时请写明理由。"), field="opinion")


def check_who(decider_id: int | None, body: str, *, is_body: bool, able: Collection[int]) -> None:
    """A step of one person was decided by one who may (``able``, anybody when empty), that of a body by a body."""
    if is_body and (decider_id is not None or not body.strip()):
        raise DomainError(_l("请写明作出决定的会议或上级机关。"), field="body")
    if not is_body and decider_id is None:
        raise DomainError(_l("请填写在纸上签批的人。"), field="person")
    if not is_body and able and decider_id not in able:
        raise DomainError(
            _l("这个人无权审核这一环节；如人员或分工有调整，请先更新角色、分工或回避设置。"), field="person"
        )
