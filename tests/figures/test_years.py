"""What a year has to put right: carried over with the same numbers, new, closed, open; as a plain replay counts it."""

import os
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
import time_machine
from factories import a_source, a_unit, actor_of, an_account, an_issued_item, sign_in
from figures.ledgers import DAYS, Row, Step, World, steps, undone
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from tracker.access.rules import SYSTEM, Action, Role, reach
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.figures import queries
from tracker.figures.questions import Group, Question
from tracker.figures.rules import Breakdown
from tracker.figures.years import YearFigure, YearTally, check_rows, check_year, day_in, eve_of, sum_up
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import COUNTED, OPEN, Event, State
from tracker.org.models import Person, Unit

EXAMPLES = 80 if os.environ.get("PROOF") else 8
AT_RANDOM = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
EVERYTHING = reach(SYSTEM)
# The days of the plain ledger lie around the turn of a year.
FIRST_DAY = date(2025, 12, 27)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2027-01-08T10:00:00+08:00", tick=False):
        yield


def test_the_parts_of_a_year_are_held_against_its_sum() -> None:
    whole = YearTally(3, 24, 1, 27, 20, 7, 2)
    assert whole.check() is whole
    for wrong in (whole._replace(carried_over=4), whole._replace(still_open=6), whole._replace(taken_up_again=25)):
        with pytest.raises(DomainError, match="数目不符"):
            wrong.check()


def test_the_rows_of_a_year_are_held_against_the_whole() -> None:
    rows = [YearTally(3, 4, 0, 7, 6, 1, 0), YearTally(0, 20, 1, 20, 14, 6, 2)]
    check_rows(sum_up(rows), rows)
    assert sum_up([]) == YearTally()
    with pytest.raises(DomainError, match="各行之和"):
        check_rows(YearTally(3, 24, 1, 27, 20, 7, 2), rows[:1])


def test_a_year_is_counted_up_to_its_last_day_or_today_and_to_no_day_outside_of_it() -> None:
    today = date(2027, 1, 8)
    assert (day_in(2026, today), day_in(2027, today)) == (date(2026, 12, 31), today)
    assert eve_of(2027) == date(2026, 12, 31)
    check_year(date(2026, 12, 31), 2026)
    for refused in (lambda: day_in(2028, today), lambda: check_year(date(2027, 1, 1), 2026)):
        with pytest.raises(DomainError):
            refused()


def counted(before: dict[str, Row], now: dict[str, Row]) -> YearTally:
    """A year counted with the fingers: how each item stood when it began, and how it stands now."""
    found = dict.fromkeys(YearTally._fields, 0)
    for number, row in now.items():
        was, state = before[number]["state"] if number in before else None, row["state"]
        found["withdrawn_in_year"] += state is State.WITHDRAWN and was is not State.WITHDRAWN
        if state not in COUNTED or (was is state is State.CLOSED and row["closed_on"] <= eve_of(2026)):
            continue
        found["due_in_year"] += 1
        found["carried_over" if was in OPEN else "new_in_year"] += 1
        found["taken_up_again"] += was is not None and was not in OPEN
        found["closed_in_year" if state is State.CLOSED else "still_open"] += 1
    return YearTally(**found)


def the_year(day: date, known_at: datetime | None = None) -> YearTally:
    return queries.count_year(db.session(), Question(day, known_at), EVERYTHING)


