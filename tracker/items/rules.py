"""Codes, the life of an item as a table, lights and deadlines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext
from tracker.sources.rules import NEAR_DAYS


class ItemKind(StrEnum):
    """Found by others, or planned."""

    PROBLEM = "problem"
    TASK = "task"


class State(StrEnum):
    """Where an item is in its life."""

    DRAFT = "draft"
    ISSUED = "issued"
    WORKING = "working"
    APPLIED = "applied"
    SUSTAINED = "sustained"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class Event(StrEnum):
    """What moves it on; ASSIGN, DECLARE, CONFIRM and EXTEND leave the state alone.

    FOLLOW tells a parent's by its children's.
    CORRECT takes back the last change and is in no line of TRANSITIONS: see UNDONE.
    TAKE_OVER and CLOSE_ON_IMPORT are for what an old ledger shows as begun or closed before it came here.
    """

    DRAW_UP = "draw_up"
    ASSIGN = "assign"
    DECLARE = "declare"
    ISSUE = "issue"
    VOID = "void"
    TAKE_OVER = "take_over"
    CLOSE_ON_IMPORT = "close_on_import"
    ACCEPT = "accept"
    REASSIGN = "reassign"
    APPLY = "apply"
    RETRACT = "retract"
    SEND_BACK = "send_back"
    CLOSE = "close"
    CONFIRM = "confirm"
    SUSTAIN = "sustain"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    EXTEND = "extend"
    CORRECT = "correct"
    FOLLOW = "follow"


EVENT_LABELS: Mapping[Event, object] = {
    Event.DRAW_UP: _l("立项"),
    Event.ASSIGN: _l("明确分工和时限"),
    Event.DECLARE: _l("单位申报"),
    Event.ISSUE: _l("下发"),
    Event.VOID: _l("作废"),
    Event.TAKE_OVER: _l("从台账导入"),
    Event.CLOSE_ON_IMPORT: _l("导入时已销号"),
    Event.ACCEPT: _l("签收"),
    Event.REASSIGN: _l("改派"),
    Event.APPLY: _l("申请销号"),
    Event.RETRACT: _l("撤回销号申请"),
    Event.SEND_BACK: _l("退回补充整改"),
    Event.CLOSE: _l("销号"),
    Event.CONFIRM: _l("上级认定"),
    Event.SUSTAIN: _l("转持续整改"),
    Event.REOPEN: _l("重新整改"),
    Event.WITHDRAW: _l("核减"),
    Event.RESTORE: _l("恢复整改"),
    Event.EXTEND: _l("延期"),
    Event.CORRECT: _l("冲正"),
    Event.FOLLOW: _l("随分项变动"),
}

S, E = State, Event
TRANSITIONS: Mapping[tuple[State, Event], State] = {
    (S.DRAFT, E.ASSIGN): S.DRAFT,
    (S.DRAFT, E.ISSUE): S.ISSUED,
    (S.DRAFT, E.VOID): S.VOID,
    (S.DRAFT, E.TAKE_OVER): S.WORKING,
    (S.DRAFT, E.CLOSE_ON_IMPORT): S.CLOSED,
    (S.ISSUED, E.ASSIGN): S.ISSUED,
    (S.ISSUED, E.ACCEPT): S.WORKING,
    (S.ISSUED, E.REASSIGN): S.ISSUED,
    (S.ISSUED, E.EXTEND): S.ISSUED,
    (S.WORKING, E.ASSIGN): S.WORKING,
    (S.WORKING, E.REASSIGN): S.ISSUED,
    (S.WORKING, E.EXTEND): S.WORKING,
    (S.WORKING, E.DECLARE): S.WORKING,
    (S.WORKING, E.APPLY): S.APPLIED,
    (S.SUSTAINED, E.APPLY): S.APPLIED,
    (S.SUSTAINED, E.ASSIGN): S.SUSTAINED,
    (S.SUSTAINED, E.DECLARE): S.SUSTAINED,
    (S.APPLIED, E.RETRACT): S.WORKING,
    (S.APPLIED, E.SEND_BACK): S.WORKING,
    (S.APPLIED, E.CLOSE): S.CLOSED,
    (S.APPLIED, E.SUSTAIN): S.SUSTAINED,
    (S.WORKING, E.SUSTAIN): S.SUSTAINED,
    (S.CLOSED, E.CONFIRM): S.CLOSED,
    (S.CLOSED, E.REOPEN): S.WORKING,
    (S.DRAFT, E.WITHDRAW): S.WITHDRAWN,
    (S.ISSUED, E.WITHDRAW): S.WITHDRAWN,
    (S.WORKING, E.WITHDRAW): S.WITHDRAWN,
    (S.SUSTAINED, E.WITHDRAW): S.WITHDRAWN,
    (S.WITHDRAWN, E.RESTORE): S.WORKING,
}
# What a correction makes again what it was, by the event that was wrong.
UNDONE: Mapping[Event, tuple[str, ...]] = {
    E.CLOSE: ("state", "closed_on", "confirmed_on"),
    E.SEND_BACK: ("state", "own_word"),
    E.SUSTAIN: ("state",),
    E.WITHDRAW: ("state",),
    E.EXTEND: ("due_on",),
}
del S, E

COUNTED = frozenset(State) - {State.WITHDRAWN, State.VOID}
OPEN = COUNTED - {State.CLOSED}
REASSIGNABLE = frozenset(state for state, event in TRANSITIONS if event is Event.REASSIGN)
EXTENDABLE = frozenset(state for state, event in TRANSITIONS if event is Event.EXTEND)
RUNNING = frozenset({State.ISSUED, State.WORKING, State.APPLIED})

STATE_LABELS: Mapping[State, object] = {
    State.DRAFT: _l("待下发"),
    State.ISSUED: _l("已下发"),
    State.WORKING: _l("整改中"),
    State.APPLIED: lazy_pgettext("state", "申请销号"),
    State.SUSTAINED: _l("持续整改"),
    State.CLOSED: _l("已销号"),
    State.WITHDRAWN: _l("已核减"),
    State.VOID: _l("已作废"),
}

KIND_LABELS: Mapping[ItemKind, object] = {ItemKind.PROBLEM: _l("问题"), ItemKind.TASK: _l("任务")}


def move(state: State, event: Event) -> State:
    """The state after an event; raises Conflict when the table has no such line."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        message = _l("事项现在是“%(state)s”，不能做此操作。页面可能已过时，请刷新后查看。", state=STATE_LABELS[state])
        raise Conflict(message) from None


