"""Civil dates are the office's, instants are UTC."""

from datetime import UTC, date, datetime

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
