"""The calendar in the database: filled once, extended as years pass, corrected by hand and kept so."""

from datetime import date

import pytest
from factories import a_unit, actor_of, an_account
from flask import Flask
from flask_migrate import upgrade
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from tracker.access.rules import SYSTEM, Role
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.core.errors import Forbidden, Stale
from tracker.core.i18n import force_locale
from tracker.workdays import operations, queries
from tracker.workdays.models import CalendarDay
from tracker.workdays.rules import FIRST, Calendar, Origin
from tracker.workdays.wording import left_words, tell

NATIONAL_DAY = date(2026, 10, 1)


def correct(day: date, *, is_working: bool, name: str = "", reason: str = "市里通知") -> None:
    with writing():
        operations.correct(
            queries.get_day(db.session(), day, lock=True), is_working=is_working, name=name, reason=reason, actor=SYSTEM
        )


def calendar() -> Calendar:
    db.session.rollback()
    return queries.load_calendar(db.session(), date(2025, 1, 1), date(2028, 12, 31))


def state() -> list[tuple[object, ...]]:
    db.session.rollback()
    rows = select(CalendarDay.day, CalendarDay.is_working, CalendarDay.working_ordinal, CalendarDay.origin)
    return [tuple(row) for row in db.session.execute(rows.order_by(CalendarDay.day))]


def assert_numbered() -> None:
    """Every ordinal is the count of the working days up to it."""
    count = 0
    for day, is_working, ordinal, _origin in state():
        count += bool(is_working)
        assert ordinal == count, day


def test_the_calendar_comes_with_the_schema_from_2004_to_years_ahead(app: Flask) -> None:
    days = state()
    assert days[0][0] == FIRST
    assert len(days) == (days[-1][0] - FIRST).days + 1  # type: ignore[operator]
    assert days[-1][0] >= date(2031, 12, 31)  # type: ignore[operator]
    assert_numbered()


def test_filling_in_again_changes_nothing(app: Flask) -> None:
    before = state()
    with writing():
        operations.ensure_calendar(date(2026, 11, 28))
        operations.fill(db.session(), before[-1][0].year)  # type: ignore[attr-defined]
    upgrade()
    assert state() == before


def test_as_years_pass_it_is_extended_and_as_they_are_published_it_is_filled_in(app: Flask) -> None:
    with writing():
        operations.ensure_calendar(date(2040, 1, 1))
    assert state()[-1][0] == date(2045, 12, 31)
    with writing():
        # As it stood before the holidays of 2026 were published.
        holiday = CalendarDay.day.between(NATIONAL_DAY, date(2026, 10, 2))
        db.session.execute(update(CalendarDay).where(holiday).values(is_working=True, origin=Origin.GUESSED, name=""))
        operations.renumber(db.session())
    assert calendar()[NATIONAL_DAY].origin is Origin.GUESSED
    with writing():
        operations.ensure_calendar(date(2026, 1, 1))
    assert calendar()[NATIONAL_DAY].origin is Origin.ANNOUNCED
    assert not calendar()[NATIONAL_DAY].is_working
    assert_numbered()


def test_an_empty_calendar_is_filled_on_first_use(app: Flask) -> None:
    before = state()
    with writing():
        db.session.execute(delete(CalendarDay))
    with writing():
        operations.ensure_calendar(date(before[-1][0].year - 5, 3, 1))  # type: ignore[attr-defined]
    assert state() == before


def test_a_correction_counts_anew_reaches_the_trail_and_survives(app: Flask) -> None:
    before = calendar().working_days_between(date(2026, 11, 1), date(2026, 12, 31))
    correct(date(2026, 11, 18), is_working=False, name="校庆", reason="市委办〔2026〕9号")
    correct(date(2026, 11, 21), is_working=True)
    correct(date(2026, 12, 24), is_working=False)
    with writing():
        operations.fill(db.session(), 2031)
    assert calendar().working_days_between(date(2026, 11, 1), date(2026, 12, 31)) == before - 1
    assert (calendar()[date(2026, 11, 18)].name, calendar()[date(2026, 11, 18)].origin) == ("校庆", Origin.CORRECTED)
    assert_numbered()
    corrected = select(AuditEntry).where(AuditEntry.action == "calendar_day.correct").order_by(AuditEntry.id)
    entries = db.session.scalars(corrected).all()
    assert [entry.subject for entry in entries] == ["2026-11-18", "2026-11-21", "2026-12-24"]
    assert "市委办〔2026〕9号" in entries[0].details


def test_a_day_said_as_it_is_announced_is_no_correction_any_more(app: Flask) -> None:
    correct(NATIONAL_DAY, is_working=True)
    assert calendar()[NATIONAL_DAY].origin is Origin.CORRECTED
    correct(NATIONAL_DAY, is_working=False, name="国庆节")
    assert calendar()[NATIONAL_DAY].origin is Origin.ANNOUNCED


def test_a_day_is_corrected_by_the_administrator_alone_and_not_over_another_correction(app: Flask) -> None:
    with writing():
        office = actor_of(an_account("陈静", Role.OFFICE, a_unit("市直机关工委")))
    values = {"is_working": True, "name": "", "reason": "x"}
    with pytest.raises(Forbidden), writing():
        operations.correct(queries.get_day(db.session(), NATIONAL_DAY), **values, actor=office)  # type: ignore[arg-type]
    with pytest.raises(Stale), writing():
        operations.correct(queries.get_day(db.session(), NATIONAL_DAY), **values, actor=SYSTEM, version=7)  # type: ignore[arg-type]


def test_the_arithmetic_is_told_in_both_languages(app: Flask) -> None:
    found = queries.load_around(db.session(), date(2026, 9, 30), 3).reckon(date(2026, 9, 30), 3)
    assert tell(found) == "3个工作日：跳过10月1日至7日，10月10日上班"
    with force_locale("en"):
        assert tell(found) == "3 working days: skipping Oct 1 to Oct 7, Oct 10 worked"
    longer = queries.load_around(db.session(), date(2026, 12, 30), 5).reckon(date(2026, 12, 30), 5)
    assert tell(longer) == "5个工作日：跳过周末2天（2027年放假安排未公布，只按周末计算）"
    plain = queries.load_around(db.session(), date(2026, 7, 6), 2).reckon(date(2026, 7, 6), 2)
    assert tell(plain) == "2个工作日：中间没有休息日"
    year = queries.load_around(db.session(), date(2025, 12, 31), 2).reckon(date(2025, 12, 31), 2)
    assert tell(year) == "2个工作日：跳过2026年1月1日至3日，2026年1月4日上班"


def test_days_left_are_counted_in_one_query_and_say_when_they_are_guessed(app: Flask) -> None:
    today = date(2026, 9, 30)
    left = queries.count_left(db.session(), today, [date(2026, 10, 12), date(2027, 1, 4), date(2099, 1, 1), today])
    assert left_words(left[date(2026, 10, 12)]) == "还剩4个工作日"
    assert left_words(left[date(2027, 1, 4)]).endswith("（2027年放假安排未公布，只按周末计算）")
    assert left[today].working_days == 0
    assert date(2099, 1, 1) not in left


DAYS = st.dates(date(2025, 6, 1), date(2027, 12, 31))


@settings(max_examples=60, deadline=None)
@given(day=DAYS, number=st.integers(-200, 200))
def test_adding_and_counting_agree(day: date, number: int) -> None:
    from tests.workdays.test_rules import CALENDAR

    end = CALENDAR.add_working_days(day, number)
    assert CALENDAR.working_days_between(day, end) == number
    assert CALENDAR[end].is_working
    assert CALENDAR.next_working_day(day) >= day
