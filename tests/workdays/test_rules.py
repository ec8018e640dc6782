"""Real days: National Day and Spring Festival of 2025 and 2026, with the Saturdays and Sundays worked for them."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.workdays.rules import Calendar, Day, Origin, OutOfCalendar, Run, announced, list_announced


def numbered(days: list[Day]) -> Calendar:
    """A calendar whose ordinals are counted one by one."""
    count, counted = 0, []
    for each in days:
        count += each.is_working
        counted.append(replace(each, ordinal=count))
    return Calendar(counted)


CALENDAR = numbered([each for each in list_announced(2028) if each.day.year >= 2024])


@pytest.mark.parametrize(
    ("first", "last", "name", "made_up"),
    [
        (date(2025, 1, 28), date(2025, 2, 4), "春节", (date(2025, 1, 26), date(2025, 2, 8))),
        (date(2025, 10, 1), date(2025, 10, 5), "国庆节", (date(2025, 9, 28), date(2025, 10, 11))),
        (date(2025, 10, 6), date(2025, 10, 6), "中秋节", ()),
        (date(2026, 2, 15), date(2026, 2, 23), "春节", (date(2026, 2, 14), date(2026, 2, 28))),
        (date(2026, 10, 1), date(2026, 10, 7), "国庆节", (date(2026, 9, 20), date(2026, 10, 10))),
        (date(2026, 6, 19), date(2026, 6, 21), "端午节", ()),
    ],
)
def test_a_holiday_is_off_and_its_weekend_days_are_worked(
    first: date, last: date, name: str, made_up: tuple[date, ...]
) -> None:
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = CALENDAR[date.fromordinal(number)]
        assert (day.is_working, day.name) == (False, name), day
    for each in made_up:
        assert (CALENDAR[each].is_working, CALENDAR[each].is_weekend, CALENDAR[each].name) == (True, True, name), each


def test_made_up_days_of_2025_and_2026_are_these_and_no_others() -> None:
    made_up = {
        each.day for each in list_announced(2026) if each.is_working and each.is_weekend and each.day.year > 2024
    }
    assert made_up == {
        *(date(2025, 1, 26), date(2025, 2, 8), date(2025, 4, 27), date(2025, 9, 28), date(2025, 10, 11)),
        *(date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20)),
        date(2026, 10, 10),
    }


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 4, date(2026, 10, 12)),
        (date(2026, 10, 3), 1, date(2026, 10, 8)),
        (date(2025, 9, 26), 2, date(2025, 9, 29)),
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 6, 18), 1, date(2026, 6, 22)),
        (date(2026, 10, 10), -3, date(2026, 9, 30)),
        (date(2026, 10, 4), 0, date(2026, 9, 30)),
        (date(2026, 10, 4), -1, date(2026, 9, 29)),
    ],
)
def test_working_days_are_added_and_taken_off(start: date, number: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, number) == end
    assert CALENDAR.working_days_between(start, end) == number


def test_the_next_working_day_is_the_day_itself_when_it_is_worked() -> None:
    assert CALENDAR.next_working_day(date(2026, 10, 10)) == date(2026, 10, 10)
    assert CALENDAR.next_working_day(date(2026, 10, 11)) == date(2026, 10, 12)
    assert CALENDAR.next_working_day(date(2026, 2, 15)) == date(2026, 2, 24)


def test_the_arithmetic_names_what_was_passed_over() -> None:
    found = CALENDAR.reckon(date(2026, 9, 30), 3)
    assert (found.end, found.skipped) == (date(2026, 10, 10), (Run(date(2026, 10, 1), date(2026, 10, 7)),))
    assert (found.weekend_days, found.made_up, found.guessed_years) == (0, (date(2026, 10, 10),), ())
    longer = CALENDAR.reckon(date(2026, 9, 16), 10)
    assert longer.end == date(2026, 9, 30)
    assert longer.skipped == (Run(date(2026, 9, 25), date(2026, 9, 27)),)
    assert (longer.weekend_days, longer.made_up) == (1, (date(2026, 9, 20),))


def test_a_year_not_published_is_guessed_by_weekends_and_says_so() -> None:
    assert announced(date(2027, 10, 1)) == Day(date(2027, 10, 1), True, origin=Origin.GUESSED)
    assert CALENDAR.guessed_years(date(2026, 12, 1), date(2026, 12, 31)) == ()
    assert CALENDAR.reckon(date(2026, 12, 30), 5).guessed_years == (2027,)
    assert CALENDAR.guessed_years(date(2026, 12, 31), date(2028, 1, 3)) == (2027, 2028)


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2029, 1, 1)])
def test_beyond_the_calendar_nothing_is_made_up(day: date) -> None:
    with pytest.raises(OutOfCalendar):
        CALENDAR.add_working_days(day, 1)
    with pytest.raises(OutOfCalendar):
        CALENDAR.add_working_days(date(2028, 12, 29), 1)
