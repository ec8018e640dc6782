"""The same figures over time: which days are shown, what each counts, and what is kept of closed months."""

import os
import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from factories import a_source, a_unit, a_working_item, actor_of, an_account, an_issued_item, an_item, sign_in
from figures.ledgers import DAYS, FIRST_DAY, Step, World, steps, undone
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, update

from tracker.access.rules import SYSTEM, Action, Reach, Role, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.figures.models import FigureDay
from tracker.figures.operations import KEPT_DAYS, keep_days
from tracker.figures.queries import Trend, count_days, find_trend, tally_wholes
from tracker.figures.questions import Question
from tracker.figures.trends import MOST, Point, days_of, is_whole
from tracker.figures.trends import Step as Apart
from tracker.items import operations as items
from tracker.items.models import Item, ItemReader, ItemSupport
from tracker.items.rules import Event
from tracker.org.models import Person, Unit
from tracker.org.operations import change_unit
from tracker.sources.rules import Counting

EXAMPLES = 60 if os.environ.get("PROOF") else 8
AT_RANDOM = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ALL_DAYS = [FIRST_DAY + timedelta(days=passed) for passed in range(DAYS + 1)]
# Every day of the made-up ledgers lies in a closed month.
LATER = date(2026, 5, 1)


def live(question: Question, days: Sequence[date], within: Reach) -> list[Point]:
    """Each day asked for by itself, as the page of one day does."""
    asked = [Question(**(vars(question) | {"as_of": day})) for day in days]
    counted = tally_wholes(db.session(), asked, within)
    return [Point(day, each.total, each.closed, each.left_out) for day, each in zip(days, counted, strict=True)]


def test_the_days_of_a_trend_end_with_the_one_asked_for() -> None:
    asked = date(2026, 3, 11)
    assert days_of(asked, Apart.DAY, 3) == [date(2026, 3, 9), date(2026, 3, 10), asked]
    assert days_of(asked, Apart.WEEK, 3) == [date(2026, 3, 1), date(2026, 3, 8), asked]
    assert days_of(asked, Apart.MONTH, 4) == [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), asked]


@pytest.mark.parametrize(
    ("asked", "apart", "before"),
    [
        (date(2026, 3, 8), Apart.WEEK, date(2026, 3, 1)),
        (date(2026, 3, 9), Apart.WEEK, date(2026, 3, 8)),
        (date(2028, 2, 29), Apart.MONTH, date(2028, 1, 31)),
        (date(2028, 3, 1), Apart.MONTH, date(2028, 2, 29)),
    ],
)
def test_a_period_that_ends_with_the_day_is_not_shown_twice(asked: date, apart: Apart, before: date) -> None:
    assert days_of(asked, apart, 2) == [before, asked]


@pytest.mark.parametrize("apart", Apart)
def test_no_day_comes_twice_and_all_but_the_last_are_whole(apart: Apart) -> None:
    days = days_of(date(2026, 3, 11), apart, MOST[apart])
    assert days == sorted(set(days))
    assert all(is_whole(day, apart) for day in days[:-1])
    assert is_whole(days[-1], apart) == (apart is Apart.DAY)


