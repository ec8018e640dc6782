"""The form of a roster."""

from flask_wtf.file import FileField
from wtforms import HiddenField

from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.forms.texts import KeptFileForm


class RosterForm(KeptFileForm):
    """A workbook of units and people; ``step`` is ``write`` with the second press."""

    file = FileField(_l("表格文件"), render_kw={"accept": ".xlsx,.csv,.xls,.et"})
    step = HiddenField()

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has seen the plan and wants it."""
        return bool(self.step.data == "write")
