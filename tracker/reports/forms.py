"""What reports are asked by."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, Optional

from tracker.core import clock
from tracker.core.addresses import read_id
from tracker.core.errors import DomainError
from tracker.core.forms import CivilDateField, Form, InstantField, Required, VersionedForm
from tracker.core.forms import text as words
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.queries import Choices
from tracker.figures.questions import Question
from tracker.office.text_templates import TEXT_LIMIT as WORDING_LIMIT
from tracker.reports.kinds import (
    EDITION_LABELS,
    KIND_LABELS,
    NAME_LIMIT,
    NUMBER_LIMIT,
    SHIPPED,
    SHIPPED_LABELS,
    SIGNER_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    Edition,
    ReportKind,
)
from tracker.reports.models import ReportTemplate, ReportWording
from tracker.reports.operations import Imprint, Order
from tracker.reports.shipped_templates import SHIPPED_LABELS as TEMPLATE_LABELS

FIRST_YEAR = 2000


class SectionForm(Form):
    """Which section: of which year, as of which day, as known when, about which sources."""

    class Meta:
        csrf = False

    year = IntegerField(_l("报告年度"), [Optional(), NumberRange(FIRST_YEAR, 2100, _l("请填写四位年份。"))])
    as_of = CivilDateField(_l("统计截止日"))
    source = SelectMultipleField(_l("来源（不选即全部，可多选）"), coerce=int, render_kw={"size": 2})
    decimals = SelectField(_l("百分比"), coerce=int)
    known_at = InstantField(_l("按当时所知（可不填）"))

    def offer(self, choices: Choices) -> None:
        """Fill the lists one chooses from."""
        self.source.choices = [SelectChoice(id_, title) for id_, title in choices.sources]
        labels = (_l("取整数"), _l("1位小数"), _l("2位小数"))
        self.decimals.choices = [SelectChoice(number, label) for number, label in enumerate(labels)]

    @property
    def chosen_year(self) -> int:
        """The year asked for, this year unless another is."""
        return int(self.year.data or clock.today().year)

    @property
    def chosen_day(self) -> date:
        """The day asked for: today, or for a year gone by its last day, unless another is."""
        return self.as_of.data or min(clock.today(), date(self.chosen_year, 12, 31))

    def question(self) -> Question:
        """What is asked of the figures; raises DomainError when a field can't be read."""
        if not self.validate():
            raise DomainError(_l("查询条件有误，请核对。"))
        return Question(self.chosen_day, self.known_at.data, source_ids=tuple(self.source.data or ()))

    def address(self) -> dict[str, Any]:
        """The same question as arguments of an address, with year and day written out."""
        args: dict[str, Any] = {"year": self.chosen_year, "as_of": self.chosen_day.isoformat()}
        args |= {"source": self.source.data or [], "decimals": self.decimals.data}
        return args | ({"known_at": self.known_at.raw} if self.known_at.data else {})


class DraftForm(Form):
    """A report as it is ordered."""

    kind = SelectField(_l("报告类型"), choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()])
    title = words(_l("标题"), TITLE_LIMIT, required=True, description=_l("如“2026年度整改进展情况报告”。"))
    first_on = CivilDateField(_l("起始日期"), description=_l("不填即统计截止日所在年份的1月1日。"))
    as_of = CivilDateField(_l("统计截止日"), description=_l("不填即今天。"))
    known_at = InstantField(_l("按当时所知（可不填）"), description=_l("填过去的时间，数字就按那时已登记的写。"))
    unit = SelectField(_l("单位范围（含下级）"), coerce=read_id, default=None)
    source = SelectMultipleField(_l("来源（不选即全部，可多选）"), coerce=int, render_kw={"size": 4})
    decimals = SelectField(_l("百分比"), coerce=int)
    edition = SelectField(
        _l("稿别"), choices=[SelectChoice(each.value, label) for each, label in EDITION_LABELS.items()]
    )
    wording = SelectField(_l("行文模板"), description=_l("正文先按行文模板写好，再由您修改。"))

    def offer(self, choices: Choices, own: Sequence[ReportWording], *, is_everywhere: bool) -> None:
        """Fill the lists one chooses from; the whole organ only for whom it belongs to."""
        whole = [SelectChoice("", _l("全部单位"))] if is_everywhere else []
        self.unit.choices = whole + [SelectChoice(str(id_), words) for id_, words in choices.units]
        self.source.choices = [SelectChoice(id_, title) for id_, title in choices.sources]
        labels = (_l("取整数"), _l("1位小数"), _l("2位小数"))
        self.decimals.choices = [SelectChoice(number, label) for number, label in enumerate(labels)]
        self.wording.choices = wording_choices(own)

    def ordered(self) -> Order:
        """What was ordered."""
        as_of = self.as_of.data or clock.today()
        return Order(
            kind=ReportKind(self.kind.data),
            title=self.title.data or "",
            first_on=self.first_on.data or date(as_of.year, 1, 1),
            as_of=as_of,
            decimals=self.decimals.data,
            wording=self.wording.data or SHIPPED[ReportKind(self.kind.data)][0],
            unit_id=self.unit.data,
            source_ids=tuple(self.source.data or ()),
            edition=Edition(self.edition.data),
        )


