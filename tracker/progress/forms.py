"""Forms of progress."""

from typing import Any

from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, SelectField, ValidationError

from tracker.core.forms import CivilDateField, Form, Required, VersionedForm
from tracker.core.forms import text as words
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.progress.rules import ASIDE_LIMIT, ENTRY_LIMIT, MEASURE_LIMIT, OUTCOME_LABELS, OUTCOME_UNITS, OutcomeKind

PASTED_LIMIT = 20_000
OWNER = {"list": "people", "autocomplete": "off"}


class MeasuresForm(Form):
    """Several measures at once, one per line."""

    text = words(_l("整改措施"), PASTED_LIMIT, required=True, area=True, render_kw={"rows": 8})
    owner = words(_l("责任人"), 40, render_kw=OWNER)
    due_on = CivilDateField(_l("完成时间"))


class MeasureForm(VersionedForm):
    """One measure."""

    text = words(_l("措施"), MEASURE_LIMIT, required=True, area=True)
    owner = words(_l("责任人"), 40, render_kw=OWNER)
    due_on = CivilDateField(_l("完成时间"))


class EntryForm(Form):
    """How the work goes on."""

    unit = SelectField(_l("填报单位"), coerce=int)
    text = words(_l("本次进展"), ENTRY_LIMIT, required=True, area=True, render_kw={"rows": 8})
    obstacle = words(_l("存在的困难"), ASIDE_LIMIT, area=True, render_kw={"rows": 2})
    next_step = words(_l("下步打算"), ASIDE_LIMIT, area=True, render_kw={"rows": 2})


class EvidenceForm(Form):
    """Files that prove something, chosen or just photographed."""

    file = MultipleFileField(_l("选择文件"))
    photo = FileField(_l("拍照"), render_kw={"accept": "image/*", "capture": "environment"})

    @property
    def uploads(self) -> list[FileStorage]:
        """What was really chosen."""
        sent = [*(self.file.data or ()), *([self.photo.data] if self.photo else [])]
        return [each for each in sent if isinstance(each, FileStorage) and each.filename]

    def validate_file(self, _field: Field) -> None:
        """Something must have been chosen."""
        if not self.uploads:
            raise ValidationError(_("请选择至少一个文件。"))


class OutcomeForm(Form):
    """A counted result."""

    kind = SelectField(_l("成效类别"), validators=[Required(_l("请选择成效类别。"))])
    amount = words(_l("数量"), 20, required=True, render_kw={"inputmode": "decimal"})
    note = words(_l("说明"), 400, area=True)
    on = CivilDateField(_l("日期"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        units = {kind: _("（%(unit)s）", unit=unit) for kind, unit in OUTCOME_UNITS.items()}
        kinds = [(str(kind), f"{OUTCOME_LABELS[kind]}{units[kind]}") for kind in OutcomeKind]
        self.kind.choices = [("", _l("请选择")), *kinds]


class PartForm(VersionedForm):
    """Undoing a joint handling."""

    reason = words(_l("理由"), 1000, required=True, area=True)


class JoinForm(PartForm):
    """Which item carries this one."""

    carrier = SelectField(_l("承办事项"), validators=[Required(_l("请选择承办事项。"))])
