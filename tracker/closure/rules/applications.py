"""Where an application is, and what it must tell."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext

EXPLANATION_MIN = 10


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


def check_complete(statement: str, *, measures: int, done: int, evidence: int) -> None:
    """An application tells what was done, proves it, and explains what of the measures is not done.

    Raises DomainError naming what is missing.
    """
    statement = statement.strip()
    if evidence == 0:
        raise DomainError(_l("还没有佐证材料，请先上传至少一份再申请销号。"))
    if not statement:
        raise DomainError(_l("请填写完成情况。"), field="statement")
    if (measures == 0 or done < measures) and len(statement) < EXPLANATION_MIN:
        message = _l(
            "整改措施完成 %(done)d / %(all)d，未全部完成时请在完成情况中说明原因，不少于 %(min)d 个字。",
            done=done,
            all=measures,
            min=EXPLANATION_MIN,
        )
        raise DomainError(message, field="statement")
