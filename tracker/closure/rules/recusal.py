"""Who keeps out of a step because the item is their own, and who decides it then."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext
from tracker.items.four_eyes import refuse_party
from tracker.sources.rules import STEP_ACTIONS, StepKind


class RecusalRoute(StrEnum):
    """Who decides a step in place of the usual reviewers: a person, or a body whose decision the office enters."""

    LEADER = "leader"
    DISCIPLINE = "discipline"
    COLLECTIVE = "collective"
    SUPERIOR = "superior"


ROUTE_LABELS: Mapping[RecusalRoute, object] = {
    RecusalRoute.LEADER: lazy_pgettext("recusal", "另一位领导"),
    RecusalRoute.DISCIPLINE: lazy_pgettext("recusal", "机关纪委"),
    RecusalRoute.COLLECTIVE: lazy_pgettext("recusal", "集体研究"),
    RecusalRoute.SUPERIOR: lazy_pgettext("recusal", "报上级审核"),
}

PERSONAL_ROUTES = frozenset({RecusalRoute.LEADER, RecusalRoute.DISCIPLINE})

# What a party to the item never decides. The unit's own head is a party, and decides the unit's step.
KEPT_FROM_PARTIES = frozenset({StepKind.OFFICE, StepKind.LEADER, StepKind.COLLECTIVE})


def is_of_a_body(kind: StepKind, route: RecusalRoute | None) -> bool:
    """Whether no one person decides a step, but a meeting or the superior, and the office enters what they decided."""
    return kind not in STEP_ACTIONS or (route is not None and route not in PERSONAL_ROUTES)


def is_of_a_meeting(kind: StepKind, route: RecusalRoute | None) -> bool:
    """Whether a step is decided by a meeting's minutes."""
    return kind is StepKind.COLLECTIVE or route is RecusalRoute.COLLECTIVE


def check_party(kind: StepKind, route: RecusalRoute | None, *, is_party: bool) -> None:
    """The office's, the leader's and the collective's step, and whatever stands in for one, keep parties out."""
    refuse_party(is_party=is_party and (kind in KEPT_FROM_PARTIES or route is not None))


def check_route(step: StepKind, route: RecusalRoute, *, person_id: int | None, is_party: bool) -> None:
    """Raise DomainError for a route of a step that no person decides, without its person, or to a party."""
    if step not in STEP_ACTIONS:
        raise DomainError(_l("这一环节不由个人审核，不需要设置回避。"), field="step")
    if (route in PERSONAL_ROUTES) != (person_id is not None):
        raise DomainError(_l("由“另一位领导”或“机关纪委”审核的，请填写姓名；其他方式不填姓名。"), field="person")
    if is_party:
        raise DomainError(_l("这个人也与事项有关，应当回避，请另选一人。"), field="person")
