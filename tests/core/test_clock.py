"""Civil dates are the office's, instants are UTC."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from tracker.core import clock


@time_machine.travel("2026-06-30T16:30:00+00:00", tick=False)
def test_half_past_midnight_in_the_office_is_already_the_next_day() -> None:
    assert clock.today() == date(2026, 7, 1)
    assert clock.now() == datetime(2026, 6, 30, 16, 30, tzinfo=UTC)


def test_an_hour_of_a_day_becomes_an_instant() -> None:
    assert clock.instant_at(date(2026, 7, 1), 8) == datetime(2026, 7, 1, 0, 0, tzinfo=UTC)


def test_the_demo_may_let_the_clock_stand_and_it_goes_on_afterwards() -> None:
    past = datetime(2026, 1, 1, tzinfo=UTC)
    with clock.moved_to(past):
        assert clock.now() == past
    assert clock.now() > past


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-08-04 09:00", datetime(2026, 8, 4, 1, tzinfo=UTC)),
        ("2026-08-04T09:00:30", datetime(2026, 8, 4, 1, 0, 30, tzinfo=UTC)),
        ("2026-08-04T01:00:00Z", datetime(2026, 8, 4, 1, tzinfo=UTC)),
        ("2026-08-04T03:00:00+02:00", datetime(2026, 8, 4, 1, tzinfo=UTC)),
        ("2026-07-31", datetime(2026, 7, 31, 15, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_the_offices_zone_and_a_day_alone_to_its_end(text: str, instant: datetime) -> None:
    assert clock.read_instant(text) == instant


# Before the first and after the last of these nothing of ours can lie, and some of it no other zone can tell.
FAR_OFF = ("0001-01-01 00:00", "0001-01-01T00:00:00+00:00", "9999-12-31", "9999-12-31T23:00:00+00:00")


@pytest.mark.parametrize("text", ["", "昨天", "2026-13-01", "2026-08-04 25:00", *FAR_OFF])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no instant"):
        clock.read_instant(text)
