"""Forms of asking for an extension and deciding it."""

from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import AnyOf

from tracker.core.forms import CivilDateField, Form, Required, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.signed import SignedPaper
from tracker.extensions.rules import OPINION_MAX, REASON_MAX, VERDICT_LABELS, Verdict

NEEDED = Required(_l("请填写此项。"))


class AskForm(Form):
    """Until when, why, how far, and how it is kept."""

    until = CivilDateField(_l("申请延期至"), validators=[NEEDED])
    reason = text(_l("申请理由"), REASON_MAX, required=True, area=True, render_kw={"rows": 4})
    progress = text(_l("目前完成程度"), REASON_MAX, required=True, area=True, render_kw={"rows": 4})
    safeguards = text(
        _l("保障措施"),
        REASON_MAX,
        required=True,
        area=True,
        render_kw={"rows": 3},
        description=_l("怎样确保新的时限内完成。"),
    )


class DecisionForm(VersionedForm):
    """The day, an opinion, and the button that was pressed with it."""

    verdict = HiddenField(validators=[AnyOf([str(each) for each in Verdict], message=_l("请选择一项决定。"))])
    until = CivilDateField(_l("同意延期至"), description=_l("可以与申请的日期不同。"))
    opinion = text(
        _l("意见"), OPINION_MAX, area=True, render_kw={"rows": 4}, description=_l("同意时可不填；不同意时写明理由。")
    )


class PaperForm(SignedPaper, VersionedForm):
    """What was decided on paper."""

    verdict = RadioField(
        _l("决定"), choices=[SelectChoice(each.value, label) for each, label in VERDICT_LABELS.items()], default="grant"
    )
    until = CivilDateField(_l("同意延期至"))
    opinion = text(_l("意见原文"), OPINION_MAX, area=True, render_kw={"rows": 3})
