"""Nudges and notices in words."""

from collections.abc import Mapping
from datetime import date

from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import Light
from tracker.items.wording import ShownLight
from tracker.nudges.models import SupervisionNotice
from tracker.nudges.queries import Side
from tracker.nudges.rules.notices import NoticeState, feedback_light

SIDE_LABELS: Mapping[Side, object] = {
    Side.RECEIVED: _l("催办我的"),
    Side.SENT: _l("我发出的"),
    Side.ALL: _l("全部"),
}


def light_of(notice: SupervisionNotice, today: date) -> ShownLight | None:
    """The light of a notice."""
    return light_of_feedback(notice.state, notice.feedback_due_on, today)


def light_of_feedback(state: NoticeState, feedback_due_on: date, today: date) -> ShownLight | None:
    """The light of a notice that waits for its unit's answer, or has it; None before it is sent."""
    code = feedback_light(state, feedback_due_on, today)
    if code is None:
        return None
    if code is Light.CLOSED:
        return ShownLight(code, _("已反馈"))
    days = (feedback_due_on - today).days
    if days < 0:
        return ShownLight(code, _("反馈逾期%(n)d天", n=-days))
    return ShownLight(code, _("还剩%(n)d天", n=days) if days else _("今天到期"))
