"""The forms of superiors' forms: a blank, what its columns mean, one issue of it."""

from collections.abc import Sequence

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange

from tracker.core.forms import CivilDateField, Form, Required, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.office.sheets import ROWS_LIMIT
from tracker.sources.models import Source
from tracker.submissions.columns import BY_HEADING

NEEDED = _l("请填写此项。")


class BlankForm(Form):
    """A blank that a superior sends."""

    source = SelectField(_l("填哪个来源的事项"), coerce=int)
    title = text(_l("报表名称"), 200, required=True, description=_l("如“巡察整改进展情况月报表”。"))
    recipient = text(_l("报送单位"), 200, description=_l("报给谁，如“市委巡察办”，可以不填。"))
    file = FileField(
        _l("空白表"),
        description=_l("上级下发的 .xlsx 或 .docx 原表，表头、顺序和合并单元格都保持不变。"),
        render_kw={"accept": ".xlsx,.docx,.xls,.et,.doc,.wps"},
    )

    def offer(self, sources: Sequence[Source]) -> None:
        """The sources to choose from, the newest first."""
        self.source.choices = [SelectChoice(each.id, f"{each.number} {each.title}") for each in sources]


class ColumnsForm(VersionedForm):
    """From which row to which a form is filled; what its columns print is read by ``chosen``."""

    first_row = IntegerField(_l("从第几行开始填"), validators=[Required(NEEDED), NumberRange(1, ROWS_LIMIT)])
    last_row = IntegerField(
        _l("到第几行为止是空行"),
        validators=[Required(NEEDED), NumberRange(1, ROWS_LIMIT)],
        description=_l("行数不够时自动增加，下面的合计、签字等内容顺次下移。"),
    )


def chosen(typed: MultiDict[str, str]) -> dict[int, str]:
    """What each column prints, by its number, as far as it is a heading of ours."""
    named = {name.removeprefix("column-"): value for name, value in typed.items() if name.startswith("column-")}
    return {int(column): value for column, value in named.items() if column.isdecimal() and value in BY_HEADING}


class IssueForm(Form):
    """One issue to be made."""

    as_of = CivilDateField(_l("统计截止日"), validators=[Required(NEEDED)])
    due_on = CivilDateField(_l("报送期限"), description=_l("上级要求哪天前报，可以不填。"))


class HandInForm(VersionedForm):
    """What became of an issue."""

    signed_by = text(_l("签发人"), 100, description=_l("谁签的字。"))
    due_on = CivilDateField(_l("报送期限"))
    handed_in_on = CivilDateField(_l("报送日期"), description=_l("填写后这一期不再改动。"))
    note = text(_l("备注"), 1000, area=True)
    scan = FileField(_l("签字盖章的扫描件"), render_kw={"accept": ".pdf,image/*"})
