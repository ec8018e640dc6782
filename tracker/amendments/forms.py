"""The form of asking for a change."""

from tracker.amendments.rules import TEXT_MAX, Amended
from tracker.core.forms import Form, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.requests.rules import REASON_MAX

UNITS = {"list": "units", "autocomplete": "off"}
PEOPLE = {"list": "people", "autocomplete": "off"}


class AskForm(Form):
    """What is to stand; everything is filled in as it stands now."""

    measures = text(_l("整改措施"), TEXT_MAX, area=True, render_kw={"rows": 6}, description=_l("每行一条。"))
    goal = text(_l("整改目标"), 4000, area=True, render_kw={"rows": 3})
    supporting_units = text(_l("配合单位"), 400, render_kw=UNITS, description=_l("几个单位之间用顿号隔开。"))
    leader = text(_l("责任领导"), 80, render_kw=PEOPLE)
    supervisor = text(_l("分管领导"), 80, render_kw=PEOPLE)
    owner = text(_l("责任人"), 80, render_kw=PEOPLE)
    deadline = text(_l("整改时限"), 200, description=_l("如 2026年6月30日、立行立改、长期坚持。"))
    reason = text(_l("变更理由"), REASON_MAX, required=True, area=True, render_kw={"rows": 3})

    @property
    def wanted(self) -> dict[Amended, str]:
        """What is to stand, field by field."""
        return {field: self._fields[field.value].data or "" for field in Amended if field.value in self._fields}

    def leave_out_deadline(self) -> None:
        """A unit that needs another deadline asks for an extension."""
        del self.deadline
