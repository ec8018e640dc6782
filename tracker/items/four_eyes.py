"""Four eyes, and who is a party to an item: told once for every request that others decide about an item.

``items/queries/parties.py`` says the same of whole lists, in SQL.
"""

from collections.abc import Collection
from dataclasses import dataclass

from tracker.access.rules import Subject
from tracker.core.errors import Forbidden
from tracker.core.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class Decider:
    """Who decides, with a click or on paper.

    ``identities`` are all that count as one with them, a substitute and the absent person; ``units`` those they belong
    to with everything above, ``heads`` those they head with everything below.
    """

    identities: frozenset[int]
    units: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()


def is_party(decider: Decider, subject: Subject) -> bool:
    """Whether somebody is a party to an item: of its lead unit or below, its head, its owner or its handler."""
    return subject.lead_unit_id in decider.units | decider.heads or bool(
        decider.identities & {subject.owner_id, subject.handler_id}
    )


def check_four_eyes(
    deciding: Collection[int], *, asking: Collection[int | None], earlier: Collection[int | None] = ()
) -> None:
    """Nobody decides on a request of their own, nobody decides two of its steps.

    Each names a substitute and whom they act for alike: the two count as one person.
    """
    if set(deciding) & set(asking):
        raise Forbidden(_l("申请人不能决定自己的申请，请由其他人决定。"))
    if set(deciding) & set(earlier):
        raise Forbidden(_l("您已决定过这份申请的前一环节，同一人不能决定两个环节。"))


def refuse_party(*, is_party: bool) -> None:
    """No party decides about an item."""
    if is_party:
        message = _l(
            "须由与事项无关的人决定：牵头单位及下属单位的人员、牵头单位负责人、责任人和经办人是当事人，应当回避。"
        )
        raise Forbidden(message)


def check_decider(
    decider: Decider, subject: Subject, *, asking: Collection[int | None], earlier: Collection[int | None] = ()
) -> None:
    """Raise Forbidden for whoever asked, decided a step before, or is a party to the item."""
    check_four_eyes(decider.identities, asking=asking, earlier=earlier)
    refuse_party(is_party=is_party(decider, subject))


def check_entering(entering: Collection[int], *, asking: Collection[int | None]) -> None:
    """Whoever asked does not enter what was decided about it on paper."""
    if set(entering) & set(asking):
        raise Forbidden(_l("申请人不能代录对自己申请的决定，请由整改办其他人登记。"))
