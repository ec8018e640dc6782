"""Forms of nudging, replying, and of supervision notices."""

import re
import secrets
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectChoice, SelectMultipleField
from wtforms.validators import Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.core.forms import CivilDateField, Form, Required, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.nudges.rules.notices import DEMAND_MAX, FEEDBACK_MAX
from tracker.nudges.rules.nudging import REPLY_MAX, SENTENCE_MAX, TOLD_LABELS, Told

BATCH = re.compile(r"[0-9a-f]{16}")
NUMBERS_MAX = 20_000


class NudgeForm(Form):
    """Whom to press, and a sentence with it. ``batch`` names the press, so that a double click sends once."""

    numbers = HiddenField()
    batch = HiddenField(validators=[Regexp(BATCH, message=_l("页面已过期，请刷新后再催办。"))])
    told = SelectMultipleField(
        _l("催办对象"),
        choices=[SelectChoice(each.value, label) for each, label in TOLD_LABELS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
        description=_l("没有账号的，改为通知联络员和单位负责人。"),
    )
    sentence = text(_l("附一句话"), SENTENCE_MAX, area=True, render_kw={"rows": 2}, description=_l("可以不填。"))

    def begin(self, numbers: list[str]) -> None:
        """A fresh press about these items; the usual recipients are chosen."""
        self.numbers.data, self.batch.data = " ".join(numbers), secrets.token_hex(8)
        self.told.data = [Told.HANDLER.value, Told.LIAISON.value]

    @property
    def chosen(self) -> list[str]:
        """The numbers of the items, each once."""
        return list(dict.fromkeys(str(self.numbers.data or "")[:NUMBERS_MAX].split()))

    @property
    def recipients(self) -> list[Told]:
        """Whom the sender chose; what is no recipient is left out."""
        ticked: Any = self.told.data or ()
        return [each for each in Told if each.value in ticked]


class ReplyForm(Form):
    """One line from the unit."""

    reply = text(_l("回复"), REPLY_MAX, required=True, description=_l("一句话：现在到哪一步，何时完成。"))


class _Draft:
    demand = text(_l("督办要求"), DEMAND_MAX, required=True, area=True, render_kw={"rows": 5})
    feedback_due_on = CivilDateField(_l("反馈时限"), validators=[Required(_l("请填写此项。"))])


class DraftForm(_Draft, Form):
    """A new notice about chosen items."""

    numbers = HiddenField()

    @property
    def chosen(self) -> list[str]:
        """The numbers of the items, each once."""
        return list(dict.fromkeys(str(self.numbers.data or "")[:NUMBERS_MAX].split()))


class EditForm(_Draft, VersionedForm):
    """What a draft demands and by when."""


class SignatureForm(VersionedForm):
    """Whose name stands on the paper, and its scan."""

    signer = text(_l("签发人"), 40, required=True, render_kw={"list": "people", "autocomplete": "off"})
    signed_on = CivilDateField(_l("签发日期"), validators=[Required(_l("请填写此项。"))])
    scan = FileField(_l("签字扫描件"), validators=[FileRequired(_l("请选择签字扫描件。"))])


class FeedbackForm(Form):
    """What the unit did about it."""

    feedback = text(_l("办理情况反馈"), FEEDBACK_MAX, required=True, area=True, render_kw={"rows": 8})


class NoticeQuery(Form):
    """What the list of notices is narrowed to."""

    unit = text(_l("主送单位"), 200)

    class Meta(Form.Meta):
        csrf = False
