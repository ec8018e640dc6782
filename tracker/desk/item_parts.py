"""The parts the item page is made of, and where its buttons lead."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.core.i18n import lazy_gettext as _l
from tracker.desk.rules.acts import Act
from tracker.desk.rules.piece import Piece
from tracker.items.rules import DeadlineKind, State


class TabName(StrEnum):
    """The parts of the page; each is an address of its own."""

    WORK = "work"
    PEOPLE = "people"
    EVIDENCE = "evidence"
    CLOSURE = "closure"
    SOURCE = "source"
    SENT = "sent"


TAB_LABELS = {
    TabName.WORK: _l("整改"),
    TabName.PEOPLE: _l("责任"),
    TabName.EVIDENCE: _l("佐证材料"),
    TabName.CLOSURE: _l("销号"),
    TabName.SOURCE: _l("来源原文"),
    TabName.SENT: _l("提醒记录"),
}

ENDPOINTS = {
    Act.ASSIGN: "items.assign",
    Act.ADD_MEASURES: "progress.add_measures",
    Act.SPLIT: "items.split",
    Act.LINK_RECURRENCE: "items.link_recurrence",
    Act.VOID: "items.void",
    Act.ACCEPT: "items.accept",
    Act.ASK_REASSIGNMENT: "items.ask_reassignment",
    Act.REASSIGN: "items.reassign",
    Act.ASK_EXTENSION: "extensions.ask",
    Act.REFUSE_REASSIGNMENT: "items.refuse_reassignment",
    Act.WITHDRAW: "items.withdraw",
    Act.RESTORE: "items.restore",
    Act.WRITE_ENTRY: "progress.write_entry",
    Act.ADD_EVIDENCE: "progress.add_evidence",
    Act.ADD_OUTCOME: "progress.add_outcome",
    Act.APPLY: "closure.apply",
    Act.RETRACT: "closure.retract",
    Act.DECLARE: "closure.declare",
    Act.CONFIRM: "closure.confirmation",
    Act.SET_RECUSAL: "closure.of_item",
    Act.ASK_AMENDMENT: "amendments.ask",
    Act.ASK_CORRECTION: "corrections.ask",
    Act.CHECK_LASTING: "reinspections.check",
    Act.LOG_CALL: "rounds.log_call",
    Act.JOIN: "progress.join",
    Act.PART: "progress.part",
}

# Pages for one item or many, which are told the chosen ones.
CHOOSING = {Act.ISSUE: "items.issue", Act.NUDGE: "nudges.nudge"}

# Pages of the step that waits.
OF_STEP = {Act.DECIDE: "closure.review", Act.ENTER_DECISION: "closure.enter_decision"}

# Carried out by the press of the button itself; everything else opens a form.
AT_ONCE = frozenset({Act.RETRACT})


@dataclass(frozen=True)
class Tab:
    """One tab."""

    label: object
    url: str
    is_current: bool
    count: int | None


class Button(NamedTuple):
    """Something to do, or why it cannot be done."""

    label: object
    url: str
    is_at_once: bool
    why_not: object | None


class Told(NamedTuple):
    """A sentence of the timeline."""

    time: str
    text: str
    is_bad: bool


class Line(NamedTuple):
    """What one unit reported last and the time before; ``text`` None when it reported nothing."""

    unit: str | None
    this: Piece | None
    last: Piece | None


@dataclass
class Child:
    """A child item in the list of its parent."""

    number: str
    unit: str
    state: State
    state_label: object
    due_on: date | None
    closed_on: date | None
    first_due_on: date | None = None
    extensions: int = 0
    due_text: str = ""
    deadline_kind: DeadlineKind | None = None
    then_sustained: bool = False
    issued_on: date | None = None
