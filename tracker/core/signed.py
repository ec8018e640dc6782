"""Fields of forms that take what was decided on paper: who signed, on which day, the scan."""

from flask_wtf.file import FileField, FileRequired

from tracker.core.forms import CivilDateField, Required, text
from tracker.core.i18n import lazy_gettext as _l

SCAN_NOTE = _l("扫描件只说明纸上签了什么，不能证明是本人所签；每处都注明“代录”。")
BODY_MAX, SIGNER_MAX = 120, 40


class PaperFields:
    """A person of the roster or a body, the day on the paper, and its scan, where there is one."""

    decider = text(
        _l("签批人"),
        SIGNER_MAX,
        render_kw={"list": "people", "autocomplete": "off"},
        description=_l("人员名册里的姓名。由会议或机构决定的不填这一栏，填下一栏。"),
    )
    body = text(_l("作出决定的会议或机构"), BODY_MAX, description=_l("如：6月26日工委会议。"))
    paper_on = CivilDateField(_l("决定日期"))
    scan = FileField(_l("签批件扫描件"), description=SCAN_NOTE)


class SignedPaper(PaperFields):
    """A paper that must be there."""

    paper_on = CivilDateField(_l("决定日期"), validators=[Required(_l("请填写此项。"))])
    scan = FileField(_l("签批件扫描件"), validators=[FileRequired(_l("请选择扫描件。"))], description=SCAN_NOTE)