@pytest.mark.proof
@AT_RANDOM
@given(happening=steps())
def test_a_year_is_that_of_a_replay_and_its_parts_add_up_by_unit_and_by_source(
    app: Flask, happening: list[Step]
) -> None:
    with undone():
        world = World(FIRST_DAY)
        instants = [world.instant]
        for step in happening:
            world.go_on(step)
            instants.append(world.instant)
        for day in (date(2026, 1, 1) + timedelta(days=passed) for passed in range(DAYS)):
            for known_at in {instants[len(instants) // 2], instants[-1]}:
                eve, now = world.ledger.on(eve_of(2026), known_at), world.ledger.on(day, known_at)
                assert the_year(day, known_at) == counted(eve, now), (day, known_at)
        question = Question(date(2026, 1, 5))
        whole = queries.count_year(db.session(), question, EVERYTHING)
        for by in (Breakdown.UNIT, Breakdown.SOURCE):
            rows = queries.list_year(db.session(), question, EVERYTHING, by)
            check_rows(whole, [row.tally for row in rows])
            for row in rows:
                listed = queries.select_year(question, EVERYTHING, YearFigure.DUE_IN_YEAR, Group(by, row.id))
                assert len(db.session().execute(listed).all()) == row.tally.due_in_year
        for name in YearFigure:
            numbers = queries.list_year_numbers(db.session(), question, EVERYTHING, name)
            assert len(set(numbers)) == len(numbers) == getattr(whole, name.value)


def move(item: Item, *events: Event, on: date) -> None:
    for event in events:
        values = {"closed_on": on} if event is Event.CLOSE else {}
        items.move_on(item, event, actor=SYSTEM, on=on, reason="试", **values)


CLOSING = (Event.ACCEPT, Event.APPLY, Event.CLOSE)


def a_year() -> dict[str, str]:
    """Six items of 2026 and one of 2027; their numbers by what became of them."""
    with time_machine.travel("2026-03-16T10:00:00+08:00", tick=False), writing():
        unit, source = a_unit("组织部"), a_source()
        names = ("closed", "open", "closed_later", "withdrawn_later", "reopened", "closed_again")
        made = {name: an_issued_item(source=source, lead_unit=unit) for name in names}
        move(made["closed"], *CLOSING, on=date(2026, 3, 16))
        for name in ("reopened", "closed_again"):
            move(made[name], *CLOSING, on=date(2026, 3, 16))
    with time_machine.travel("2027-01-05T10:00:00+08:00", tick=False), writing():
        move(made["closed_later"], *CLOSING, on=date(2027, 1, 4))
        move(made["withdrawn_later"], Event.WITHDRAW, on=date(2027, 1, 5))
        move(made["reopened"], Event.REOPEN, on=date(2027, 1, 4))
        move(made["closed_again"], Event.REOPEN, Event.APPLY, Event.CLOSE, on=date(2027, 1, 5))
        later, unit = a_source("年度督查", date(2027, 1, 4)), a_unit("宣传部")
        made["new"] = an_issued_item(source=later, lead_unit=unit, due_on=date(2027, 6, 30))
    return {name: item.number for name, item in made.items()}


def test_open_items_go_into_the_new_year_with_their_numbers(app: Flask) -> None:
    made = a_year()
    expected = {
        YearFigure.CARRIED_OVER: ["open", "closed_later"],
        YearFigure.NEW_IN_YEAR: ["reopened", "closed_again", "new"],
        YearFigure.TAKEN_UP_AGAIN: ["reopened", "closed_again"],
        YearFigure.DUE_IN_YEAR: ["open", "closed_later", "reopened", "closed_again", "new"],
        YearFigure.CLOSED_IN_YEAR: ["closed_later", "closed_again"],
        YearFigure.STILL_OPEN: ["open", "reopened", "new"],
        YearFigure.WITHDRAWN_IN_YEAR: ["withdrawn_later"],
    }
    for name, wanted in expected.items():
        found = queries.list_year_numbers(db.session(), Question(date(2027, 1, 8)), EVERYTHING, name)
        assert found == [made[each] for each in wanted], name
    last = queries.list_year_numbers(db.session(), Question(date(2026, 12, 31)), EVERYTHING, YearFigure.STILL_OPEN)
    first = queries.list_year_numbers(db.session(), Question(date(2027, 1, 1)), EVERYTHING, YearFigure.CARRIED_OVER)
    assert last == first == [made[each] for each in ("open", "closed_later", "withdrawn_later")]


@pytest.fixture
def office(empty_app: Flask) -> FlaskClient:
    with empty_app.app_context():
        with time_machine.travel("2026-01-05T10:00:00+08:00", tick=False), writing():
            an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
            an_account("周宁", Role.LIAISON, a_unit("统战部"))
        a_year()
    return signed_in(empty_app, "陈静")


def signed_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.query(Person).filter_by(name=name).one())
    return client


def page(client: FlaskClient, status: int = 200, address: str = "/figures/carry-over", **asked: Any) -> str:
    answer = client.get(f"{address}?{urlencode(asked)}")
    assert answer.status_code == status
    return answer.text


def test_the_page_of_a_year_leads_from_every_number_to_exactly_its_items(office: FlaskClient) -> None:
    html = page(office, year=2027)
    large = re.findall(r'<span class="d">([^<]+)</span>\s*<span class="v">\s*(\d+)', html)
    assert large == [("上年结转", "2"), ("本年新增", "3"), ("本年应整改", "5"), ("本年已销号", "2"), ("尚未销号", "3")]
    assert "其中重新整改或恢复2个" in html
    assert "另有本年核减1个" in html
    assert re.findall(r'<a href="/figures/carry-over[?][^"]*by=\w+"[^>]*>([^<]+)</a>', html) == ["按来源", "按牵头单位"]
    for by in ("source", "unit"):
        found = re.findall(r'<a href="(/figures/carry-over/items[^"]+)">(\d+)</a>', page(office, year=2027, by=by))
        assert len(found) > 8
        for address, value in found:
            assert f"共 <b>{value}</b> 条" in office.get(address.replace("&amp;", "&")).text, address
    assert "这个数是 0" in page(office, 200, "/figures/carry-over/items", year=2026, figure="carried_over")
    page(office, 404, "/figures/carry-over/items", figure="weather")


def test_the_year_as_known_before_something_was_recorded_is_another(office: FlaskClient) -> None:
    html = page(office, as_of="2027-01-08", known_at="2026-12-31 18:00")
    assert re.findall(r'<span class="v">\s*(\d+)', html) == ["3", "0", "3", "0", "3"]


def test_wrong_questions_are_refused_with_what_was_typed(office: FlaskClient) -> None:
    assert "2028年还没有到" in page(office, 422, year=2028)
    assert "不在2026年内" in page(office, 422, year=2026, as_of="2027-01-05")
    assert 'value="20x6"' in page(office, 422, year="20x6")
    assert "这一年没有应整改的事项" in page(office, year=2025)


def test_what_is_not_within_reach_is_not_counted(empty_app: Flask, office: FlaskClient) -> None:
    assert "这一年没有应整改的事项" in page(signed_in(empty_app, "周宁"), year=2027)


def test_the_workbook_holds_the_same_rows_with_their_sum_and_definition(office: FlaskClient) -> None:
    answer = office.get("/figures/carry-over.xlsx?year=2027")
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).worksheets[0]
    words = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert ["年度督查", 0, 1, 0, 1, 0, 1, 0] in words
    assert ["市委第二巡察组反馈", 2, 2, 2, 4, 2, 2, 1] in words
    assert any("本年应整改5" in str(row) and "口径：上年结转" in str(row) for row in words)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_unit_sees_its_own_year(empty_app: Flask, office: FlaskClient) -> None:
    with empty_app.app_context():
        with writing():
            person = an_account("李磊", Role.LIAISON, db.session.query(Unit).filter_by(name="组织部").one())
        seen = reach(actor_of(person), Action.READ_FIGURES)
        assert queries.count_year(db.session(), Question(date(2027, 1, 8)), seen).due_in_year == 4
