"""The form of an application."""

from tracker.core.forms import Form
from tracker.core.forms import text as words
from tracker.core.i18n import lazy_gettext as _l


class ApplicationForm(Form):
    """What was done, in words."""

    statement = words(_l("完成情况"), 4000, area=True, render_kw={"rows": 10})
