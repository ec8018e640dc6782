"""Which days are worked, as announced or only guessed by weekends, and the arithmetic of working days."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chinese_calendar.constants import holidays, workdays

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l

FIRST = date(2004, 1, 1)
# So far the calendar reaches beyond the present year; a deadline seldom lies further off.
YEARS_AHEAD = 5
PUBLISHED = range(min(holidays).year, max(holidays).year + 1)

# What the package calls a holiday, and what people call it.
NAMES: Mapping[str, str] = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


class Origin(StrEnum):
    """How a day is known: from the announced calendar, guessed by its weekday, or corrected by hand."""

    ANNOUNCED = "announced"
    GUESSED = "guessed"
    CORRECTED = "corrected"


class OutOfCalendar(DomainError):
    """The calendar does not reach that far."""

    def __init__(self) -> None:
        super().__init__(_l("超出了工作日历的范围。"))


@dataclass(frozen=True)
class Day:
    """One day. ``ordinal`` counts the working days from FIRST up to and with this day."""

    day: date
    is_working: bool
    ordinal: int = 0
    name: str = ""
    origin: Origin = Origin.ANNOUNCED

    @property
    def is_weekend(self) -> bool:
        """Whether it is a Saturday or a Sunday."""
        return self.day.weekday() > 4

    @property
    def is_usual(self) -> bool:
        """Whether its weekday alone says what it is."""
        return self.is_working is not self.is_weekend and not self.name


def is_published(year: int) -> bool:
    """Whether the package knows the year's holidays; the other years' are guessed by weekends."""
    return year in PUBLISHED


def announced(day: date) -> Day:
    """What is known of a day without corrections; its ordinal is not counted."""
    if not is_published(day.year):
        return Day(day, day.weekday() < 5, origin=Origin.GUESSED)
    name = holidays.get(day) or workdays.get(day) or ""
    is_working = day in workdays or (day.weekday() < 5 and day not in holidays)
    return Day(day, is_working, name=NAMES.get(name, name))


def list_announced(through: int) -> Iterator[Day]:
    """Every day from FIRST to the end of a year."""
    for number in range((date(through, 12, 31) - FIRST).days + 1):
        yield announced(FIRST + timedelta(days=number))


@dataclass(frozen=True)
class Run:
    """Days off in a row."""

    first: date
    last: date


@dataclass(frozen=True)
class Reckoning:
    """Some working days added to a day, and what was passed over on the way.

    ``skipped`` are the holidays, ``weekend_days`` counts the usual days off, ``made_up`` are the weekend days that were
    worked, ``guessed_years`` those whose holidays are not published yet.
    """

    start: date
    number: int
    end: date
    skipped: tuple[Run, ...]
    weekend_days: int
    made_up: tuple[date, ...]
    guessed_years: tuple[int, ...]


class Calendar:
    """Days in a row, and reckoning with them. What lies outside of them raises OutOfCalendar."""

    def __init__(self, days: Iterable[Day]) -> None:
        self._days = {each.day: each for each in days}
        self._worked = {each.ordinal: each.day for each in self._days.values() if each.is_working}

    def __getitem__(self, day: date) -> Day:
        if day not in self._days:
            raise OutOfCalendar
        return self._days[day]

    def is_working(self, day: date) -> bool:
        """Whether a day is worked; as announced where these days do not reach."""
        return self.find(day).is_working

    def find(self, day: date) -> Day:
        """A day; as announced where these days do not reach."""
        return self._days.get(day) or announced(day)

    def add_working_days(self, day: date, number: int) -> date:
        """The nth working day after a day, before it with a negative number; with 0 the last one up to it."""
        return self._nth(self[day].ordinal + number)

    def _nth(self, ordinal: int) -> date:
        if ordinal not in self._worked:
            raise OutOfCalendar
        return self._worked[ordinal]

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days come after the first day up to and with the last; negative the other way round."""
        return self[last].ordinal - self[first].ordinal

    def next_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the first after it that is."""
        there = self[day]
        return day if there.is_working else self._nth(there.ordinal + 1)

    def guessed_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years of days after the first up to and with the last that are only guessed by weekends."""
        days = (self.find(first + timedelta(days=number)) for number in range(1, (last - first).days + 1))
        return tuple(sorted({each.day.year for each in days if each.origin is Origin.GUESSED}))

    def reckon(self, start: date, number: int) -> Reckoning:
        """Add working days to a day, and tell what was passed over."""
        end = self.add_working_days(start, number)
        passed = self._between(start, end)
        holidays_, weekend_days = [], 0
        for run in runs(each for each in passed if not each.is_working):
            if all(each.is_usual for each in run):
                weekend_days += len(run)
            else:
                holidays_.append(Run(run[0].day, run[-1].day))
        made_up = tuple(each.day for each in passed if each.is_working and each.is_weekend)
        guessed = self.guessed_years(start, end)
        return Reckoning(start, number, end, tuple(holidays_), weekend_days, made_up, guessed)

    def _between(self, first: date, last: date) -> list[Day]:
        return [self[first + timedelta(days=number)] for number in range(1, (last - first).days + 1)]


def runs(days: Iterable[Day]) -> list[list[Day]]:
    """The days cut where one does not follow the other."""
    found: list[list[Day]] = []
    for each in days:
        if found and found[-1][-1].day + timedelta(days=1) == each.day:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def span_of(number: int) -> int:
    """How many days certainly hold so many working days, with the longest holidays in them."""
    return 2 * abs(number) + 30
