"""The form of one reminder rule."""

from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from tracker.core.forms import VersionedForm
from tracker.core.i18n import lazy_gettext as _l
from tracker.reminders.rules import DAYS_MAX


class RuleForm(VersionedForm):
    """On or off, and how many days."""

    is_active = BooleanField(_l("启用"))
    days = IntegerField(
        _l("天数"),
        validators=[
            InputRequired(_l("请填写天数。")),
            NumberRange(0, DAYS_MAX, _l("请填写 0 到 %(max)d 之间的整数。", max=DAYS_MAX)),
        ],
    )
