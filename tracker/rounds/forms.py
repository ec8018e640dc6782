"""Forms of rounds."""

from typing import Any

from wtforms import FormField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice

from tracker.core.errors import DomainError
from tracker.core.forms import CivilDateField, Form, InstantField, Lines, Required, VersionedForm, number_in, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.progress.rules import ENTRY_LIMIT
from tracker.rounds.rules import ANSWER_LIMIT, KIND_LABELS, SHIFT_LABELS, WHOM_LIMIT

LINES_MAX = 50


class ReportLine(Form):
    """One report among many."""

    class Meta:
        csrf = False

    report = HiddenField()
    version = HiddenField()
    text = text(_l("本次进展"), ENTRY_LIMIT, area=True, render_kw={"rows": 4})


class ReportForm(Form):
    """All that is owed on one page."""

    lines: Any = Lines(FormField(ReportLine), max_entries=LINES_MAX)

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at the line it belongs to."""
        for line in self.lines:
            if error.field == f"text-{number_in(line.report.data)}":
                line.form.text.errors = [*line.form.text.errors, error.message]
                return
        super().refuse(error)


class RhythmForm(VersionedForm):
    """How often a source wants to hear."""

    kind = SelectField(
        _l("周期"), choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()], default="monthly"
    )
    day = IntegerField(
        _l("填报日"),
        validators=[Required(_l("请填写填报日。"))],
        description=_l("每月填几日（如 25）；每半月填第一次的日子（如 15，第二次晚15天）；每周填星期几（1 到 7）。"),
    )
    shift = SelectField(
        _l("遇周末、节假日"),
        choices=[SelectChoice(shift.value, label) for shift, label in SHIFT_LABELS.items()],
        default="before",
    )
    starts_on = CivilDateField(
        _l("从哪天起"),
        validators=[Required(_l("请填写此项。"))],
        description=_l("这一天及以后的第一个填报日是第一期。"),
    )


class ReturnForm(Form):
    """Why a text is returned."""

    reason = text(_l("退回的理由"), ANSWER_LIMIT, required=True, area=True)


class CallForm(Form):
    """A call about an item."""

    whom = text(_l("接听人"), WHOM_LIMIT, required=True, render_kw={"list": "people", "autocomplete": "off"})
    called_at = InstantField(_l("通话时间"), description=_l("不填为现在；补记的请写 2026-04-24 09:00。"))
    answer = text(_l("答复"), ANSWER_LIMIT, required=True, area=True)
