"""What both sides of an application ask of it."""

from tracker.closure.models import Application
from tracker.closure.rules import (
    APPLICATION_LABELS,
    ApplicationState,
)
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l


def refuse_settled(application: Application) -> None:
    """Raise Conflict for an application that waits for nobody any more."""
    if application.state is not ApplicationState.PENDING:
        message = _l("这份申请现在是“%(state)s”，不再等待审核。", state=APPLICATION_LABELS[application.state])
        raise Conflict(message)