def wording_choices(own: Sequence[ReportWording]) -> list[SelectChoice]:
    """The wordings one may write by: that of the kind, the shipped ones, those of the office."""
    shipped = [SelectChoice(name, label) for name, label in SHIPPED_LABELS.items()]
    office = [SelectChoice(str(each.id), each.name) for each in own]
    return [SelectChoice("", _l("按报告类型")), *shipped, *office]


class TextForm(VersionedForm):
    """The draft as it is typed, its figures in their marks."""

    title = words(_l("标题"), TITLE_LIMIT, required=True)
    template = SelectField(_l("文件格式"), default="")
    text = words(_l("正文"), TEXT_LIMIT, area=True)

    def offer(self, own: Sequence[ReportTemplate], present: str) -> None:
        """Fill in the templates: the plain form, those that are shipped, those of the office in use or chosen."""
        shipped = [SelectChoice(each.value, label) for each, label in TEMPLATE_LABELS.items()]
        kept = [each for each in own if not each.is_retired or str(each.id) == present]
        office = [SelectChoice(str(each.id), each.name) for each in kept]
        self.template.choices = [SelectChoice("", _l("公文格式，带数据口径和附表")), *shipped, *office]


class DriftForm(Form):
    """As of which day the figures are looked at anew."""

    class Meta:
        csrf = False

    as_of = CivilDateField(_l("统计截止日"))


class TakeOverForm(VersionedForm):
    """Taking figures over as they were shown: as of which day, as known when, and which of them."""

    as_of = HiddenField()
    known_at = HiddenField()
    accepted = SelectMultipleField(validate_choice=False)


class TypicalForm(VersionedForm):
    """Choosing the items that are told as typical."""

    chosen = SelectMultipleField(_l("典型事项"), validate_choice=False)


class RewriteForm(VersionedForm):
    """Writing the text anew by a wording."""

    wording = SelectField(_l("行文模板"))


class EditionForm(Form):
    """Making another edition."""

    edition = SelectField(_l("稿别"))


class IssueForm(VersionedForm):
    """Issuing a report."""

    number = words(_l("文号"), NUMBER_LIMIT, description=_l("如 市直工委〔2026〕12号；可不填。"))
    issued_on = CivilDateField(_l("印发日期"), validators=[Required(_l("请填写印发日期。"))], default=clock.today)
    signer = words(_l("签发人"), SIGNER_LIMIT, description=_l("印在红头文件上；可不填。"))
    is_looked_at = BooleanField(_l("以上提示已逐条核对"))

    @property
    def imprint(self) -> Imprint:
        """What is printed on the report."""
        return Imprint(self.issued_on.data or clock.today(), self.number.data or "", self.signer.data or "")

    @property
    def told(self) -> dict[str, Any]:
        """What was looked at."""
        return {"is_looked_at": self.is_looked_at.data, "version": self.seen_version}


class WordingForm(VersionedForm):
    """A wording of the office."""

    kind = SelectField(_l("报告类型"), choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()])
    name = words(_l("名称"), NAME_LIMIT, required=True)
    text = words(_l("行文模板"), WORDING_LIMIT, required=True, area=True, render_kw={"rows": 24})


def _template_file() -> FileField:
    told = _l("在 Word 或 WPS 里写好、存成 .docx 的文件；要填的地方写上名称表里的名称。")
    return FileField(_l("模板文件"), description=told, render_kw={"accept": ".docx,.doc,.wps"})


class TemplateForm(Form):
    """A new template of the office."""

    name = words(_l("模板名称"), NAME_LIMIT, required=True, description=_l("如“整改进展报告（上报市委）”。"))
    file = _template_file()


class TemplateFileForm(VersionedForm):
    """Another file for a template."""

    file = _template_file()


class TemplateNameForm(VersionedForm):
    """Another name for a template."""

    name = words(_l("模板名称"), NAME_LIMIT, required=True)