def check_last(event: Event) -> Event:
    """The event of the last change; raises Conflict when it can't be taken back."""
    if event not in UNDONE:
        raise Conflict(_l("只有最近一次变动是销号、退回、转持续整改、核减或延期时，才能冲正。"))
    return event


class DeadlineKind(StrEnum):
    """By a date, at once, in stages, or without end."""

    BY_DATE = "by_date"
    AT_ONCE = "at_once"
    STAGED = "staged"
    LONG_TERM = "long_term"


DEADLINE_LABELS: Mapping[DeadlineKind, object] = {
    DeadlineKind.BY_DATE: _l("限期整改"),
    DeadlineKind.AT_ONCE: _l("立行立改"),
    DeadlineKind.STAGED: _l("分阶段"),
    DeadlineKind.LONG_TERM: _l("长期坚持"),
}


class OwnWord(StrEnum):
    """What the unit itself says of its work; it never closes anything."""

    NONE = "none"
    BASICALLY_COMPLETED = "basically_completed"
    COMPLETED = "completed"


OWN_WORD_LABELS: Mapping[OwnWord, object] = {
    OwnWord.NONE: _l("未申报"),
    OwnWord.BASICALLY_COMPLETED: _l("基本完成"),
    OwnWord.COMPLETED: _l("已完成"),
}


@dataclass(frozen=True)
class Deadline:
    """A deadline: its kind, the date it means (None for long term) and the words as printed."""

    kind: DeadlineKind
    due_on: date | None
    text: str = ""
    then_sustained: bool = False


