"""Boards of units: where the limits lie, who shares a rank, and that nobody sees them unless ordered."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from factories import a_source, a_unit, an_account, sign_in
from figures.crowds import a_crowd
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.figures.boards import Boards, Limits, Placed, boards_of
from tracker.figures.queries import TallyRow
from tracker.figures.rules import Tally
from tracker.items.rules import State
from tracker.org.models import Person, Unit
from tracker.settings.operations import change

LIMITS = Limits()


def a_row(id_: int | None, closed: int, working: int, **counts: int) -> TallyRow:
    return TallyRow(f"第{id_}处", f"第{id_}处", Tally(closed=closed, working=working, **counts), id_)


def ids(placed: list[Placed[TallyRow]] | Any) -> list[int | None]:
    return [each.row.id for each in placed]


@pytest.mark.parametrize(
    ("closed", "working", "fast", "slow"),
    [
        (90, 10, True, False),
        (899, 101, False, False),
        (85, 15, False, False),
        (849, 151, False, True),
        (5, 0, True, False),
        (0, 5, False, True),
    ],
)
def test_exactly_90_percent_is_fast_and_exactly_85_does_not_lag(
    closed: int, working: int, fast: bool, slow: bool
) -> None:
    found = boards_of([a_row(1, closed, working)], LIMITS)
    assert (ids(found.fast), ids(found.slow)) == ([1] if fast else [], [1] if slow else [])


def test_the_printed_rate_decides_nothing() -> None:
    """8,999 of 10,000 is printed as 90% and has not reached it."""
    row = a_row(1, 8_999, 1_001)
    assert row.tally.closure_rate.printed(0) == "90%"
    assert ids(boards_of([row], LIMITS).fast) == []


def test_units_with_the_same_rate_share_a_rank_and_the_next_one_skips() -> None:
    rows = [a_row(1, 3, 3), a_row(2, 6, 0), a_row(3, 12, 12), a_row(4, 5, 0), a_row(5, 0, 7)]
    placed = boards_of(rows, LIMITS).ranking
    assert [(each.rank, each.row.id) for each in placed] == [(1, 2), (1, 4), (3, 1), (3, 3), (5, 5)]


def test_small_units_are_ranked_apart_and_stand_on_neither_board() -> None:
    found = boards_of([a_row(1, 1, 0), a_row(2, 0, 4), a_row(3, 5, 0)], LIMITS)
    assert [(each.rank, each.row.id) for each in found.small] == [(1, 1), (2, 2)]
    assert (ids(found.ranking), ids(found.fast), ids(found.slow)) == ([3], [3], [])


def test_whoever_has_nothing_has_no_place_and_what_nobody_leads_is_no_unit() -> None:
    found = boards_of([a_row(1, 0, 0), a_row(2, 0, 0, withdrawn=3), a_row(None, 9, 0)], LIMITS)
    assert found == Boards([], [], [], [], [], [])


def test_what_the_source_leaves_out_makes_no_rank_and_is_on_schedule_all_the_same() -> None:
    found = boards_of([a_row(1, 0, 0, sustained=6, left_out=6)], LIMITS)
    assert (found.ranking, found.small, [row.id for row in found.on_schedule]) == ([], [], [1])


def test_a_unit_with_anything_overdue_is_behind_schedule_the_most_first() -> None:
    rows = [a_row(1, 1, 3, overdue=1), a_row(2, 9, 0), a_row(3, 90, 10, overdue=2)]
    found = boards_of(rows, LIMITS)
    assert ([row.id for row in found.behind], [row.id for row in found.on_schedule]) == ([3, 1], [2])


def test_limits_that_overlap_put_nobody_on_both_boards() -> None:
    found = boards_of([a_row(1, 8, 2)], Limits(fast=70, slow=90))
    assert (ids(found.fast), ids(found.slow)) == ([1], [])


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 3)), max_size=12))
def test_every_unit_stands_where_its_rate_says(counts: list[tuple[int, int, int]]) -> None:
    rows = [a_row(number, *two, overdue=min(two[1], late)) for number, (*two, late) in enumerate(counts, start=1)]
    found = boards_of(rows, LIMITS)
    counted = {row.id for row in rows if row.tally.total}
    assert {*ids(found.ranking), *ids(found.small)} == counted
    assert {row.id for row in (*found.behind, *found.on_schedule)} == counted
    for placed in (found.ranking, found.small):
        rates = [each.row.tally.closed / each.row.tally.total for each in placed]
        assert rates == sorted(rates, reverse=True)
        assert [each.rank for each in placed] == [1 + sum(other > rate for other in rates) for rate in rates]


@pytest.fixture
def office(empty_app: Flask) -> Iterator[FlaskClient]:
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False):
        with empty_app.app_context(), writing():
            person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
            source, day = a_source(), date(2026, 7, 1)
            a_crowd(source, {State.CLOSED: 9, State.WORKING: 1}, on=day, lead_unit=a_unit("组织部"))
            late = {"due_on": date(2026, 7, 10), "first_due_on": date(2026, 7, 10)}
            a_crowd(source, {State.CLOSED: 4, State.WORKING: 2}, on=day, lead_unit=a_unit("宣传部"), **late)
            a_crowd(source, {State.CLOSED: 1}, on=day, lead_unit=a_unit("办公室"))
        yield signed_in(empty_app, person)


def signed_in(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.get_one(Person, person.id))
    return client


def page(client: FlaskClient, status: int = 200, **asked: Any) -> str:
    answer = client.get(f"/figures/boards?{urlencode(asked)}")
    assert answer.status_code == status
    return answer.text


def order(app: Flask) -> None:
    with app.app_context(), writing():
        change({"rules.boards_shown": True}, actor=SYSTEM)


def board(html: str, title: str) -> list[str]:
    """The units on a board."""
    body = re.split(rf"<h2[^>]*>{title}\b", html)[1].partition("</section>")[0]
    return re.findall(r"<li>([^\s<]+)", body)


def test_the_page_tells_who_may_order_boards_while_nobody_has(empty_app: Flask, office: FlaskClient) -> None:
    html = page(office, status=404)
    assert "由系统管理员在设置的“整改规则”中启用" in html
    assert "组织部" not in html
    assert "/figures/boards" not in office.get("/figures/trend").text
    with empty_app.app_context(), writing():
        head = an_account("孙丽", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    assert "可以在设置的“整改规则”中启用" in page(signed_in(empty_app, head), status=404)


def test_ordered_boards_show_each_unit_where_it_belongs(empty_app: Flask, office: FlaskClient) -> None:
    order(empty_app)
    html = page(office)
    told = {title: board(html, title) for title in ("进展较快", "进展滞后", "按期推进", "未按期推进")}
    assert told == {
        "进展较快": ["组织部"],
        "进展滞后": ["宣传部"],
        "按期推进": ["办公室", "组织部"],
        "未按期推进": ["宣传部"],
    }
    small = html.partition("事项不足5个的单位（单独排列）")[2]
    assert "办公室" in small
    assert "宣传部" not in small
    assert "/figures/boards" in office.get("/figures/trend").text
    for address, value in re.findall(r'<a[^>]*href="(/figures/items[^"]+)"[^>]*>(\d+)</a>', html):
        assert f"共 <b>{value}</b> 条" in office.get(address.replace("&amp;", "&")).text


def test_a_liaison_is_told_among_how_many_units_the_rank_is(empty_app: Flask, office: FlaskClient) -> None:
    order(empty_app)
    with empty_app.app_context(), writing():
        unit = db.session.query(Unit).filter_by(name="组织部").one()
        liaison = an_account("周宁", Role.LIAISON, unit)
    html = page(signed_in(empty_app, liaison))
    assert "您能查看的1个单位中" in html
    assert "宣传部" not in html


def test_wrong_questions_and_empty_boards(empty_app: Flask, office: FlaskClient) -> None:
    order(empty_app)
    assert "只能统计到今天为止" in page(office, status=422, as_of="2026-08-01")
    assert "没有可以统计的事项" in page(office, as_of="2026-01-01")
