"""What may be put right, who approves it, and what follows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from tracker.access.rules import Action
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import TRANSITIONS as LIFE
from tracker.items.rules import UNDONE, Event, State

# Another person of the office, or a leader.
APPROVING = (Action.DECIDE_AS_OFFICE, Action.DECIDE_AS_LEADER)


class CorrectionKind(StrEnum):
    """A wrong decision is taken back from the day it counted; what was closed rightly is taken up again today."""

    UNDO = "undo"
    REOPEN = "reopen"


KIND_LABELS: Mapping[CorrectionKind, object] = {
    CorrectionKind.UNDO: _l("冲正"),
    CorrectionKind.REOPEN: _l("重新整改"),
}
KIND_NOTES: Mapping[CorrectionKind, object] = {
    CorrectionKind.UNDO: _l("冲正：最近一次决定有误，恢复到决定之前的状态"),
    CorrectionKind.REOPEN: _l("重新整改：销号无误，但问题反弹，从今天起重新整改"),
}
EVENT_LABELS: Mapping[Event, object] = {
    Event.CLOSE: _l("销号"),
    Event.SEND_BACK: _l("退回补充整改"),
    Event.SUSTAIN: _l("转持续整改"),
    Event.WITHDRAW: _l("核减"),
    Event.EXTEND: _l("延期"),
}


def words_of(key: str, value: Any) -> object | None:
    """The words for what was asked in the trail."""
    if key == "correction_kind" and value in set(CorrectionKind):
        return KIND_LABELS[CorrectionKind(value)]
    return EVENT_LABELS.get(Event(value)) if key == "wrong" and value in set(Event) else None


def possible_kinds(state: State, last: Event) -> list[CorrectionKind]:
    """What may be asked of an item in this state whose last change was this."""
    kinds = [CorrectionKind.REOPEN] if (state, Event.REOPEN) in LIFE else []
    return [*kinds, CorrectionKind.UNDO] if last in UNDONE else kinds


def check_kind(kind: CorrectionKind, state: State, last: Event) -> None:
    """Raise Conflict unless this may be asked of the item as it now is."""
    if kind not in possible_kinds(state, last):
        raise Conflict(_l("事项现在的状态不能这样处理：只有最近一次决定可以冲正，只有已销号的事项可以重新整改。"))