def settle(deadline: Deadline, *, received_on: date, at_once_days: int) -> Deadline:
    """Fill in what follows from the kind: at once is ``received_on`` plus the source's days, long term has no date.

    Raises DomainError for a missing date or one before the feedback.
    """
    if deadline.kind is DeadlineKind.LONG_TERM:
        return Deadline(deadline.kind, None, deadline.text)
    due_on = deadline.due_on
    if deadline.kind is DeadlineKind.AT_ONCE and due_on is None:
        due_on = received_on + timedelta(days=at_once_days)
    if due_on is None:
        raise DomainError(_l("请填写整改时限的日期，或选“立行立改”“长期坚持”。"), field="due_on")
    if due_on < received_on:
        message = _l("整改时限 %(due)s 早于反馈日期 %(received)s，请核对。", due=due_on, received=received_on)
        raise DomainError(message, field="due_on")
    return Deadline(deadline.kind, due_on, deadline.text, deadline.then_sustained)


class Light(StrEnum):
    """What a person sees at a glance."""

    OK = "ok"
    NEAR = "near"
    LATE = "late"
    CLOSED = "closed"


def light(state: State, due_on: date | None, today: date) -> Light | None:
    """The light of an item today; None when nothing runs (draft, withdrawn, void)."""
    if state is State.CLOSED:
        return Light.CLOSED
    if state not in RUNNING:
        return Light.OK if state is State.SUSTAINED else None
    if due_on is None or (due_on - today).days > NEAR_DAYS:
        return Light.OK
    return Light.LATE if due_on < today else Light.NEAR


def is_overdue(state: State, due_on: date | None, today: date) -> bool:
    """Open, still running, and past its date."""
    return state in RUNNING and due_on is not None and due_on < today


def is_lasting(state: State, kind: DeadlineKind | None) -> bool:
    """Whether an item is kept up without end, and so looked at on a rhythm: it never counts as closed."""
    is_long = kind is DeadlineKind.LONG_TERM and state in (State.WORKING, State.APPLIED)
    return state is State.SUSTAINED or is_long


STAGED = frozenset({State.DRAFT, State.ISSUED, State.WORKING, State.SUSTAINED})


def days_late(day: date | None, due_on: date | None) -> int:
    """How many days after a deadline something happened; 0 when it was on time or there was no date."""
    return max(0, (day - due_on).days) if day and due_on else 0


def check_staged(state: State) -> None:
    """Raise Conflict for an item whose dates are laid down no more."""
    if state not in STAGED:
        raise Conflict(_l("事项现在是“%(state)s”，不能修改节点。", state=STATE_LABELS[state]))


def check_works(state: State) -> None:
    """Raise Conflict unless work on the item goes on."""
    if state not in (State.WORKING, State.APPLIED, State.SUSTAINED):
        raise Conflict(_l("事项现在是“%(state)s”，不能登记报送。", state=STATE_LABELS[state]))


def parent_state(children: list[State]) -> State:
    """The state of an item with children: closed with the last, else that of the work still going on.

    Once all of them are void it is what it was before it was split, a draft.
    """
    counted = [child for child in children if child in COUNTED]
    if all(child is State.VOID for child in children):
        return State.DRAFT
    if not counted:
        return State.WITHDRAWN
    order = (State.DRAFT, State.ISSUED, State.WORKING, State.APPLIED, State.SUSTAINED, State.CLOSED)
    if all(child is counted[0] for child in counted):
        return counted[0]
    return next((s for s in order[2:4] if s in counted), State.WORKING)


# Part of the record, and of documents handed in, so never translated.
PLACEHOLDER = "涉密事项，详见纸质件第{number}号"


def placeholder(paper_number: str) -> str:
    """The only words of a secret item: where it stands on paper."""
    return PLACEHOLDER.format(number=paper_number.strip().removeprefix("第").removesuffix("号"))


def refuse_text(**texts: object) -> None:
    """Raise DomainError when anything is told of a secret item, naming the field."""
    told = next((name for name, text in texts.items() if text), None)
    if told is not None:
        raise DomainError(_l("涉密事项只登记纸质件号，内容不得录入本系统，请记在纸质件上。"), field=told)
