"""Forms for what was decided on paper, and by whom where people keep out."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, FormField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf

from tracker.closure.rules import DECISION_LABELS, DEMAND_MIN, ROUTE_LABELS, Decision
from tracker.core.errors import DomainError
from tracker.core.forms import CivilDateField, Form, Required, VersionedForm, number_in
from tracker.core.forms import text as words
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext
from tracker.core.signed import SCAN_NOTE
from tracker.sources.rules import STEP_ACTIONS, STEP_LABELS, StepKind

LINES_MAX = 200


class _Paper:
    """What every paper has: the day written on it and its scan."""

    dated_on = CivilDateField(_l("签批日期"), validators=[Required(_l("请填写此项。"))])
    document_number = words(_l("文号或编号"), 80)
    scan = FileField(
        _l("签字扫描件"),
        validators=[FileRequired(_l("请选择扫描件。"))],
        description=SCAN_NOTE,
    )


class PaperForm(_Paper, VersionedForm):
    """One step of an application as it was decided on paper."""

    person = words(
        _l("签批人"),
        40,
        render_kw={"list": "people", "autocomplete": "off"},
        description=_l("在纸上签批的人，须在人员名册里。"),
    )
    body = words(_l("作出决定的会议或机关"), 80)
    decision = SelectField(
        _l("决定"), choices=[SelectChoice(code.value, label) for code, label in DECISION_LABELS.items()]
    )
    opinion = words(
        _l("纸上的意见"),
        2000,
        area=True,
        render_kw={"rows": 4},
        description=_l("照纸上所写录入；退回的不少于 %(min)d 个字。", min=DEMAND_MIN),
    )


class ConfirmationForm(_Paper, VersionedForm):
    """What the superior said of a closed item."""

    body = words(_l("上级机关"), 80, required=True)
    decision = SelectField(
        _l("认定结果"),
        choices=[
            SelectChoice(Decision.PASS.value, lazy_pgettext("confirmation", "予以认定")),
            SelectChoice(Decision.RETURN.value, lazy_pgettext("confirmation", "不予认定，重新整改")),
        ],
    )
    opinion = words(
        _l("认定意见"),
        2000,
        area=True,
        render_kw={"rows": 4},
        description=_l("不予认定的，写明整改要求，不少于 %(min)d 个字。", min=DEMAND_MIN),
    )


class MeetingLine(Form):
    """What a meeting decided on one application; nothing when it was not before the meeting."""

    class Meta:
        csrf = False

    review = HiddenField()
    version = HiddenField()
    decision = SelectField(
        _l("会议决定"),
        choices=[
            SelectChoice("", _l("（未上会）")),
            *(SelectChoice(code.value, label) for code, label in DECISION_LABELS.items()),
        ],
    )
    opinion = words(_l("会议意见"), 2000, area=True, render_kw={"rows": 2})


class _Lines(FieldList):
    """Lines under numbers; a name that only looks like one is none of ours."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        shape = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,6}})-")
        return (int(found[1]) for name in formdata if (found := shape.match(name)))


class MeetingForm(_Paper, Form):
    """The minutes of one meeting, and what it decided on each application."""

    title = words(_l("会议名称"), 200, required=True)
    lines: Any = _Lines(FormField(MeetingLine), max_entries=LINES_MAX)

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at the line it belongs to."""
        for line in self.lines:
            if error.field == f"opinion-{number_in(line.form.review.data)}":
                line.form.opinion.errors = [*line.form.opinion.errors, error.message]
                return
        super().refuse(error)


class RecusalForm(Form):
    """Who decides a step where the usual reviewers keep out."""

    step = SelectField(
        _l("环节"),
        choices=[SelectChoice(step.value, STEP_LABELS[step]) for step in STEP_ACTIONS],
        default=StepKind.OFFICE.value,
    )
    route = SelectField(
        _l("改由谁审核"), choices=[SelectChoice(route.value, label) for route, label in ROUTE_LABELS.items()]
    )
    person = words(
        _l("姓名"),
        40,
        render_kw={"list": "people", "autocomplete": "off"},
        description=_l("“另一位领导”“机关纪委”须填姓名；集体研究和报上级由整改办登记结果。"),
    )
    reason = words(_l("回避的理由"), 400, required=True, area=True, render_kw={"rows": 3})


class DeclarationForm(Form):
    """How far a unit says it is."""

    word = HiddenField(validators=[AnyOf(["basically_completed", "completed"], message=_l("请选择申报的情况。"))])
    on = CivilDateField(_l("完成日期"), validators=[Required(_l("请填写此项。"))])
    statement = words(_l("情况说明"), 2000, required=True, area=True, render_kw={"rows": 6})


class AnswerForm(Form):
    """What the office says of a declaration."""

    decision = HiddenField(validators=[AnyOf(["accept", "return"], message=_l("请选择一项决定。"))])
    answer = words(_l("意见"), 1000, area=True, render_kw={"rows": 4}, description=_l("退回时写明理由。"))
