"""Measures and second looks are counted by themselves: as of a day, within reach, each count with its list."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from factories import a_source, a_unit, an_account, an_issued_item, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.figures.others import OTHER_DEFINITIONS, Looks, Measures, OtherFigure
from tracker.items.models import Item
from tracker.org.models import Person
from tracker.progress.models import Measure
from tracker.reinspections.models import Draw, Reinspection
from tracker.reinspections.rules import LookState


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False):
        yield


def a_measure(item: Item, text: str, *, due_on: date | None = None, done_on: date | None = None) -> None:
    place = db.session.query(Measure).filter_by(item_id=item.id).count() + 1
    db.session.add(Measure(item_id=item.id, position=place, text=text, due_on=due_on, done_on=done_on))
    db.session.flush()


def a_look(item: Item, by: Person, serial: int, state: LookState, inspected_on: date | None) -> None:
    draw = Draw(serial=serial, drawn_on=date(2026, 7, 1), drawn_at=clock.now(), by_id=by.id, wanted=1, seed="1")
    draw.population, draw.size, draw.members = 1, 1, item.number
    db.session.add(draw)
    db.session.flush()
    look = Reinspection(draw_id=draw.id, position=1, item_id=item.id, unit_id=item.lead_unit_id, state=state)
    look.closed_on, look.inspected_on = date(2026, 6, 1), inspected_on
    if inspected_on:
        look.recorded_at, look.inspector_id, look.due_on = clock.now(), by.id, inspected_on
    db.session.add(look)
    db.session.flush()


@pytest.fixture
def office(empty_app: Flask) -> FlaskClient:
    with empty_app.app_context(), writing():
        unit, other = a_unit("组织部"), a_unit("宣传部")
        person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        an_account("周宁", Role.LIAISON, other)
        source = a_source()
        one, two = (an_issued_item(source=source, lead_unit=each) for each in (unit, other))
        a_measure(one, "制定学习计划", due_on=date(2026, 7, 10), done_on=date(2026, 7, 8))
        a_measure(one, "每月检查一次", due_on=date(2026, 7, 20))
        a_measure(two, "修订制度", due_on=date(2026, 9, 30))
        a_look(one, person, 1, LookState.REBOUND, date(2026, 7, 20))
        a_look(one, person, 2, LookState.PASSED, date(2026, 7, 25))
        a_look(two, person, 3, LookState.WAITING, None)
    return signed_in(empty_app, "陈静")


def signed_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.query(Person).filter_by(name=name).one())
    return client


def page(client: FlaskClient, address: str = "/figures/others", status: int = 200, **asked: Any) -> str:
    answer = client.get(f"{address}?{urlencode(asked)}")
    assert answer.status_code == status
    return answer.text


def figures(html: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>([^<]+)</dt><dd>\s*(?:<a[^>]*>)?([^<\s]+)", html))


def test_measures_and_looks_are_told_as_of_the_day(office: FlaskClient) -> None:
    assert figures(page(office)) == {
        "整改措施": "3",
        "已完成措施": "1",
        "未完成措施": "2",
        "逾期措施": "1",
        "措施完成率": "33.3%",
        "已回头看": "2",
        "反弹": "1",
        "问题反弹率": "50%",
    }
    earlier = figures(page(office, as_of="2026-07-07"))
    assert (earlier["已完成措施"], earlier["逾期措施"], earlier["已回头看"], earlier["问题反弹率"]) == (
        "0",
        "0",
        "0",
        "—",
    )
    assert figures(page(office, as_of="2026-07-21"))["问题反弹率"] == "100%"


def test_every_count_leads_to_exactly_what_it_counts(office: FlaskClient) -> None:
    html = page(office)
    found = re.findall(r'<a href="(/figures/others/items[^"]+)">([^<]+)</a>', html)
    assert len(found) == 17
    for address, value in found:
        listed = office.get(address.replace("&amp;", "&")).text
        if value.isdigit():
            assert f"共 <b>{value}</b> 条" in listed, address
    assert "每月检查一次" in page(office, "/figures/others/items", figure="measures_overdue")
    assert "反弹" in page(office, "/figures/others/items", figure="rebounds")
    assert "这个数是 0" in page(office, "/figures/others/items", figure="rebounds", as_of="2026-07-07")
    assert page(office, "/figures/others/items", status=404, figure="weather")


def test_what_is_not_within_reach_is_not_counted(empty_app: Flask, office: FlaskClient) -> None:
    liaison = signed_in(empty_app, "周宁")
    told = figures(page(liaison))
    assert (told["整改措施"], told["已回头看"]) == ("1", "0")
    assert "每月检查一次" not in page(liaison, "/figures/others/items", figure="measures")


def test_a_wrong_question_is_refused_with_its_reason(office: FlaskClient) -> None:
    assert "还没有到" in page(office, status=422, as_of="2026-08-01")


def test_every_figure_has_its_definition_and_its_count(office: FlaskClient) -> None:
    assert set(OTHER_DEFINITIONS) == set(OtherFigure)
    found = (Measures(3, 1, 1), Looks(2, 1))
    assert all(any(hasattr(each, name) for each in found) for name in OtherFigure)
    html = page(office, "/figures/definitions")
    assert all(str(OTHER_DEFINITIONS[name].sentence) in html for name in OtherFigure)


@pytest.mark.parametrize("by", ["unit", "source"])
def test_each_number_of_a_row_leads_to_exactly_what_it_counts(office: FlaskClient, by: str) -> None:
    page = office.get(f"/figures/others?by={by}").text
    numbers = re.findall(r'<a href="(/figures/others/items[^"]*of=[^"]*)">([^<]+)</a>', page)
    assert len(numbers) >= 6
    for address, number in numbers:
        listed = office.get(address.replace("&amp;", "&")).text
        assert number.endswith("%") or f"共 <b>{number}</b> 条" in listed


def test_rows_of_units_add_up_to_the_whole_and_a_rate_is_the_units_own(office: FlaskClient) -> None:
    page = office.get("/figures/others").text
    rows = dict(re.findall(r"<tr><td><a[^>]*>([^<]+)</a></td>(.*?)</tr>", page, re.S))
    told = {name: re.sub(r"<[^>]+>", " ", cells).split() for name, cells in rows.items()}
    assert told == {
        "组织部": ["2", "1", "1", "50%", "2", "1", "50%"],
        "宣传部": ["1", "0", "0", "0%", "0", "0", "—"],
    }
