"""Four eyes: who may decide on a request about an item, when somebody else asked and others decided before."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from tracker.access.rules import Subject, UnitSet
from tracker.core.errors import DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class Decider:
    """Who decides, with a click or on paper.

    ``identities`` are all that count as one with them, a substitute and the absent person; ``units`` those they belong
    to with everything above, ``heads`` those they head.
    """

    identities: frozenset[int]
    units: frozenset[int] = frozenset()
    heads: UnitSet = field(default_factory=UnitSet)


def is_party(decider: Decider, subject: Subject) -> bool:
    """Whether somebody is a party to an item: of its lead unit or below, its head, its owner or its handler."""
    lead = subject.lead_unit_id
    if lead is not None and (lead in decider.units or lead in decider.heads):
        return True
    return bool(decider.identities & {subject.owner_id, subject.handler_id})


def check_decider(
    decider: Decider, subject: Subject, *, asking: Collection[int | None], earlier: Collection[int | None] = ()
) -> None:
    """Nobody decides on a request of their own, nobody two of its steps, and no party to the item any of them."""
    if decider.identities & set(asking):
        raise Forbidden(_l("申请人不能决定自己的申请，请由其他人决定。"))
    if decider.identities & set(earlier):
        raise Forbidden(_l("您已决定过这份申请的前一环节，同一人不能决定两个环节。"))
    if is_party(decider, subject):
        message = _l("您是事项的当事人（牵头单位的人、责任人或经办人），须回避，请由其他人决定。")
        raise Forbidden(message)


def check_paper(*, has_person: bool, body: str, paper_on: date, asked_on: date, today: date) -> None:
    """A paper names one who decided, and a day between the asking and today."""
    if has_person == bool(body.strip()):
        raise DomainError(_l("请写明是谁决定的：填一位领导的姓名，或填作出决定的会议、机构。"), field="decider")
    if not asked_on <= paper_on <= today:
        message = _l("决定日期应在申请之日（%(asked)s）到今天之间。", asked=asked_on)
        raise DomainError(message, field="paper_on")
