"""The calendar of a year as a page shows it: months of weeks, and the days that are not as usual."""

from calendar import Calendar as Weeks
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from babel.dates import get_day_names

from tracker.core.i18n import get_locale
from tracker.workdays.models import CalendarDay
from tracker.workdays.rules import Origin
from tracker.workdays.wording import named, run_words


@dataclass(frozen=True)
class Cell:
    """A day in its week."""

    row: CalendarDay
    is_today: bool

    @property
    def is_marked(self) -> bool:
        """Whether the weekday alone does not say what it is."""
        row = self.row
        return row.origin is Origin.CORRECTED or row.is_working is (row.day.weekday() > 4) or bool(row.name)

    @property
    def kind(self) -> str:
        """The class of its look: worked, off, made-up or holiday."""
        if self.is_marked:
            return "made-up" if self.row.is_working else "holiday"
        return "worked" if self.row.is_working else "off"


@dataclass(frozen=True)
class Note:
    """Days in a row of one name that are off, or worked although they were not to be."""

    days: str
    name: object
    is_working: bool
    is_corrected: bool


@dataclass(frozen=True)
class Month:
    """A month: weeks of seven cells, None for days of other months, and the notes below."""

    first: date
    weeks: Sequence[Sequence[Cell | None]]
    notes: Sequence[Note]
    working_days: int


def weekday_names() -> list[str]:
    """The heads of the columns, from Monday on."""
    names = get_day_names("narrow", context="stand-alone", locale=get_locale())
    return [names[number] for number in range(7)]


def months_of(days: Sequence[CalendarDay], today: date) -> list[Month]:
    """The twelve months of a year's days."""
    cells = {row.day: Cell(row, row.day == today) for row in days}
    return [_month(first, cells) for first in sorted(day for day in cells if day.day == 1)]


def _month(first: date, cells: Mapping[date, Cell]) -> Month:
    mine = [cell for day, cell in cells.items() if (day.year, day.month) == (first.year, first.month)]
    weeks = [
        [cells[day] if (day.year, day.month) == (first.year, first.month) else None for day in week]
        for week in Weeks().monthdatescalendar(first.year, first.month)
    ]
    return Month(first, weeks, _notes(mine), sum(cell.row.is_working for cell in mine))


def _notes(cells: Sequence[Cell]) -> list[Note]:
    notes = []
    for key, found in groupby(cells, key=_kind_of_note):
        days = [cell.row for cell in found]
        if key is not None:
            name, is_working, is_corrected = key
            notes.append(Note(run_words(days[0].day, days[-1].day), named(name), is_working, is_corrected))
    return notes


def _kind_of_note(cell: Cell) -> tuple[str, bool, bool] | None:
    row = cell.row
    return (row.name, row.is_working, row.origin is Origin.CORRECTED) if cell.is_marked else None
