"""What the section is asked by."""

from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import IntegerField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, Optional

from tracker.core import clock
from tracker.core.errors import DomainError
from tracker.core.forms import CivilDateField, Form, InstantField, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.queries import Choices
from tracker.figures.questions import Question
from tracker.reports.models import TEMPLATE_NAME_LIMIT

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


def _template_file() -> FileField:
    words = _l("在 Word 或 WPS 里写好、存成 .docx 的文件；要填的地方写上名称表里的名称。")
    return FileField(_l("模板文件"), description=words, render_kw={"accept": ".docx,.doc,.wps"})


class TemplateForm(Form):
    """A new template of the office."""

    name = text(_l("模板名称"), TEMPLATE_NAME_LIMIT, required=True, description=_l("如“整改进展报告（上报市委）”。"))
    file = _template_file()


class TemplateFileForm(VersionedForm):
    """Another file for a template."""

    file = _template_file()


class TemplateNameForm(VersionedForm):
    """Another name for a template."""

    name = text(_l("模板名称"), TEMPLATE_NAME_LIMIT, required=True)