@pytest.mark.proof
@AT_RANDOM
@given(happening=steps(), passed=st.sets(st.integers(0, DAYS), min_size=1))
def test_many_days_counted_at_once_are_each_day_counted_by_itself(
    app: Flask, happening: list[Step], passed: set[int]
) -> None:
    with undone():
        world = World()
        instants = [world.instant]
        for step in happening:
            world.go_on(step)
            instants.append(world.instant)
        days = [FIRST_DAY + timedelta(days=each) for each in sorted(passed)]
        within = reach(SYSTEM, Action.READ_FIGURES)
        for known_at in (None, instants[0], instants[len(instants) // 2], instants[-1]):
            question = Question(days[-1], known_at)
            assert count_days(db.session(), question, days, within) == live(question, days, within)


def name_a_reader(world: World) -> None:
    item = world.items[0]
    db.session.execute(update(Item).where(Item.id == item.id).values(is_restricted=True))
    if not db.session.query(ItemReader).filter_by(item_id=item.id, person_id=world.leaders[1].id).count():
        db.session.add(ItemReader(item_id=item.id, person_id=world.leaders[1].id))


def lift_the_readers(world: World) -> None:
    db.session.execute(delete(ItemReader))
    db.session.execute(update(Item).values(is_restricted=False))


def let_a_unit_support(world: World) -> None:
    if not db.session.query(ItemSupport).filter_by(item_id=world.items[1].id).count():
        db.session.add(ItemSupport(item_id=world.items[1].id, unit_id=world.units[1].id))


def end_the_support(world: World) -> None:
    db.session.execute(delete(ItemSupport))


def move_a_unit(world: World) -> None:
    root, one, other = world.units
    parent = root if other.parent_id == one.id else one
    change_unit(other, name=other.name, parent=parent, position=0, actor=SYSTEM)


def turn_the_switch(world: World) -> None:
    source = world.sources[0]
    source.leaves_out_sustained = not source.leaves_out_sustained


DISTURBANCES = (turn_the_switch, name_a_reader, lift_the_readers, let_a_unit_support, end_the_support, move_a_unit)
happenings = st.tuples(steps(), st.lists(st.integers(0, len(DISTURBANCES) * 2), min_size=14, max_size=14))


def askers(world: World) -> list[Reach]:
    """The office of the organ, a leader who only reads, a liaison, one who answers by name, somebody without a role."""
    root, one, _ = world.units
    liaison, viewer = an_account("赵兰", Role.LIAISON, one), an_account("郑看", Role.VIEWER, root)
    roles = [SYSTEM, *(actor_of(each) for each in (liaison, viewer, world.leaders[0], world.leaders[1]))]
    return [reach(each, Action.READ_FIGURES) for each in roles]


@pytest.mark.proof
@settings(AT_RANDOM, max_examples=EXAMPLES // 2)
@given(happening=happenings, which=st.lists(st.sampled_from(ALL_DAYS), min_size=2, max_size=3, unique=True))
def test_what_is_kept_says_what_counting_says_whatever_is_recorded_or_changed_between(
    app: Flask, happening: tuple[list[Step], list[int]], which: list[date]
) -> None:
    days = sorted(which)
    with undone():
        world = World()
        reaches, began = askers(world), world.instant
        for turn, (step, disturbed) in enumerate(zip(*happening, strict=False)):
            world.go_on(step)
            if disturbed < len(DISTURBANCES):
                DISTURBANCES[disturbed](world)
            db.session.flush()
            asked = questions(days[-1], world, (None, began, world.instant))
            for place, within in enumerate(reaches):
                # Each asks the same thing again a few steps later.
                question = asked[(turn + place) % 2 if turn % 3 else (turn + place) % len(asked)]
                found = find_trend(db.session(), question, days, within, open_since=LATER)
                assert found.points == live(question, days, within)
                keep_days(db.session(), found)


def questions(as_of: date, world: World, instants: Sequence[datetime | None]) -> list[Question]:
    """As known now, and with all that narrows."""
    below = Question(as_of, unit_id=world.units[1].id)
    parts = Question(as_of, source_ids=(world.sources[0].id,), counting=Counting.PARTS)
    return [*(Question(as_of, known_at) for known_at in instants), below, parts]


JULY = date(2026, 7, 31)


@pytest.fixture
def july() -> Iterator[None]:
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def office(empty_app: Flask, july: None) -> FlaskClient:
    """Signed in as the office; of two items one was closed on 20 June, both came in May."""
    with time_machine.travel("2026-05-06T10:00:00+08:00", tick=False), empty_app.app_context(), writing():
        unit = a_unit("组织部")
        person, handler = (
            an_account("陈静", Role.OFFICE, a_unit("市直机关工委")),
            an_account("周宁", Role.LIAISON, unit),
        )
        an_account("孙丽", Role.ADMINISTRATOR, unit)
        source = a_source(received_on=date(2026, 5, 6))
        item = a_working_item(handler, source=source, lead_unit=unit)
        an_issued_item(source=source, lead_unit=unit)
        items.move_on(item, Event.APPLY, actor=SYSTEM)
    with empty_app.app_context():
        close(item.number, date(2026, 6, 20), told_on="2026-06-20")
        return signed_in(empty_app, person)


def close(number: str, on: date, *, told_on: str) -> None:
    with time_machine.travel(f"{told_on}T10:00:00+08:00", tick=False), writing():
        item = db.session.query(Item).filter_by(number=number).one()
        items.move_on(item, Event.CLOSE, actor=SYSTEM, on=on, closed_on=on)


def signed_in(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(client, db.session.get_one(Person, person.id))
    return client


def page(client: FlaskClient, status: int = 200, **asked: Any) -> str:
    answer = client.get(f"/figures/trend?{urlencode(asked)}")
    assert answer.status_code == status
    return answer.text


def lines(html: str) -> list[tuple[str, ...]]:
    """The rows of the table: day, total, closed and rate."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = (re.findall(r"<td.*?</td>", row, re.DOTALL) for row in body.split("</tr>")[:-1])
    return [tuple(re.sub(r"<[^>]+>", "", cell).strip() for cell in row[:4]) for row in rows]


def kept(app: Flask) -> dict[date, tuple[int, int]]:
    with app.app_context():
        return {row.day: (row.total, row.closed) for row in db.session.query(FigureDay)}


def test_the_page_tells_month_by_month_with_the_newest_first(office: FlaskClient) -> None:
    html = page(office, points=4)
    assert lines(html) == [
        ("2026年7月31日", "2", "1", "50%"),
        ("2026年6月30日", "2", "1", "50%"),
        ("2026年5月31日", "2", "0", "0%"),
        ("2026年4月30日", "0", "0", "—"),
    ]
    assert "总数不变，已销号+1" in html
    assert "总数+2，已销号不变" in html
    assert "取数时间 2026年7月31日 10:00:00" in html


def test_a_month_that_is_not_over_is_told_as_such(office: FlaskClient) -> None:
    assert page(office, as_of="2026-07-30").count("本期未满") == 1
    assert "本期未满" not in page(office)
    assert lines(page(office, as_of="2026-07-30", step="week", points=2))[1][0] == "2026年7月26日"


def test_every_number_leads_to_exactly_its_items_and_every_line_to_what_moved(office: FlaskClient) -> None:
    html = page(office, points=4)
    numbers = re.findall(r'<a[^>]*href="(/figures/items[^"]+)"[^>]*>(\d+)</a>', html)
    assert len(numbers) == 5
    for address, value in numbers:
        assert f"共 <b>{value}</b> 条" in office.get(address.replace("&amp;", "&")).text
    compared = re.findall(r'href="(/figures/difference[^"]+)"', html)
    told = [office.get(address.replace("&amp;", "&")).text for address in compared]
    assert ["没有变动" in each for each in told] == [True, False, False]


def test_days_of_closed_months_are_kept_and_taken_from_there_the_next_time(
    empty_app: Flask, office: FlaskClient
) -> None:
    page(office, points=3)
    assert kept(empty_app) == {date(2026, 5, 31): (2, 0), date(2026, 6, 30): (2, 1)}
    with empty_app.app_context(), writing():
        db.session.execute(update(FigureDay).values(total=40))
    assert [line[1] for line in lines(page(office, points=3))] == ["2", "40", "40"]


def test_what_is_recorded_late_is_counted_anew_from_its_day_on(empty_app: Flask, office: FlaskClient) -> None:
    page(office, points=3)
    with empty_app.app_context(), writing():
        # What is kept of May stays untouched, so it is taken from there.
        db.session.execute(update(FigureDay).where(FigureDay.day == date(2026, 5, 31)).values(total=40))
        an_item(a_source("另一批反馈", date(2026, 6, 10)))
    assert [line[1] for line in lines(page(office, points=3))] == ["3", "3", "40"]
    assert kept(empty_app) == {date(2026, 5, 31): (40, 0), date(2026, 6, 30): (3, 1)}
    assert [line[1] for line in lines(page(office, points=3))] == ["3", "3", "40"]


def test_what_was_known_then_stays_whatever_is_recorded_later(empty_app: Flask, office: FlaskClient) -> None:
    then = {"points": 3, "known_at": "2026-07-01 09:00"}
    before = lines(page(office, **then))
    with empty_app.app_context(), writing():
        db.session.execute(update(FigureDay).values(total=40))
        an_item(a_source("另一批反馈", date(2026, 6, 10)))
    assert [line[1] for line in lines(page(office, **then))] == ["2", "40", "40"]
    assert [line[1] for line in before] == ["2", "2", "2"]


def test_somebody_else_is_told_by_their_own_reach_and_nothing_of_what_others_asked(
    empty_app: Flask, office: FlaskClient
) -> None:
    page(office)
    with empty_app.app_context():
        stranger = db.session.query(Person).filter_by(name="孙丽").one()
        assert "没有可以统计的事项" in page(signed_in(empty_app, stranger))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"points": "25"}, "2 到 24"),
        ({"points": "1"}, "2 到 24"),
        ({"step": "day", "points": "93"}, "2 到 92"),
        ({"step": "week", "points": "105"}, "2 到 104"),
        ({"points": "x"}, "查询条件有误"),
        ({"step": "year"}, "查询条件有误"),
        ({"as_of": "2026-08-01"}, "只能统计到今天为止"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_reason(office: FlaskClient, asked: dict[str, str], why: str) -> None:
    html = page(office, status=422, **asked)
    assert why in html
    assert lines(html) == []


@pytest.mark.parametrize("step", ["day", "week", "month"])
def test_the_page_asks_at_most_eight_times_however_many_days(empty_app: Flask, office: FlaskClient, step: str) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with empty_app.app_context():
        engine, unit = db.engine, db.session.query(Unit).filter_by(name="组织部").one()
    event.listen(engine, "before_cursor_execute", note)
    try:
        for _ in range(2):
            asked.clear()
            page(office, step=step, points=MOST[Apart(step)], unit=unit.id)
            assert len([statement for statement in asked if statement.lstrip().startswith("SELECT")]) <= 8, asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_page_stands_where_what_it_counted_cannot_be_kept(empty_app: Flask, office: FlaskClient) -> None:
    """PostgreSQL has many writers; the one of SQLite may be at work."""
    url = empty_app.config["SQLALCHEMY_DATABASE_URI"]
    is_sqlite = url.startswith("sqlite")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///") if is_sqlite else ":memory:")) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert len(lines(page(office, points=3))) == 3
        assert time.monotonic() - began < 10
    assert len(kept(empty_app)) == (0 if is_sqlite else 2)
    page(office, points=3)
    assert len(kept(empty_app)) == 2


def test_two_who_keep_the_same_days_keep_them_once(empty_app: Flask, office: FlaskClient) -> None:
    point = Point(date(2026, 6, 30), 2, 1)
    with empty_app.app_context():
        for total in (2, 3):
            with writing():
                found = Trend([], "a" * 64, "", clock.now(), [point._replace(total=total)])
                keep_days(db.session(), found)
    assert kept(empty_app) == {point.day: (3, 1)}


def test_what_nobody_counted_anew_for_long_is_tidied_away(empty_app: Flask, office: FlaskClient) -> None:
    page(office, points=3)
    much_later = clock.now() + timedelta(days=KEPT_DAYS + 1)
    with time_machine.travel(much_later, tick=False), empty_app.app_context(), writing():
        keep_days(db.session(), Trend([], "b" * 64, "", much_later, [Point(JULY, 1, 0)]))
    assert kept(empty_app) == {JULY: (1, 0)}


def test_every_condition_may_be_asked_of_a_trend(office: FlaskClient) -> None:
    asked = "kind=problem&counting=parts&days=30&due_on=2026-08-01&known_at=2026-07-31+09:00"
    assert office.get(f"/figures/trend?{asked}").status_code == 200
