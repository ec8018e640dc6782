"""The life of a request."""

import pytest

from tracker.core.errors import Conflict, DomainError
from tracker.requests.rules import RequestEvent, RequestState, check_opinion, move


@pytest.mark.parametrize("state", [state for state in RequestState if state is not RequestState.PENDING])
def test_what_is_decided_or_taken_back_moves_no_more(state: RequestState) -> None:
    for event in RequestEvent:
        with pytest.raises(Conflict):
            move(state, event)


def test_refusing_tells_why() -> None:
    check_opinion(RequestEvent.APPROVE, "")
    with pytest.raises(DomainError):
        check_opinion(RequestEvent.REFUSE, " ")
