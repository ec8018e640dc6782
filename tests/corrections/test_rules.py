"""What may be put right, and what is left once it was asked."""

import pytest

from tracker.core.errors import Conflict, DomainError
from tracker.corrections.rules import (
    CorrectionEvent,
    CorrectionKind,
    CorrectionState,
    check_kind,
    check_opinion,
    move,
    possible_kinds,
)
from tracker.items.rules import UNDONE, Event, State

UNDO, REOPEN = CorrectionKind.UNDO, CorrectionKind.REOPEN


@pytest.mark.parametrize(
    ("state", "last", "kinds"),
    [
        (State.CLOSED, Event.CLOSE, [REOPEN, UNDO]),
        (State.CLOSED, Event.CLOSE_ON_IMPORT, [REOPEN]),
        (State.WORKING, Event.SEND_BACK, [UNDO]),
        (State.WORKING, Event.EXTEND, [UNDO]),
        (State.WORKING, Event.ASSIGN, []),
        (State.SUSTAINED, Event.SUSTAIN, [UNDO]),
        (State.WITHDRAWN, Event.WITHDRAW, [UNDO]),
        (State.DRAFT, Event.DRAW_UP, []),
    ],
)
def test_only_the_last_decision_can_be_put_right(state: State, last: Event, kinds: list[CorrectionKind]) -> None:
    assert possible_kinds(state, last) == kinds
    for kind in set(CorrectionKind) - set(kinds):
        with pytest.raises(Conflict):
            check_kind(kind, state, last)


def test_everything_that_is_undone_goes_back_to_its_state_or_its_day() -> None:
    assert all("state" in names or "due_on" in names for names in UNDONE.values())


@pytest.mark.parametrize("state", [state for state in CorrectionState if state is not CorrectionState.PENDING])
def test_what_is_decided_or_taken_back_moves_no_more(state: CorrectionState) -> None:
    for event in CorrectionEvent:
        with pytest.raises(Conflict):
            move(state, event)


def test_refusing_tells_why() -> None:
    check_opinion(CorrectionEvent.APPROVE, "")
    with pytest.raises(DomainError):
        check_opinion(CorrectionEvent.REFUSE, " ")
