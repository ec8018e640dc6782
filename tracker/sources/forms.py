"""The forms of sources."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FieldList, FormField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange

from tracker.core.errors import DomainError
from tracker.core.forms import CivilDateField, Form, Required, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.sources.rules import (
    COUNTING_LABELS,
    KIND_LABELS,
    MILESTONE_LABELS,
    STEP_LABELS,
    TITLE_LIMIT,
    Counting,
    StepKind,
)

TOLD = (
    "title",
    "issuing_body",
    "accountable_body",
    "document_number",
    "at_once_days",
    "check_months",
    "closes_when_sustained",
    "leaves_out_sustained",
    "counting",
)


class _Told:
    """What may be told of a source at any time."""

    title = text(_l("标题"), 200, required=True)
    issuing_body = text(_l("反馈机构"), 200)
    accountable_body = text(_l("整改责任主体"), 200, description=_l("对这次反馈负总责的党组织。"))
    document_number = text(_l("文号"), 80, description=_l("如 市直工委〔2026〕5号；印发后填写。"))
    at_once_days = IntegerField(
        _l("立行立改的期限（天）"),
        validators=[Required(_l("请填写此项。")), NumberRange(1, 365, _l("请填写 1 到 365 之间的整数。"))],
        description=_l("自反馈之日起计算。"),
    )
    check_months = IntegerField(
        _l("长期整改事项隔几个月检查一次"),
        default=3,
        validators=[Required(_l("请填写此项。")), NumberRange(1, 24, _l("请填写 1 到 24 之间的整数。"))],
        description=_l("转为持续整改和长期坚持的事项，按这个间隔检查。"),
    )
    closes_when_sustained = BooleanField(
        _l("“限期完成并长期坚持”的事项，到期可以先销号，再跟踪巩固"),
        description=_l("这是统计口径，印在每个百分比下面。"),
    )
    leaves_out_sustained = BooleanField(
        _l("持续整改的事项不计入销号率和整改完成率的分母"),
        description=_l("默认计入。这也是统计口径；改动后，各日的比率都按新口径计算，反馈总数不变。"),
    )
    counting = SelectField(
        _l("计数"),
        default=Counting.WHOLES,
        choices=[SelectChoice(way.value, label) for way, label in COUNTING_LABELS.items()],
        coerce=Counting,
        description=_l(
            "只统计这个来源时用。按总项，一个问题分给几个单位的只计一次；按分项，各单位的分项各计一次，没有分项的问题不计。"
        ),
    )

    def told(self) -> dict[str, Any]:
        """The plain columns as typed."""
        return {name: getattr(self, name).data for name in TOLD}


class DrawUpForm(_Told, Form):
    """A source by hand: a plain work plan, or the decisions of a meeting."""

    kind = SelectField(_l("来源类型"), choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()])
    received_on = CivilDateField(_l("反馈（印发）日期"), validators=[Required(_l("请填写此项。"))])


class EditForm(_Told, VersionedForm):
    """What is told of a source that stands; its kind, day and number never change."""


class StepLine(Form):
    """One step of a closing chain; an empty one is left out."""

    class Meta:
        csrf = False

    kind = SelectField(
        _l("环节"),
        choices=[SelectChoice("", _l("（没有）")), *(SelectChoice(k.value, v) for k, v in STEP_LABELS.items())],
    )
    named = text(_l("指定审核人"), 40, render_kw={"list": "people", "autocomplete": "off"})


class ChainForm(VersionedForm):
    """The steps that close a source's items, in their order."""

    steps: Any = FieldList(FormField(StepLine), min_entries=len(StepKind), max_entries=len(StepKind))

    def chain(self) -> dict[StepKind, str]:
        """The chosen steps in their order, each with the name typed beside it.

        Raises DomainError for a step that is chosen twice, or a name without a step.
        """
        found: dict[StepKind, str] = {}
        for line in self.steps:
            kind, name = line.form.kind.data, line.form.named.data or ""
            if kind in found or (name and not kind):
                raise DomainError(_l("每个环节只能选一次；指定了审核人的，请选择环节。"), field="steps")
            if kind:
                found[StepKind(kind)] = name
        return found

    def refuse(self, error: DomainError) -> None:
        """Show a refusal above the form: it belongs to the steps together."""
        self.form_errors.append(error.message)


class DocumentForm(Form):
    """A paper to be filed beside a source."""

    title = text(_l("文件名称"), 200, required=True, description=_l("如“整改方案签批件”“问题清单盖章件”。"))
    file = FileField(_l("扫描件或文件"), validators=[FileRequired(_l("请选择文件。"))])


class MilestoneForm(VersionedForm):
    """A date that the source has to keep, and who answers for it. The version is empty for a new one."""

    kind = SelectField(_l("节点"), choices=[SelectChoice(kind.value, name) for kind, name in MILESTONE_LABELS.items()])
    title = text(_l("节点名称"), TITLE_LIMIT, description=_l("“其他节点”必填；其余可不填。"))
    due_on = CivilDateField(_l("日期"), validators=[Required(_l("请填写此项。"))])
    unit = text(_l("负责单位"), 80, render_kw={"list": "units", "autocomplete": "off"})
    owner = text(
        _l("责任人"),
        40,
        render_kw={"list": "people", "autocomplete": "off"},
        description=_l("单位和责任人都不填，由整改办负责。"),
    )


class HandInForm(VersionedForm):
    """What was handed in at a milestone."""

    handed_in_on = CivilDateField(_l("报送日期"), validators=[Required(_l("请填写此项。"))])
    document_number = text(_l("文号"), 80)
    file = FileField(_l("报送的文件"), description=_l("可不选；选了新文件就替换原来的。"))


def by_label(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the labels of their fields, for the page that shows a conflict."""
    return {str(form[name].label.text): value for name, value in values.items()}
