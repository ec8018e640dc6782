"""Who may decide on an application, and what follows."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from tracker.core.errors import DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l

DEMAND_MIN = 10


class ApplicationState(StrEnum):
    """Where an application is."""

    PENDING = "pending"
    CLOSED = "closed"
    RETURNED = "returned"
    RETRACTED = "retracted"
    SUSTAINED = "sustained"


class Decision(StrEnum):
    """What a decider says of a step."""

    PASS = "pass"
    RETURN = "return"
    SUSTAIN = "sustain"


DECISION_LABELS: Mapping[Decision, object] = {
    Decision.PASS: _l("同意"),
    Decision.RETURN: _l("退回补充整改"),
    Decision.SUSTAIN: _l("转为持续整改"),
}


def check_decider(decider_id: int | None, *, applicant_id: int, earlier_deciders: Collection[int | None]) -> None:
    """Four eyes: nobody decides on an application of their own, nobody decides two of its steps."""
    if decider_id == applicant_id:
        raise Forbidden(_l("申请人不能审核自己的销号申请，请由其他人审核。"))
    if decider_id in earlier_deciders:
        raise Forbidden(_l("您已审核过这份申请的前一环节，同一人不能审核两个环节。"))


def check_opinion(decision: Decision, opinion: str) -> None:
    """A return says in at least ten characters what is to be put right."""
    if decision is Decision.RETURN and len(opinion.strip()) < DEMAND_MIN:
        message = _l("退回时请写明补充整改要求，不少于 %(min)d 个字。", min=DEMAND_MIN)
        raise DomainError(message, field="opinion")
    if decision is Decision.SUSTAIN and not opinion.strip():
        raise DomainError(_l("转为持续整改时请写明理由。"), field="opinion")
