"""What may be put right."""

import pytest

from tracker.core.errors import Conflict
from tracker.corrections.rules import CorrectionKind, check_kind, possible_kinds
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
