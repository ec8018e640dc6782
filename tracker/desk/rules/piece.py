"""One thing that hangs on an item, in the shape that all of them share."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from tracker.closure.rules import Decision, RecusalRoute
from tracker.extensions.rules import Verdict
from tracker.items.rules import Event, State
from tracker.progress.rules import EntryStanding
from tracker.reinspections.rules import LookState
from tracker.sources.rules import StepKind


class What(StrEnum):
    """What a piece is."""

    MEASURE = "measure"
    ENTRY = "entry"
    EVIDENCE = "evidence"
    OUTCOME = "outcome"
    APPLICATION = "application"
    REVIEW = "review"
    CHANGE = "change"
    REQUEST = "request"
    DECLARATION = "declaration"
    NUDGE = "nudge"
    RECEIPT = "receipt"
    CHILD = "child"
    PARAGRAPH = "paragraph"
    HOLDER = "holder"
    DECIDER = "decider"
    CALL = "call"
    EXTENSION = "extension"
    EXTENSION_STEP = "extension_step"
    CORRECTION = "correction"
    AMENDMENT = "amendment"
    STEP = "step"
    JOINT = "joint"
    LOOK = "look"
    CHECK = "check"
    RELATED = "related"


@dataclass(frozen=True)
class Piece:
    """One row of ``queries.pieces``; which fields are filled, and with what, is told there kind by kind.

    ``former`` is no column: the deadline before a change that moved it.
    """

    what: str
    id: int
    of: int | None = None
    number: int | None = None
    code: str | None = None
    state: str | None = None
    at: datetime | None = None
    other_at: datetime | None = None
    day: date | None = None
    other_day: date | None = None
    by_id: int | None = None
    by: str | None = None
    for_id: int | None = None
    for_name: str | None = None
    other: str | None = None
    unit_id: int | None = None
    unit: str | None = None
    text: str | None = None
    note: str | None = None
    aside: str | None = None
    amount: Decimal | None = None
    flag: bool | None = None
    is_undone: bool | None = None
    former: date | None = None


def is_backdated(change: Piece, recorded_on: date) -> bool:
    """Whether a change counts from another day than it was entered on; drafts count from the day of the feedback."""
    if change.what != What.CHANGE or change.code in (Event.DRAW_UP, Event.VOID) or change.state == State.DRAFT:
        return False
    return change.day != recorded_on


def is_bad(piece: Piece) -> bool:
    """Whether a happening is marked: sent back, withdrawn, taken up again."""
    if piece.what == What.REVIEW:
        return piece.state == Decision.RETURN
    if piece.what == What.ENTRY:
        return piece.state == EntryStanding.RETURNED
    if piece.what == What.EXTENSION_STEP:
        return piece.state == Verdict.REFUSE
    if piece.what == What.LOOK:
        return piece.state == LookState.REBOUND
    return piece.what == What.CHANGE and piece.code in (Event.SEND_BACK, Event.WITHDRAW, Event.REOPEN, Event.CORRECT)


def step_kind(step: Piece) -> StepKind:
    """Who decides a step."""
    return StepKind(step.code or "")


def step_route(step: Piece) -> RecusalRoute | None:
    """Who decides a step in place of the usual reviewers, if anybody does."""
    return RecusalRoute(step.unit) if step.unit else None
