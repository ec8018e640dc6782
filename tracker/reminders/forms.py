"""The forms of reminder rules and their sets, and of what a person chooses for the own mails."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.core.forms import Form, Required, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.outbox.rules import CHANNEL_LABELS, PERSONAL, Channel
from tracker.reminders.hours import Hours
from tracker.reminders.models import ReminderPreference, ReminderRule, RuleSet
from tracker.reminders.rules import (
    CLIMBING,
    DAYS_MAX,
    LABEL_LIMIT,
    NAME_LIMIT,
    SLIP_LIMIT,
    Counts,
    Recipient,
    RuleLight,
    Speech,
    Trigger,
)
from tracker.reminders.wording import COUNTS_LABELS, LIGHT_LABELS, RECIPIENT_LABELS, TRIGGER_LABELS

# The inbox is no choice: it is the record of what somebody was told.
OUTWARD = tuple(each for each in PERSONAL if each is not Channel.INBOX)


def _ticks(label: object, labels: Any, **kwargs: Any) -> SelectMultipleField:
    """Boxes to tick."""
    choices = [SelectChoice(each.value, words) for each, words in labels.items()]
    return SelectMultipleField(
        label, choices=choices, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), **kwargs
    )


def _begins_at(recipient: Recipient) -> IntegerField:
    return IntegerField(
        _l("%(who)s：从第几次提醒起", who=RECIPIENT_LABELS[recipient]),
        validators=[Optional(), NumberRange(1, 50, _l("请填写 1 到 %(max)d 之间的次数。", max=50))],
    )


class RuleForm(VersionedForm):
    """When a rule speaks, to whom, and how. The version is empty for a new one."""

    is_active = BooleanField(_l("启用"))
    trigger = SelectField(
        _l("什么时候提醒"), choices=[SelectChoice(each.value, words) for each, words in TRIGGER_LABELS.items()]
    )
    days = IntegerField(
        _l("天数 N"),
        description=_l("“到期当日”填 0。"),
        validators=[
            Required(_l("请填写天数。")),
            NumberRange(0, DAYS_MAX, _l("请填写 0 到 %(max)d 之间的整数。", max=DAYS_MAX)),
        ],
    )
    counts = RadioField(
        _l("按什么天数计算"),
        choices=[SelectChoice(each.value, words) for each, words in COUNTS_LABELS.items()],
        description=_l("工作日按工作日历计算，节假日不算，调休上班的周末算。"),
    )
    recipients = _ticks(
        _l("提醒谁"), RECIPIENT_LABELS, description=_l("没有账号的人由本单位联络员、负责人或整改办代收。")
    )
    people = text(
        _l("指定人员"), 400, description=_l("填了姓名就提醒，几个人用顿号隔开，须有账号；不再提醒的，请把姓名清空。")
    )
    upper_head_from = _begins_at(Recipient.UPPER_HEAD)
    supervisor_from = _begins_at(Recipient.SUPERVISOR)
    leader_from = _begins_at(Recipient.LEADER)
    light = SelectField(_l("亮灯"), choices=[SelectChoice(each.value, words) for each, words in LIGHT_LABELS.items()])
    label = text(_l("亮灯的叫法"), LABEL_LIMIT, description=_l("如“红灯”“重点督办”，可不填。"))
    slip = text(_l("文书名称"), SLIP_LIMIT, description=_l("如“通知书”“提醒书”，写在提醒前面，可不填。"))
    channels = _ticks(
        _l("站内消息以外的通道"),
        {each: CHANNEL_LABELS[each] for each in OUTWARD},
        description=_l("短信在开通短信网关后才发；工作群另有每日汇总。"),
    )
    drafts_notice = BooleanField(
        _l("同时替整改办拟一份督办单"), description=_l("督办单先是草稿，由整改办签发后才送出。")
    )

    def show(self, rule: ReminderRule) -> None:
        """What a rule says now, in the fields."""
        said = rule.speech
        self.version.data, self.is_active.data = str(rule.version), rule.is_active
        for name in ("days", "label", "slip", "drafts_notice"):
            self._fields[name].data = getattr(said, name)
        self.trigger.data, self.counts.data, self.light.data = said.trigger.value, said.counts.value, said.light.value
        self.recipients.data = [each.value for each, begins_at in said.recipients.items() if not begins_at]
        self.channels.data = [each.value for each in said.channels if each in OUTWARD]
        self.people.data = "、".join(each.person.name for each in rule.people)
        for recipient in CLIMBING:
            if begins_at := said.recipients.get(recipient, 0):
                self._fields[f"{recipient}_from"].data = begins_at + 1

    def begin(self) -> None:
        """What an empty form begins with."""
        self.trigger.data, self.counts.data = Trigger.BEFORE_DUE.value, Counts.NATURAL.value
        self.light.data = RuleLight.YELLOW.value
        self.channels.data = [each.value for each in OUTWARD]

    @property
    def names(self) -> list[str]:
        """The names of the people whom the rule itself names, each once."""
        typed = (self.people.data or "").replace("，", "、").replace(",", "、").split("、")
        return list(dict.fromkeys(filter(None, (each.strip() for each in typed))))

    def speech(self, person_ids: Sequence[int]) -> Speech:
        """What the rule is to say, for a form that is valid."""
        told = {Recipient(each): 0 for each in self.recipients.data or ()}
        for recipient in CLIMBING:
            if begins_at := self._fields[f"{recipient}_from"].data:
                told[recipient] = begins_at - 1
        if person_ids:
            told[Recipient.PERSON] = 0
        return Speech(
            Trigger(self.trigger.data),
            self.days.data,
            told,
            Counts(self.counts.data),
            RuleLight(self.light.data),
            self.label.data or "",
            self.slip.data or "",
            frozenset(Channel(each) for each in self.channels.data or ()),
            self.drafts_notice.data,
            frozenset(person_ids),
        )


class CopyForm(Form):
    """The name of a copied set."""

    name = text(_l("名称"), NAME_LIMIT, required=True, description=_l("如“本市三色提醒”。"))


class ChooseForm(VersionedForm):
    """Which set speaks of a source."""

    rule_set = RadioField(_l("提醒规则"), validators=[Required(_l("请选择一套规则。"))])

    def offer(self, sets: Sequence[RuleSet], notes: dict[str, object]) -> None:
        """Fill the list one chooses from."""
        self.rule_set.choices = [
            SelectChoice(each.key, f"{each.name} — {notes[each.key]}" if each.key in notes else each.name)
            for each in sets
        ]


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
