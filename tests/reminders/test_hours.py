"""When messages may leave: hours, days off, and what a person has chosen."""

from datetime import date, datetime

import pytest

from tests.workdays.test_rules import CALENDAR
from tracker.core.errors import DomainError
from tracker.reminders.hours import Held, Hours, held, sending

USUAL = Hours(send_hour=8, quiet_from=0, quiet_to=7, holds_days_off=True)
NIGHT = Hours(send_hour=8, quiet_from=20, quiet_to=8, holds_days_off=True)
ALWAYS = Hours(send_hour=8, quiet_from=0, quiet_to=0, holds_days_off=False)


@pytest.mark.parametrize(
    ("hours", "moment", "why"),
    [
        (USUAL, datetime(2026, 6, 18, 6, 59), Held.QUIET),
        (USUAL, datetime(2026, 6, 18, 7, 0), None),
        (USUAL, datetime(2026, 6, 18, 23, 59), None),
        (USUAL, datetime(2026, 6, 19, 10, 0), Held.DAY_OFF),
        (USUAL, datetime(2026, 6, 20, 10, 0), Held.DAY_OFF),
        (USUAL, datetime(2026, 10, 10, 10, 0), None),
        (NIGHT, datetime(2026, 6, 18, 19, 59), None),
        (NIGHT, datetime(2026, 6, 18, 20, 0), Held.QUIET),
        (NIGHT, datetime(2026, 6, 18, 3, 0), Held.QUIET),
        (ALWAYS, datetime(2026, 10, 3, 3, 0), None),
    ],
)
def test_what_is_held_and_why(hours: Hours, moment: datetime, why: Held | None) -> None:
    assert held(moment, hours, CALENDAR) is why


@pytest.mark.parametrize(
    ("hours", "moment", "chosen", "leaves"),
    [
        (USUAL, datetime(2026, 6, 18, 0, 1), None, (date(2026, 6, 18), 8)),
        (USUAL, datetime(2026, 6, 18, 15, 0), None, (date(2026, 6, 18), 8)),
        (USUAL, datetime(2026, 6, 18, 0, 1), 14, (date(2026, 6, 18), 14)),
        (USUAL, datetime(2026, 6, 19, 0, 1), None, (date(2026, 6, 22), 8)),
        (USUAL, datetime(2026, 6, 21, 23, 59), 9, (date(2026, 6, 22), 9)),
        (USUAL, datetime(2026, 9, 30, 0, 1), None, (date(2026, 9, 30), 8)),
        (USUAL, datetime(2026, 10, 1, 0, 1), None, (date(2026, 10, 8), 8)),
        (USUAL, datetime(2026, 10, 10, 0, 1), None, (date(2026, 10, 10), 8)),
        (USUAL, datetime(2026, 6, 18, 0, 1), 3, (date(2026, 6, 18), 7)),
        (NIGHT, datetime(2026, 6, 18, 21, 0), None, (date(2026, 6, 22), 8)),
        (ALWAYS, datetime(2026, 10, 3, 3, 0), None, (date(2026, 10, 3), 8)),
    ],
)
def test_a_digest_leaves_at_its_hour_of_the_first_day_that_lets_it(
    hours: Hours, moment: datetime, chosen: int | None, leaves: tuple[date, int]
) -> None:
    assert sending(moment, chosen, hours, CALENDAR) == leaves


@pytest.mark.parametrize("hour", [-1, 0, 6, 20, 24])
def test_an_hour_outside_of_the_working_day_is_nobody_s_choice(hour: int) -> None:
    with pytest.raises(DomainError):
        NIGHT.check_choice(hour)


def test_the_hours_to_choose_from_lie_in_the_day_and_outside_of_the_quiet_hours() -> None:
    assert NIGHT.choices() == list(range(8, 20))
    NIGHT.check_choice(None)
