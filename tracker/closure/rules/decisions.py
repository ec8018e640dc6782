"""Who may decide on an application, and what follows."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from tracker.access.rules import Actor, Role, Subject, UnitSet
from tracker.core.errors import DomainError, Forbidden
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
    """The word for a decision or its step in the trail."""
    if key == "decision" and value in set(Decision):
        return DECISION_LABELS[Decision(value)]
    return STEP_LABELS[StepKind(value)] if key == "step" and value in set(StepKind) else None


def is_own_head(actor: Actor, subject: Subject) -> bool:
    """Whether the person heads the item's lead unit."""
    heads: UnitSet = actor.units((Role.UNIT_HEAD,))
    return not actor.is_system and subject.lead_unit_id in heads


def check_office_step(kind: StepKind, actor: Actor, subject: Subject) -> None:
    """The office's check is made by somebody who does not head the lead unit."""
    if kind is StepKind.OFFICE and is_own_head(actor, subject):
        raise Forbidden(_l("牵头单位的负责人不能代表整改办审核本单位的事项，请由整改办其他人审核。"))


def check_closable(*, then_sustained: bool, closes_when_sustained: bool) -> None:
    """The source's 口径 says whether an item that is kept up for ever may be closed at its date."""
    if then_sustained and not closes_when_sustained:
        raise DomainError(_l("按该来源的口径，需长期坚持的事项不销号，请选择“转为持续整改”。"), field="decision")


def check_decider(
    deciding: Collection[int], *, applying: Collection[int | None], earlier_deciders: Collection[int | None]
) -> None:
    """Four eyes: nobody decides on an application of their own, nobody decides two of its steps.

    ``deciding`` and ``applying`` name a substitute and whom they act for alike: the two count as one person.
    """
    if set(deciding) & set(applying):
        raise Forbidden(_l("申请人不能审核自己的销号申请，请由其他人审核。"))
    if set(deciding) & set(earlier_deciders):
        raise Forbidden(_l("您已审核过这份申请的前一环节，同一人不能审核两个环节。"))


def check_opinion(decision: Decision, opinion: str) -> None:
    """A return says in at least ten characters what is to be put right."""
    if decision is Decision.RETURN and len(opinion.strip()) < DEMAND_MIN:
        message = _l("退回时请写明补充整改要求，不少于 %(min)d 个字。", min=DEMAND_MIN)
        raise DomainError(message, field="opinion")
    if decision is Decision.SUSTAIN and not opinion.strip():
        raise DomainError(_l("转为持续整改时请写明理由。"), field="opinion")
