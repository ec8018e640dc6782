"""When a backup is due and which have had their time."""

from datetime import date, datetime, timedelta

import pytest

from tracker.backups.rules import BackupState, Kept, is_due, to_drop

S = BackupState
TWO = datetime(2026, 11, 29, 2, 0)


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (TWO - timedelta(seconds=1), None, False),
        (TWO, None, True),
        (TWO, (TWO - timedelta(days=1), S.VERIFIED), True),
        (TWO + timedelta(hours=9), (TWO + timedelta(seconds=1), S.VERIFIED), False),
        (TWO + timedelta(hours=9), (TWO + timedelta(seconds=1), S.TAKEN), False),
        (TWO + timedelta(minutes=59), (TWO, S.FAILED), False),
        (TWO + timedelta(minutes=60), (TWO, S.FAILED), True),
        (TWO + timedelta(minutes=60), (TWO, S.BROKEN), True),
        # A clock that was a year ahead and was put back.
        (TWO, (TWO + timedelta(days=365), S.VERIFIED), True),
    ],
)
def test_a_backup_is_due_once_a_day_and_again_after_a_failure(
    now: datetime, last: tuple[datetime, BackupState] | None, due: bool
) -> None:
    assert is_due(now, last, hour=2) is due


def kept(*days: str) -> list[Kept]:
    return [Kept(number, date.fromisoformat(day), S.VERIFIED) for number, day in enumerate(days, start=1)]


def test_the_last_days_stay_and_of_each_month_before_the_newest() -> None:
    every = kept("2026-08-30", "2026-09-29", "2026-09-30", "2026-10-31", "2026-11-15", "2026-11-16", "2026-11-29")
    assert to_drop(every, days=2, months=3) == {1, 2, 5}


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    every = kept("2025-11-30", "2025-12-31", "2026-01-10")
    assert to_drop(every, days=1, months=2) == {1}


def test_the_newest_that_is_known_to_work_stays_whatever_its_age() -> None:
    every = [
        Kept(1, date(2025, 1, 1), S.VERIFIED),
        Kept(2, date(2025, 1, 2), S.VERIFIED),
        Kept(3, date(2025, 2, 1), S.TAKEN),
        Kept(4, date(2026, 11, 28), S.BROKEN),
    ]
    assert to_drop(every, days=1, months=0) == {1, 3}


def test_a_clock_that_is_a_year_ahead_for_an_hour_drops_no_more_than_any_day_does() -> None:
    every = kept(*(str(date(2026, 9, 30) + timedelta(days=number)) for number in range(61)), "2027-11-30")
    assert to_drop(every, days=14, months=3) == {*range(1, 49)} - {32}
    # Put right again, it is one of the last for a while, and never the newest.
    every = kept("2026-11-28", "2027-11-29", "2026-11-29", "2026-11-30")
    assert to_drop(every, days=2, months=0) == {1, 2}


def test_of_the_broken_ones_of_a_day_the_newest_stays_and_none_counts_as_that_of_its_month() -> None:
    every = [
        Kept(1, date(2026, 10, 30), S.VERIFIED),
        *(Kept(number, date(2026, 10, 31), S.BROKEN) for number in range(2, 24)),
        *(Kept(number, date(2026, 11, 1), S.BROKEN) for number in range(24, 46)),
    ]
    assert to_drop(every, days=14, months=6) == {*range(2, 45)} - {23}
    assert to_drop(every, days=1, months=1) == {*range(2, 45)}
