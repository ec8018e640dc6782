"""The form of a roster."""

from flask_wtf.file import FileField

from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.forms.texts import KeptFileForm


class RosterForm(KeptFileForm):
    """A workbook of units and people."""

    file = FileField(_l("表格文件"), render_kw={"accept": ".xlsx,.csv,.xls,.et"})
