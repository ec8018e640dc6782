"""What an entry and an outcome may be."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l


class OutcomeKind(StrEnum):
    """Counted results, as the report tells them."""

    REGULATION_NEW = "regulation_new"
    REGULATION_REVISED = "regulation_revised"
    RECOVERED = "recovered"
    TALKED_TO = "talked_to"
    CRITICISED = "criticised"
    PUNISHED = "punished"
    MEETING = "meeting"


OUTCOME_LABELS: Mapping[OutcomeKind, object] = {
    OutcomeKind.REGULATION_NEW: _l("新建制度"),
    OutcomeKind.REGULATION_REVISED: _l("修订制度"),
    OutcomeKind.RECOVERED: _l("追回资金"),
    OutcomeKind.TALKED_TO: _l("谈话提醒"),
    OutcomeKind.CRITICISED: _l("批评教育"),
    OutcomeKind.PUNISHED: _l("党纪政务处分"),
    OutcomeKind.MEETING: _l("召开会议"),
}

OUTCOME_UNITS: Mapping[OutcomeKind, object] = {
    OutcomeKind.REGULATION_NEW: _l("项"),
    OutcomeKind.REGULATION_REVISED: _l("项"),
    OutcomeKind.RECOVERED: _l("万元"),
    OutcomeKind.TALKED_TO: _l("人次"),
    OutcomeKind.CRITICISED: _l("人次"),
    OutcomeKind.PUNISHED: _l("人次"),
    OutcomeKind.MEETING: _l("次"),
}
