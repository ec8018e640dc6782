"""The form of one reminder rule, and of what a person chooses for the own mails."""

from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange

from tracker.core.forms import VersionedForm
from tracker.core.i18n import lazy_gettext as _l
from tracker.reminders.hours import Hours
from tracker.reminders.models import ReminderPreference
from tracker.reminders.rules import DAYS_MAX
from tracker.reminders.wording import COUNTS_LABELS


class RuleForm(VersionedForm):
    """On or off, how many days, and which days count."""

    is_active = BooleanField(_l("启用"))
    counts = RadioField(
        _l("按什么天数计算"),
        choices=[SelectChoice(counts, words) for counts, words in COUNTS_LABELS.items()],
        description=_l("工作日按工作日历计算，节假日不算，调休上班的周末算。"),
    )
    days = IntegerField(
        _l("天数"),
        validators=[
            InputRequired(_l("请填写天数。")),
            NumberRange(0, DAYS_MAX, _l("请填写 0 到 %(max)d 之间的整数。", max=DAYS_MAX)),
        ],
    )


class PreferenceForm(VersionedForm):
    """The hour of the digest, and whether overdue items come one by one."""

    digest_hour = SelectField(_l("每日提醒的时间"), validate_choice=False)
    overdue_singly = BooleanField(
        _l("逾期事项逐件发邮件"), description=_l("其余事项仍合并为一封；站内消息和待办不受影响。")
    )

    def offer(self, hours: Hours) -> None:
        """The hours to choose from, the usual one first."""
        usual = _l("按单位统一设置（%(hour)d 点）", hour=hours.hour_for(None))
        chosen = [SelectChoice(str(hour), _l("%(hour)d 点", hour=hour)) for hour in hours.choices()]
        self.digest_hour.choices = [SelectChoice("", usual), *chosen]

    def fill(self, mine: ReminderPreference | None) -> None:
        """Show what stands."""
        hour: Any = mine.digest_hour if mine else None
        self.digest_hour.data = "" if hour is None else str(hour)
        self.overdue_singly.data = bool(mine and mine.overdue_singly)
        self.version.data = str(mine.version if mine else 1)

    @property
    def hour(self) -> int | None:
        """The hour chosen; -1, which nobody may choose, for anything that is none."""
        typed = self.digest_hour.data or ""
        if not typed:
            return None
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else -1
