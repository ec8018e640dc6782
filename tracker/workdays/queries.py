"""Reading the calendar."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Subquery, case, func, select
from sqlalchemy.orm import Session

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.workdays.models import CalendarDay
from tracker.workdays.rules import PUBLISHED, Calendar, Day, Origin, span_of

_COLUMNS = (
    CalendarDay.day,
    CalendarDay.is_working,
    CalendarDay.working_ordinal,
    CalendarDay.name,
    CalendarDay.origin,
)


def load_calendar(session: Session, first: date, last: date) -> Calendar:
    """The calendar from one day to another, as far as it reaches."""
    query = select(*_COLUMNS).where(CalendarDay.day.between(first, last)).order_by(CalendarDay.day)
    return Calendar(Day(*row) for row in session.execute(query))


def load_around(session: Session, day: date, number: int) -> Calendar:
    """As much of the calendar as adding so many working days to a day, or taking them off, asks for."""
    span = timedelta(days=span_of(number))
    return load_calendar(session, day - span, day + span)


class Left(NamedTuple):
    """The working days left until a day, and the years on the way whose holidays are not published yet."""

    working_days: int
    guessed_years: tuple[int, ...]


def count_left(session: Session, today: date, days: Collection[date]) -> Mapping[date, Left]:
    """The working days from today to each of these days, as far as the calendar reaches; one query for all."""
    columns = (CalendarDay.day, CalendarDay.working_ordinal, _select_guessed_from(today))
    rows = session.execute(select(*columns).where(CalendarDay.day.in_({today, *days}))).all()
    ordinals = {day: ordinal for day, ordinal, _guessed in rows}
    if today not in ordinals:
        return {}
    return {day: Left(ordinal - ordinals[today], _years(guessed_from, day)) for day, ordinal, guessed_from in rows}


def select_left(today: date, day: Any) -> tuple[Any, Any]:
    """Two columns for a query of another table: the working days left from today to its day, and guessed from when."""
    ordinal = select(CalendarDay.working_ordinal)
    until, now = (ordinal.where(CalendarDay.day == each).scalar_subquery() for each in (day, today))
    return until - now, _select_guessed_from(today)


def left_of(working_days: int | None, guessed_from: date | None, day: date | None) -> Left | None:
    """What the two columns of ``select_left`` say; None without a day or beyond the calendar."""
    return None if day is None or working_days is None else Left(working_days, _years(guessed_from, day))


def _select_guessed_from(today: date) -> Any:
    guessed = select(func.min(CalendarDay.day)).where(CalendarDay.origin == Origin.GUESSED, CalendarDay.day > today)
    return guessed.scalar_subquery()


def _years(guessed_from: date | None, last: date) -> tuple[int, ...]:
    return tuple(range(guessed_from.year, last.year + 1)) if guessed_from and guessed_from <= last else ()


def list_year(session: Session, year: int) -> Sequence[CalendarDay]:
    """The days of a year in their order."""
    query = select(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    return session.scalars(query.order_by(CalendarDay.day)).all()


def list_all(session: Session) -> Mapping[date, Day]:
    """Every day by its date."""
    return {row[0]: Day(*row) for row in session.execute(select(*_COLUMNS))}


def find_last_day(session: Session) -> date | None:
    """The last day of the calendar; None as long as it is empty."""
    return session.scalar(select(func.max(CalendarDay.day)))


def has_guessed_what_is_published(session: Session) -> bool:
    """Whether days stand as guessed whose year the package knows by now."""
    known = CalendarDay.day <= date(PUBLISHED[-1], 12, 31)
    query = select(CalendarDay.day).where(CalendarDay.origin == Origin.GUESSED, known).limit(1)
    return session.scalar(query) is not None


def get_day(session: Session, day: date, *, lock: bool = False) -> CalendarDay:
    """One day; raises NotFound."""
    query = select(CalendarDay).where(CalendarDay.day == day)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(_l("工作日历里没有这一天。"))
    return found


def select_numbered() -> Subquery:
    """Every day with the number of working days up to and with it."""
    worked: Any = case((CalendarDay.is_working, 1), else_=0)
    counted = func.sum(worked).over(order_by=CalendarDay.day).label("ordinal")
    return select(CalendarDay.day, counted).subquery()
