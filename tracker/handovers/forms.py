"""Who takes over, why, and what is ticked."""

from flask import request

from tracker.core.forms import Form, text
from tracker.core.i18n import lazy_gettext as _l

PEOPLE = {"list": "people", "autocomplete": "off"}


class HandOverForm(Form):
    """One handover."""

    to = text(_l("接收人"), 80, required=True, render_kw=PEOPLE, description=_l("同名时写成“王敏（组织部）”。"))
    reason = text(_l("交接原因"), 1000, required=True, description=_l("如岗位调整、退休、借调。"))

    @property
    def chosen(self) -> list[str]:
        """What is ticked, by key."""
        return request.form.getlist("chosen")
