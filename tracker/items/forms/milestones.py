"""Dates inside an item."""

from flask_wtf.file import FileField

from tracker.core.forms import CivilDateField, Required, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.forms.naming import PEOPLE
from tracker.sources.rules import TITLE_LIMIT


class MilestoneForm(VersionedForm):
    """A date and who answers for it. The version is empty for a new one."""

    title = text(_l("节点名称"), TITLE_LIMIT, required=True)
    due_on = CivilDateField(_l("日期"), validators=[Required(_l("请填写此项。"))])
    owner = text(_l("责任人"), 40, render_kw=PEOPLE, description=_l("不填就由事项的责任人负责。"))


class HandInForm(VersionedForm):
    """What was handed in at a date."""

    handed_in_on = CivilDateField(_l("报送日期"), validators=[Required(_l("请填写此项。"))])
    document_number = text(_l("文号"), 80)
    file = FileField(_l("报送的文件"), description=_l("可不选；选了新文件就替换原来的。"))
