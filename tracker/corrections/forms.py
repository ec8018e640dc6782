"""The form of asking for a correction."""

from wtforms import RadioField, SelectChoice

from tracker.core.forms import Form, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.corrections.rules import KIND_NOTES, CorrectionKind
from tracker.requests.rules import REASON_MAX


class AskForm(Form):
    """What is to be done, and why."""

    kind = RadioField(_l("申请"))
    reason = text(_l("理由"), REASON_MAX, required=True, area=True, render_kw={"rows": 4})

    def offer(self, kinds: list[CorrectionKind]) -> None:
        """Offer what may be asked now; the first is chosen."""
        self.kind.choices = [SelectChoice(each.value, KIND_NOTES[each]) for each in kinds]
        self.kind.data = self.kind.data or kinds[0].value
