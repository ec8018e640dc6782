"""Forms of decisions."""

from wtforms import HiddenField
from wtforms.validators import AnyOf

from tracker.closure.rules import DEMAND_MIN, Decision
from tracker.core.forms import VersionedForm
from tracker.core.forms import text as words
from tracker.core.i18n import lazy_gettext as _l


class DecisionForm(VersionedForm):
    """An opinion, and the button that was pressed with it; the version is that of the application looked at."""

    decision = HiddenField(validators=[AnyOf([str(each) for each in Decision], message=_l("请选择一项决定。"))])
    opinion = words(
        _l("审核意见"),
        2000,
        area=True,
        render_kw={"rows": 6},
        description=_l(
            "同意时可不填；退回时写明补充整改要求，不少于 %(min)d 个字；转为持续整改时写明理由。", min=DEMAND_MIN
        ),
    )
