"""Forms of asking for a correction and approving it."""

from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import AnyOf

from tracker.core.forms import Form, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.signed import SignedPaper
from tracker.corrections.rules import (
    KIND_NOTES,
    OPINION_MAX,
    REASON_MAX,
    VERDICT_LABELS,
    VERDICTS,
    CorrectionKind,
)


class AskForm(Form):
    """What is to be done, and why."""

    kind = RadioField(_l("申请"))
    reason = text(_l("理由"), REASON_MAX, required=True, area=True, render_kw={"rows": 4})

    def offer(self, kinds: list[CorrectionKind]) -> None:
        """Offer what may be asked now; the first is chosen."""
        self.kind.choices = [SelectChoice(each.value, KIND_NOTES[each]) for each in kinds]
        self.kind.data = self.kind.data or kinds[0].value


class DecisionForm(VersionedForm):
    """An opinion, and the button that was pressed with it."""

    verdict = HiddenField(validators=[AnyOf([str(each) for each in VERDICTS], message=_l("请选择一项决定。"))])
    opinion = text(
        _l("意见"), OPINION_MAX, area=True, render_kw={"rows": 4}, description=_l("批准时可不填；不批准时写明理由。")
    )


class PaperForm(SignedPaper, VersionedForm):
    """What was decided on paper."""

    verdict = RadioField(
        _l("决定"),
        choices=[SelectChoice(each.value, VERDICT_LABELS[each]) for each in VERDICTS],
        default=VERDICTS[0].value,
    )
    opinion = text(_l("意见原文"), OPINION_MAX, area=True, render_kw={"rows": 3})
