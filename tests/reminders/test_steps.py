"""The arithmetic of steps: the table by hand, and SQL says the same."""

from datetime import date, timedelta

import pytest
from factories import a_unit, an_account, an_issued_item, by_date
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from tests.workdays.test_rules import CALENDAR
from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.items import operations as items
from tracker.items.models import Item, ItemChange
from tracker.items.rules import Event, State
from tracker.reminders import operations, queries
from tracker.reminders.models import ReminderRule
from tracker.reminders.rules import (
    BASES,
    Basis,
    Counts,
    Step,
    Trigger,
    check_days,
    digest_slot,
    first_step,
    latest_step,
    next_step,
    steps_between,
)
from tracker.workdays.operations import correct
from tracker.workdays.queries import get_day, load_calendar

DUE = date(2026, 6, 30)
B, ON, V, N = Trigger.BEFORE_DUE, Trigger.ON_DUE, Trigger.OVERDUE_EVERY, Trigger.NOT_ACCEPTED


@pytest.mark.parametrize(
    ("trigger", "days", "today", "reached"),
    [
        (B, 20, date(2026, 6, 9), None),
        (B, 20, date(2026, 6, 10), Step(date(2026, 6, 10))),
        (B, 20, date(2026, 6, 25), Step(date(2026, 6, 10))),
        (B, 3, date(2026, 6, 26), None),
        (B, 3, date(2026, 6, 27), Step(date(2026, 6, 27))),
        (ON, 0, date(2026, 6, 29), None),
        (ON, 0, DUE, Step(DUE)),
        (ON, 0, date(2026, 7, 4), Step(DUE)),
        (V, 7, DUE, None),
        (V, 7, date(2026, 7, 1), Step(date(2026, 7, 1), 0)),
        (V, 7, date(2026, 7, 7), Step(date(2026, 7, 1), 0)),
        (V, 7, date(2026, 7, 8), Step(date(2026, 7, 8), 1)),
        (V, 7, date(2026, 9, 30), Step(date(2026, 9, 30), 13)),
        (V, 1, date(2026, 7, 3), Step(date(2026, 7, 3), 2)),
        (N, 3, date(2026, 7, 2), None),
        (N, 3, date(2026, 7, 3), Step(date(2026, 7, 3))),
    ],
)
def test_the_step_reached_last(trigger: Trigger, days: int, today: date, reached: Step | None) -> None:
    assert latest_step(trigger, days, DUE, today) == reached


@pytest.mark.parametrize(
    ("trigger", "days", "today", "coming"),
    [
        (B, 20, date(2026, 6, 1), Step(date(2026, 6, 10))),
        (B, 20, date(2026, 6, 10), None),
        (ON, 0, date(2026, 6, 29), Step(DUE)),
        (V, 7, DUE, Step(date(2026, 7, 1), 0)),
        (V, 7, date(2026, 7, 1), Step(date(2026, 7, 8), 1)),
        (V, 7, date(2026, 7, 20), Step(date(2026, 7, 22), 3)),
    ],
)
def test_the_step_to_come(trigger: Trigger, days: int, today: date, coming: Step | None) -> None:
    assert next_step(trigger, days, DUE, today) == coming


def test_the_first_step_over_a_leap_day() -> None:
    assert first_step(B, 3, date(2028, 3, 2)) == Step(date(2028, 2, 28))


@pytest.mark.parametrize(("trigger", "days"), [(B, 0), (B, 366), (V, 0), (N, 0), (ON, 1)])
def test_days_without_a_meaning_are_refused(trigger: Trigger, days: int) -> None:
    with pytest.raises(DomainError):
        check_days(trigger, days)


def test_slots_of_a_day_are_numbered_from_the_second_on() -> None:
    assert [digest_slot(DUE, number) for number in (1, 2)] == ["2026-06-30", "2026-06-30#2"]


@pytest.mark.parametrize("passed", range(-25, 40, 3))
def test_sql_reaches_the_same_step_as_the_rules(app: Flask, passed: int) -> None:
    """Without recipients in each other's way: one person is told the latest step of all rules."""
    with writing():
        unit = a_unit()
        liaison = an_account("李磊", Role.LIAISON, unit)
        with clock.moved_to(clock.instant_at(date(2026, 5, 1), 9)):
            operations.ensure_default_rules()
            item = an_issued_item(lead_unit=unit, due_on=DUE)
            items.accept(item, handler_id=liaison.id, actor=SYSTEM)
    today = DUE + timedelta(days=passed)
    rules = {rule.id: rule for rule in queries.list_rules(db.session())}
    steps = [
        (step.reached_on, rule.id, step.repetition)
        for rule in rules.values()
        if BASES[rule.trigger] is Basis.DEADLINE and (step := latest_step(rule.trigger, rule.days, DUE, today))
    ]
    found = [
        (row.reached_on, row.rule_id, row.repetition)
        for row in db.session.execute(queries.select_due(), {"day": today})
    ]
    assert found == ([max(steps)] if steps else [])


def test_a_deadline_moved_and_an_item_issued_late_bury_the_steps_before(app: Flask) -> None:
    with writing():
        unit = a_unit()
        an_account("李磊", Role.LIAISON, unit)
        with clock.moved_to(clock.instant_at(date(2026, 5, 1), 9)):
            operations.ensure_default_rules()
        with clock.moved_to(clock.instant_at(date(2026, 6, 12), 9)):
            late = an_issued_item(lead_unit=unit, due_on=DUE)
            moved = an_issued_item(lead_unit=unit, due_on=date(2026, 9, 1), source=late.source)
    with clock.moved_to(clock.instant_at(date(2026, 6, 25), 9)), writing():
        items.amend(
            db.session.get_one(type(moved), moved.id),
            items.Assignment(deadline=by_date(DUE)),
            reason="经批准",
            actor=SYSTEM,
        )

    def told(day: date) -> set[tuple[int, int]]:
        rules = {rule.id: rule for rule in queries.list_rules(db.session())}
        rows = db.session.execute(queries.select_due(), {"day": day}).all()
        return {(row.item_id, rules[row.rule_id].days) for row in rows if rules[row.rule_id].trigger is B}

    assert told(date(2026, 6, 15)) == set()
    assert told(date(2026, 6, 26)) == {(late.id, 10)}
    assert told(date(2026, 6, 27)) == {(late.id, 3), (moved.id, 3)}


