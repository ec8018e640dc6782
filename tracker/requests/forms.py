"""Forms of deciding a request."""

from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import AnyOf

from tracker.core.forms import VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.signed import SignedPaper
from tracker.requests.rules import OPINION_MAX, VERDICT_LABELS


class DecisionForm(VersionedForm):
    """An opinion, and the button that was pressed with it."""

    verdict = HiddenField(validators=[AnyOf([str(each) for each in VERDICT_LABELS], message=_l("请选择一项决定。"))])
    opinion = text(
        _l("意见"), OPINION_MAX, area=True, render_kw={"rows": 4}, description=_l("批准时可不填；不批准时写明理由。")
    )


class PaperForm(SignedPaper, VersionedForm):
    """What was decided on paper."""

    verdict = RadioField(
        _l("决定"),
        choices=[SelectChoice(each.value, label) for each, label in VERDICT_LABELS.items()],
        default=next(iter(VERDICT_LABELS)).value,
    )
    opinion = text(_l("意见原文"), OPINION_MAX, area=True, render_kw={"rows": 3})
