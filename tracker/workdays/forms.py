"""Forms of the calendar."""

from typing import Any

from wtforms import IntegerField, RadioField, SelectChoice
from wtforms.validators import NumberRange

from tracker.core.forms import CivilDateField, Form, Required, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.workdays.models import CalendarDay

WORKED, OFF = "worked", "off"
ADDED_MAX = 240


class DayForm(VersionedForm):
    """Whether a day is worked, what it is called, and why it is put right."""

    kind = RadioField(
        _l("这一天"),
        choices=[SelectChoice(WORKED, _l("上班")), SelectChoice(OFF, _l("休息"))],
        validators=[Required(_l("请选择上班或休息。"))],
    )
    name = text(_l("名称"), 40, description=_l("如“国庆节”；没有可以不填。"))
    reason = text(_l("理由"), 200, required=True, description=_l("如通知的文号；记入操作日志。"))

    def fill(self, day: CalendarDay) -> None:
        """Show what stands; the reason is always a new one."""
        self.kind.data = WORKED if day.is_working else OFF
        self.name.data, self.version.data = day.name, str(day.version)

    @property
    def is_working(self) -> bool:
        """Whether the day is worked."""
        return bool(self.kind.data == WORKED)


class ReckoningQuery(Form):
    """A day, and how many working days to add to it."""

    since = CivilDateField(_l("起算日"))
    days = IntegerField(
        _l("工作日天数"),
        validators=[NumberRange(1, ADDED_MAX, _l("请填写 1 到 %(max)d 之间的整数。", max=ADDED_MAX))],
    )

    class Meta(Form.Meta):
        csrf = False

    def asked(self, arguments: Any) -> bool:
        """Whether anything was asked, and it can be read."""
        return "since" in arguments and self.validate() and self.since.data is not None
