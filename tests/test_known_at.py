"""Figures of a day, as known at an instant, are those of a plain ledger replayed day by day, and stand for ever."""

import os
from datetime import date, datetime, timedelta

import pytest
from factories import actor_of, an_account
from figures.ledgers import DAYS, FIRST_DAY, Step, World, count, steps, undone
from flask import Flask
from hypothesis import HealthCheck, given, settings

from tracker.access.rules import SYSTEM, Action, Role, reach
from tracker.core.db import db
from tracker.figures import queries
from tracker.figures.questions import Group, Question
from tracker.figures.rules import Breakdown, FigureName, Tally
from tracker.org.models import UnitAncestor

# make proof tries ten times as many histories.
EXAMPLES = 80 if os.environ.get("PROOF") else 8
pytestmark = pytest.mark.proof
EVERYTHING = reach(SYSTEM)
AT_RANDOM = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LAST_DAY = FIRST_DAY + timedelta(days=DAYS)


def figures(day: date, known_at: datetime | None = None) -> Tally:
    rows = queries.tally(db.session(), Question(day, known_at), EVERYTHING)
    return rows[0].tally if rows else Tally()


def days() -> list[date]:
    return [FIRST_DAY + timedelta(days=passed) for passed in range(DAYS + 1)]


@AT_RANDOM
@given(happening=steps())
def test_figures_of_any_day_as_known_at_any_instant_are_those_of_a_replay(app: Flask, happening: list[Step]) -> None:
    with undone():
        world = World()
        instants = [world.instant]
        for step in happening:
            world.go_on(step)
            instants.append(world.instant)
        for day in days():
            for known_at in {instants[0], instants[len(instants) // 2], instants[-1]}:
                standing = world.ledger.on(day, known_at)
                assert figures(day, known_at) == count(list(standing.values()), day), (day, known_at)
            assert figures(day) == figures(day, world.instant)


@AT_RANDOM
@given(before=steps(), after=steps())
def test_what_was_known_of_a_day_never_changes_whatever_is_recorded_later(
    app: Flask, before: list[Step], after: list[Step]
) -> None:
    with undone():
        world = World()
        for step in before:
            world.go_on(step)
        known_at = world.instant
        then = {day: figures(day, known_at) for day in days()}
        for step in after:
            world.go_on(step)
        assert {day: figures(day, known_at) for day in days()} == then


@AT_RANDOM
@given(happening=steps())
def test_the_parts_of_every_breakdown_add_up_and_name_the_items_they_count(app: Flask, happening: list[Step]) -> None:
    with undone():
        world = World()
        for step in happening:
            world.go_on(step)
        question = Question(LAST_DAY)
        for by in Breakdown:
            rows = queries.tally(db.session(), question, EVERYTHING, by)
            rows_of = {row.id for row in rows if row.id is not None}
            apart = [row.tally for row in rows if row.above_id not in rows_of]
            assert sum(apart, Tally()) == figures(LAST_DAY)
            for row in rows:
                for name in queries.COUNTS:
                    listed = queries.list_item_numbers(db.session(), question, EVERYTHING, name, Group(by, row.id))
                    assert len(listed) == getattr(row.tally, name), (row.key, name)


@AT_RANDOM
@given(happening=steps())
def test_the_items_behind_a_figure_are_those_that_stood_so_on_that_day(app: Flask, happening: list[Step]) -> None:
    with undone():
        world = World()
        for step in happening:
            world.go_on(step)
        middle = FIRST_DAY + timedelta(days=DAYS // 2)
        standing = world.ledger.on(middle, world.instant)
        for state in (FigureName.DRAFT, FigureName.WORKING, FigureName.CLOSED, FigureName.WITHDRAWN):
            expected = sorted(number for number, row in standing.items() if row["state"] == str(state))
            listed = queries.list_item_numbers(db.session(), Question(middle), EVERYTHING, state)
            assert sorted(listed) == expected


@AT_RANDOM
@given(happening=steps())
def test_a_unit_with_all_below_it_is_the_sum_of_what_each_of_them_leads(app: Flask, happening: list[Step]) -> None:
    with undone():
        world = World()
        for step in happening:
            world.go_on(step)
        question = Question(LAST_DAY)
        own = {row.id: row.tally for row in queries.tally(db.session(), question, EVERYTHING, Breakdown.UNIT)}
        below: dict[int, set[int]] = {}
        for link in db.session().query(UnitAncestor):
            below.setdefault(link.ancestor_id, set()).add(link.unit_id)
        tree = {row.id: row.tally for row in queries.tally(db.session(), question, EVERYTHING, Breakdown.TREE)}
        expected = {above: sum((own[unit] for unit in units & own.keys()), Tally()) for above, units in below.items()}
        named = {unit: tally for unit, tally in tree.items() if unit is not None}
        assert named == {unit: tally for unit, tally in expected.items() if below[unit] & own.keys()}
        assert tree.get(None) == own.get(None)


@AT_RANDOM
@given(happening=steps())
def test_a_liaison_reads_of_any_day_what_the_unit_led_on_that_day_and_nothing_else(
    app: Flask, happening: list[Step]
) -> None:
    with undone():
        world = World()
        for step in happening:
            world.go_on(step)
        unit = world.units[1]
        within = reach(actor_of(an_account("赵兰", Role.LIAISON, unit)), Action.READ_FIGURES)
        for day in (FIRST_DAY, FIRST_DAY + timedelta(days=DAYS // 2), LAST_DAY):
            led = {
                number: row
                for number, row in world.ledger.on(day, world.instant).items()
                if row["lead_unit_id"] == unit.id
            }
            question = Question(day)
            assert queries.tally_wholes(db.session(), [question], within) == [count(list(led.values()), day)]
            for by in Breakdown:
                rows = queries.tally(db.session(), question, within, by)
                assert max((row.tally.total for row in rows), default=0) <= len(led)
            listed = queries.list_item_numbers(db.session(), question, within, FigureName.TOTAL)
            assert set(listed) <= led.keys()
