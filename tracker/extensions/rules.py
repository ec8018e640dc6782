"""When an extension may be asked for, who decides it in which order, and what follows."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.access.rules import Action
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l

REASON_MAX, OPINION_MAX = 2000, 1000


class Level(StrEnum):
    """Who decides, one after the other; each is somebody else."""

    OFFICE = "office"
    LEADER = "leader"


LEVELS = tuple(Level)

LEVEL_ACTIONS: Mapping[Level, Action] = {
    Level.OFFICE: Action.DECIDE_AS_OFFICE,
    Level.LEADER: Action.DECIDE_AS_LEADER,
}

LEVEL_LABELS: Mapping[Level, object] = {
    Level.OFFICE: _l("整改办审核"),
    Level.LEADER: _l("责任领导审批"),
}


class ExtensionState(StrEnum):
    """Where a request is."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    RETRACTED = "retracted"
    UNDONE = "undone"


class ExtensionEvent(StrEnum):
    """What moves it on; PASS leaves it to the next level."""

    PASS = "pass"
    GRANT = "grant"
    REFUSE = "refuse"
    RETRACT = "retract"
    UNDO = "undo"


class Verdict(StrEnum):
    """What a level says."""

    GRANT = "grant"
    REFUSE = "refuse"


S, E = ExtensionState, ExtensionEvent
TRANSITIONS: Mapping[tuple[ExtensionState, ExtensionEvent], ExtensionState] = {
    (S.PENDING, E.PASS): S.PENDING,
    (S.PENDING, E.GRANT): S.GRANTED,
    (S.PENDING, E.REFUSE): S.REFUSED,
    (S.PENDING, E.RETRACT): S.RETRACTED,
    (S.GRANTED, E.UNDO): S.UNDONE,
}
del S, E

EXTENSION_LABELS: Mapping[ExtensionState, object] = {
    ExtensionState.PENDING: _l("待审批"),
    ExtensionState.GRANTED: _l("已同意"),
    ExtensionState.REFUSED: _l("未同意"),
    ExtensionState.RETRACTED: _l("已撤回"),
    ExtensionState.UNDONE: _l("已冲正"),
}

VERDICT_LABELS: Mapping[Verdict, object] = {
    Verdict.GRANT: _l("同意延期"),
    Verdict.REFUSE: _l("不同意延期"),
}


def words_of(key: str, value: Any) -> object | None:
    """The words for a level and its verdict in the trail."""
    if key == "verdict" and value in set(Verdict):
        return VERDICT_LABELS[Verdict(value)]
    return LEVEL_LABELS.get(Level(value)) if key == "extension_step" and value in set(Level) else None


def move(state: ExtensionState, event: ExtensionEvent) -> ExtensionState:
    """The state after an event; raises Conflict when the table has no such line."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        message = _l("这份延期申请现在是“%(state)s”，不再等待决定。", state=EXTENSION_LABELS[state])
        raise Conflict(message) from None


def event_of(verdict: Verdict, *, is_last: bool) -> ExtensionEvent:
    """What the verdict of a level does to the request."""
    if verdict is Verdict.REFUSE:
        return ExtensionEvent.REFUSE
    return ExtensionEvent.GRANT if is_last else ExtensionEvent.PASS


def next_level(level: Level) -> Level | None:
    """Who decides after a level; None after the last."""
    place = LEVELS.index(level) + 1
    return LEVELS[place] if place < len(LEVELS) else None


def check_in_time(due_on: date | None, today: date) -> None:
    """An extension is asked for while the deadline runs; raises Conflict afterwards, or when there is no date."""
    if due_on is None:
        raise Conflict(_l("这个事项没有到期日，不需要申请延期。"))
    if today > due_on:
        message = _l("延期须在整改时限届满前申请：本事项的时限是 %(due)s，已经届满，不能再申请延期。", due=due_on)
        raise Conflict(message)


def check_until(until: date | None, due_on: date | None) -> None:
    """The new date is named, and later than the present one."""
    if until is None:
        raise DomainError(_l("请写明延期到哪一天。"), field="until")
    if due_on is not None and until <= due_on:
        raise DomainError(_l("新的时限须晚于现在的时限 %(due)s。", due=due_on), field="until")


def check_ruling(verdict: Verdict, until: date | None, opinion: str, *, due_on: date | None) -> None:
    """Granting names the date, refusing the reason."""
    if verdict is Verdict.GRANT:
        check_until(until, due_on)
    elif not opinion.strip():
        raise DomainError(_l("不同意延期时请写明理由。"), field="opinion")
