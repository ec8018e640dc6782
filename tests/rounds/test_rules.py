"""Days of rhythms, the round a text answers, reminders reached; without any database."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.errors import DomainError
from tracker.rounds.rules import (
    Reached,
    ReportState,
    RhythmKind,
    Shift,
    answered,
    check_day,
    days_from,
    moved,
    period_of,
    reached,
)

SATURDAY = date(2026, 4, 25)
FRIDAY, MONDAY = date(2026, 4, 24), date(2026, 4, 27)


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("kind", "day", "days"),
    [
        (RhythmKind.MONTHLY, 25, [date(2026, 1, 25), date(2026, 2, 25), date(2026, 3, 25)]),
        (RhythmKind.MONTHLY, 31, [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]),
        (RhythmKind.HALF_MONTHLY, 15, [date(2026, 1, 15), date(2026, 1, 30), date(2026, 2, 15), date(2026, 2, 28)]),
        (RhythmKind.WEEKLY, 5, [date(2026, 1, 2), date(2026, 1, 9), date(2026, 1, 16)]),
    ],
)
def test_a_rhythm_gives_its_days_and_a_short_month_its_last(kind: RhythmKind, day: int, days: list[date]) -> None:
    assert list(islice(days_from(kind, day, date(2026, 1, 1)), len(days))) == days


def test_the_saturday_25th_moves_to_the_friday_before_or_the_monday_after() -> None:
    assert moved(SATURDAY, Shift.BEFORE, is_weekday) == FRIDAY
    assert moved(SATURDAY, Shift.AFTER, is_weekday) == MONDAY
    assert moved(FRIDAY, Shift.BEFORE, is_weekday) == FRIDAY


@pytest.mark.parametrize(
    ("kind", "day"), [(RhythmKind.WEEKLY, 8), (RhythmKind.HALF_MONTHLY, 16), (RhythmKind.MONTHLY, 0)]
)
def test_a_day_the_rhythm_has_no_use_for_is_refused(kind: RhythmKind, day: int) -> None:
    with pytest.raises(DomainError, match="请填写 1 到"):
        check_day(kind, day)


@given(
    kind=st.sampled_from(RhythmKind),
    day=st.integers(1, 31),
    later=st.integers(0, 2500),
)
def test_every_day_lies_in_one_period_and_periods_follow_each_other(kind: RhythmKind, day: int, later: int) -> None:
    on = date(2024, 1, 1) + timedelta(days=later)
    day = min(day, {RhythmKind.WEEKLY: 7, RhythmKind.HALF_MONTHLY: 15, RhythmKind.MONTHLY: 31}[kind])
    period = period_of(kind, day, on)
    assert period.begins_on <= on <= period.nominal_on < period.next_on
    following = period_of(kind, day, period.nominal_on + timedelta(days=1))
    assert following.begins_on == period.nominal_on + timedelta(days=1)
    assert following.nominal_on == period.next_on


@dataclass
class Report:
    state: ReportState
    due_on: date
    closes_on: date


APRIL = Report(ReportState.OWED, FRIDAY, date(2026, 5, 25))
MAY = Report(ReportState.OWED, date(2026, 5, 25), date(2026, 6, 25))


def test_a_text_written_soon_after_the_day_makes_up_what_is_overdue_and_later_answers_the_present_round() -> None:
    assert answered([MAY, APRIL], date(2026, 4, 27)) is APRIL
    assert answered([MAY, APRIL], date(2026, 5, 20)) is MAY
    reported = Report(ReportState.GIVEN, APRIL.due_on, APRIL.closes_on)
    assert answered([MAY, reported], date(2026, 4, 27)) is MAY
    assert answered([APRIL], FRIDAY) is APRIL
    assert answered([], FRIDAY) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 20), None),
        (date(2026, 4, 21), Reached.SOON),
        (FRIDAY, Reached.TODAY),
        (SATURDAY, Reached.LATE),
        (date(2026, 5, 1), Reached.LATE),
        (date(2026, 5, 2), None),
    ],
)
def test_of_the_reminders_of_a_round_the_latest_reached_counts(day: date, expected: Reached | None) -> None:
    assert reached(FRIDAY, 3, day) is expected
