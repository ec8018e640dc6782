"""Where an application is."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext


class ApplicationState(StrEnum):
    """Where an application is."""

    PENDING = "pending"
    CLOSED = "closed"
    RETURNED = "returned"
    RETRACTED = "retracted"
    SUSTAINED = "sustained"


APPLICATION_LABELS: Mapping[ApplicationState, object] = {
    ApplicationState.PENDING: _l("审核中"),
    ApplicationState.CLOSED: _l("已销号"),
    ApplicationState.RETURNED: lazy_pgettext("decision", "退回补充整改"),
    ApplicationState.RETRACTED: _l("已撤回"),
    ApplicationState.SUSTAINED: lazy_pgettext("decision", "转为持续整改"),
}
