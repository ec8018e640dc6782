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
    return [Kept(number, date.fromisoformat(day), True) for number, day in enumerate(days, start=1)]


def test_the_last_days_stay_and_of_each_month_before_the_newest() -> None:
    every = kept("2026-08-30", "2026-09-29", "2026-09-30", "2026-10-31", "2026-11-15", "2026-11-16", "2026-11-29")
    assert to_drop(every, today=date(2026, 11, 29), days=14, months=3) == {1, 2, 5}


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    every = kept("2025-11-30", "2025-12-31", "2026-01-10")
    assert to_drop(every, today=date(2026, 1, 10), days=1, months=2) == {1}


def test_the_newest_that_is_known_to_work_stays_whatever_its_age() -> None:
    every = [
        Kept(1, date(2025, 1, 1), True),
        Kept(2, date(2025, 1, 2), True),
        Kept(3, date(2025, 2, 1), False),
        Kept(4, date(2026, 11, 28), False),
    ]
    assert to_drop(every, today=date(2026, 11, 29), days=7, months=0) == {1, 3}