MONDAY = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("trigger", "days", "base", "today", "reached"),
    [
        (B, 3, MONDAY, date(2026, 10, 7), None),
        (B, 3, MONDAY, date(2026, 10, 8), Step(date(2026, 10, 8))),
        (B, 4, MONDAY, date(2026, 10, 8), Step(date(2026, 9, 30))),
        (ON, 0, date(2026, 10, 11), date(2026, 10, 10), Step(date(2026, 10, 10))),
        (V, 5, date(2026, 9, 30), date(2026, 10, 7), None),
        (V, 5, date(2026, 9, 30), date(2026, 10, 8), Step(date(2026, 10, 8), 0)),
        (V, 3, date(2026, 9, 30), date(2026, 10, 12), Step(date(2026, 10, 12), 1)),
        (N, 3, date(2026, 9, 30), date(2026, 10, 9), None),
        (N, 3, date(2026, 9, 30), date(2026, 10, 11), Step(date(2026, 10, 10))),
        (N, 3, date(2026, 7, 31), date(2026, 8, 5), Step(date(2026, 8, 5))),
    ],
)
def test_the_step_reached_last_in_working_days(
    trigger: Trigger, days: int, base: date, today: date, reached: Step | None
) -> None:
    assert latest_step(trigger, days, base, today, CALENDAR) == reached


def test_the_step_to_come_in_working_days() -> None:
    assert next_step(V, 3, date(2026, 9, 30), date(2026, 10, 8), CALENDAR) == Step(date(2026, 10, 12), 1)
    assert next_step(B, 3, MONDAY, date(2026, 9, 30), CALENDAR) == Step(date(2026, 10, 8))


def test_more_working_days_than_fit_into_a_year_are_refused() -> None:
    check_days(B, 240, Counts.WORKING)
    with pytest.raises(DomainError):
        check_days(B, 241, Counts.WORKING)
    most = max((CALENDAR.add_working_days(date(2024 + n, 12, 31), 240) - date(2024 + n, 12, 31)).days for n in range(3))
    assert most <= 365


def test_the_steps_between_two_days_in_working_days() -> None:
    """From the evening before National Day every third working day: 8 October, the 12th, the 15th."""
    between = steps_between(V, 3, date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 15), CALENDAR)
    assert between == [Step(date(2026, 10, 8), 0), Step(date(2026, 10, 12), 1)]
    assert steps_between(V, 3, date(2026, 9, 30), date(2030, 1, 1), date(2026, 10, 15), CALENDAR) == []


STATES = {N: State.ISSUED, Trigger.UNCHECKED: State.SUSTAINED}


def begin_with_one_item() -> None:
    """One item, rules to be written over, and a calendar with days put right."""
    with writing(), clock.moved_to(clock.instant_at(date(2026, 5, 1), 9)):
        unit = a_unit()
        an_account("李磊", Role.LIAISON, unit)
        operations.ensure_default_rules()
        an_issued_item(lead_unit=unit, due_on=DUE)
        session = db.session()
        session.execute(update(ReminderRule).values(is_active=False))
        for day in (date(2026, 10, 9), date(2026, 10, 17), date(2026, 6, 27), date(2026, 7, 1), date(2027, 10, 1)):
            found = get_day(session, day)
            correct(found, is_working=not found.is_working, name="", reason="试验", actor=SYSTEM)


@given(
    trigger=st.sampled_from([each for each in Trigger if BASES[each] is not Basis.REVIEW]),
    days=st.integers(1, 60),
    counts=st.sampled_from(Counts),
    base=st.dates(date(2025, 3, 1), date(2027, 3, 1)),
    passed=st.integers(-100, 200),
)
@example(V, 1, Counts.WORKING, date(2025, 3, 1), 1)
@example(ON, 0, Counts.WORKING, date(2026, 10, 5), -5)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_rules_agree_whatever_is_counted(
    app: Flask, trigger: Trigger, days: int, counts: Counts, base: date, passed: int
) -> None:
    """One rule, one item counted from any day and looked at on any other, a calendar corrected here and there."""
    if not queries.list_rules(db.session()):
        begin_with_one_item()
    days, today = (0 if trigger is ON else days), base + timedelta(days=passed)
    with writing():
        session = db.session()
        said = {"trigger": trigger, "days": days, "counts": counts, "is_active": True, "active_from": date(2004, 1, 1)}
        session.execute(update(ReminderRule).where(ReminderRule.key == "before-20").values(said))
        values = {"due_on": base, "issued_on": date(2004, 1, 1), "deadline_moved_on": None}
        session.execute(update(Item).values(values | {"state": STATES.get(trigger, State.WORKING)}))
        session.execute(update(ItemChange).where(ItemChange.event == Event.ISSUE).values(effective_on=base))
    calendar = load_calendar(db.session(), date(2024, 1, 1), date(2028, 12, 31))
    step = latest_step(trigger, days, base, today, calendar if counts is Counts.WORKING else None)
    found = {(row.reached_on, row.repetition) for row in db.session.execute(queries.select_due(), {"day": today})}
    assert found == ({(step.reached_on, step.repetition)} if step else set())
