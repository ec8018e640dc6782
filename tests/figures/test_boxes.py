"""The boxes below the figures: aspects by units, coming deadlines, the slowest items; what they count and give away."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from factories import a_source, a_unit, an_account, an_issued_item, an_item, sign_in
from figures.ledgers import FIRST_DAY, Row, Step, World, steps, undone
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook
from sqlalchemy import event

from tracker.access.rules import SYSTEM, Action, Role, reach
from tracker.audit.models import AuditEntry
from tracker.core import clock, hooks
from tracker.core.db import db, writing
from tracker.figures import queries
from tracker.figures.boxes import breakdown, deadlines
from tracker.figures.models import FigureDay
from tracker.figures.questions import Met, Question
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import OPEN, RUNNING, Event, State
from tracker.office.drawing import has_chinese_font
from tracker.org.models import Person
from tracker.sources.models import Section
from tracker.sources.rules import Level
from tracker.workdays import operations as workdays

TODAY = date(2026, 7, 31)
EVERYTHING = reach(SYSTEM, Action.READ_FIGURES)


@pytest.fixture
def _today() -> Iterator[None]:
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def office(empty_app: Flask, _today: None) -> FlaskClient:
    """Signed in as the office; five items of two units in two aspects, one closed, one overdue, three to come."""
    with time_machine.travel("2026-07-01T10:00:00+08:00", tick=False), empty_app.app_context(), writing():
        root, unit, other = a_unit("市直机关工委"), a_unit("组织部"), a_unit("宣传部")
        person = an_account("陈静", Role.OFFICE, root)
        an_account("周宁", Role.LIAISON, other)
        source = a_source()
        aspects = [
            Section(source_id=source.id, level=Level.ASPECT, title=title, position=n)
            for n, title in enumerate(("学习", "作风"))
        ]
        db.session.add_all(aspects)
        db.session.flush()
        closed = an_issued_item(source=source, lead_unit=unit, finding="已经改好的问题", section=aspects[0])
        an_issued_item(source=source, lead_unit=unit, due_on=date(2026, 7, 15), finding="拖着没改的问题")
        for day in (31, 31):
            an_issued_item(source=source, lead_unit=unit, due_on=date(2026, 8, day), section=aspects[1])
        an_issued_item(source=source, lead_unit=other, due_on=date(2026, 9, 28), section=aspects[1])
        for move in (Event.ACCEPT, Event.APPLY):
            items.move_on(closed, move, actor=SYSTEM)
    with time_machine.travel("2026-07-20T10:00:00+08:00", tick=False), empty_app.app_context(), writing():
        closed = db.session.get_one(Item, closed.id)
        items.move_on(closed, Event.CLOSE, actor=SYSTEM, closed_on=date(2026, 7, 20))
    return signed_in(empty_app, person.name)


def signed_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.query(Person).filter_by(name=name).one())
    return client


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.text


def links(html: str) -> list[tuple[str, str]]:
    """Addresses of lists of items with the words on them."""
    found = re.findall(r'<a href="(/figures/items[^"]+)"[^>]*>([^<]+)</a>', html)
    return [(address.replace("&amp;", "&"), words) for address, words in found]


def counted(client: FlaskClient, address: str) -> int:
    found = re.search(r"共 <b>(\d+)</b> 条", page(client, address))
    return int(found[1]) if found else 0


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=steps())
def test_the_boxes_count_what_a_plain_model_counts(app: Flask, told: list[Step]) -> None:
    with undone():
        world = World()
        for step in told:
            world.go_on(step)
        for day in (FIRST_DAY, FIRST_DAY + timedelta(days=6), clock.civil_date(world.instant)):
            standing = world.ledger.on(day, world.instant)
            check_boxes(Question(as_of=day, known_at=world.instant), standing)
            if day == clock.civil_date(world.instant):
                check_boxes(Question(as_of=day), standing)


def check_boxes(question: Question, standing: dict[str, Row]) -> None:
    session, last = db.session(), deadlines.last_day(question.as_of)
    counts = [row for row in standing.values() if row["state"] not in (State.VOID, State.WITHDRAWN)]
    cells = queries.list_cells(session, question, EVERYTHING)
    assert {(cell.unit_id, cell.total, cell.closed) for cell in cells} == {
        (unit, len(rows), sum(row["state"] is State.CLOSED for row in rows))
        for unit in {row["lead_unit_id"] for row in counts}
        if (rows := [row for row in counts if row["lead_unit_id"] == unit])
    }
    due: dict[date, int] = {}
    for row in counts:
        if row["state"] in RUNNING and row["due_on"] and question.as_of <= row["due_on"] <= last:
            due[row["due_on"]] = due.get(row["due_on"], 0) + 1
    assert queries.count_due(session, question, EVERYTHING, last) == due
    slow = queries.list_slowest(session, question, EVERYTHING, 10)
    is_late = {number: _is_late(row, question.as_of) for number, row in standing.items()}
    assert {row.number for row in slow} == {number for number, row in standing.items() if row["state"] in OPEN}
    order = [(not is_late[row.number], row.due_on if is_late[row.number] else row.received_on) for row in slow]
    assert order == sorted(order)


def _is_late(row: Row, day: date) -> bool:
    return row["state"] in RUNNING and row["due_on"] is not None and row["due_on"] < day


def test_every_cell_and_every_sum_leads_to_exactly_its_items(office: FlaskClient) -> None:
    html = page(office, "/figures/boxes/aspects")
    found = links(html)
    assert {words for _address, words in found} == {"1/1", "0/1", "0/2", "0/3", "1/4"}
    for address, words in found:
        assert counted(office, address) == int(words.partition("/")[2]), address


def test_the_calendar_leads_from_each_day_to_what_is_due_on_it(office: FlaskClient) -> None:
    html = page(office, "/figures/boxes/deadlines")
    assert "共3个到期" in html
    assert [words for _address, words in links(html)] == ["2", "1"]
    for address, words in links(html):
        assert counted(office, address) == int(words)
    assert "2026年8月31日到期2个" in html


def test_the_sixtieth_day_is_the_last_one_shown(office: FlaskClient) -> None:
    assert deadlines.last_day(TODAY) == date(2026, 9, 28)
    assert "2026年9月28日到期1个" in page(office, "/figures/boxes/deadlines")
    assert "2026年9月28日到期1个" not in page(office, "/figures/boxes/deadlines?as_of=2026-07-30")


def test_days_off_and_holidays_are_marked(office: FlaskClient) -> None:
    with office.application.app_context(), writing():
        workdays.fill(db.session(), 2026)
    html = page(office, "/figures/boxes/deadlines")
    assert re.search(r'class="shade-0 off"><span class="day">8月1日</span>', html)
    assert "中秋节" in html


def test_the_longest_overdue_comes_first_with_its_days(office: FlaskClient) -> None:
    html = page(office, "/figures/boxes/slowest")
    rows = re.findall(r">(巡察2026-1-\d+)<", html)
    assert rows[0] == "巡察2026-1-002"
    assert "逾期16天" in html
    assert "巡察2026-1-001" not in rows


def test_the_overview_asks_for_its_boxes_which_come_without_a_frame(office: FlaskClient) -> None:
    html = page(office, "/figures?as_of=2026-07-16")
    asked = [address.replace("&amp;", "&") for address in re.findall(r'hx-get="(/figures/boxes/[^"]+)"', html)]
    assert len(asked) == 4
    for address in asked:
        assert "as_of=2026-07-16" in address
        part = office.get(address, headers={"HX-Request": "true"}).text
        assert "<html" not in part
        assert "<h1" in page(office, address)


def test_what_is_out_of_reach_is_in_no_box(office: FlaskClient) -> None:
    liaison = signed_in(office.application, "周宁")
    for name in ("trend", "aspects", "deadlines", "slowest"):
        html = page(liaison, f"/figures/boxes/{name}")
        assert "组织部" not in html
        assert "拖着没改的问题" not in html
    assert "共1个到期" in page(liaison, "/figures/boxes/deadlines")


def test_the_box_of_months_draws_the_numbers_of_its_table_and_keeps_them(office: FlaskClient) -> None:
    html = page(office, "/figures/boxes/trend?as_of=2026-07-31")
    months = [re.findall(r">(\d+)<", row) for row in re.findall(r"<tr>(.*?)</tr>", html, re.S)[1:]]
    drawn = office.get("/figures/charts/trend.json?as_of=2026-07-31").get_json()["data"]["values"]
    (whole, closed), (before, *_rest) = months[0][:2], months[1]
    last = {each["what"]: each["count"] for each in drawn if each["day"] == "2026-07-31"}
    assert last == {"反馈总数": int(whole), "已销号": int(closed)}
    assert int(before) == next(each["count"] for each in drawn if each["day"] == "2026-06-30")
    with office.application.app_context():
        kept = db.session.query(FigureDay).count()
    assert kept == 11


@pytest.mark.parametrize(
    "address", ["boxes/weather", "boxes/weather.xlsx", "charts/aspects.json", "charts/slowest.png"]
)
def test_a_box_nobody_knows_is_not_found(office: FlaskClient, address: str) -> None:
    page(office, f"/figures/{address}", 404)


def test_units_stand_by_their_rates_and_those_with_few_items_apart_and_marked(
    empty_app: Flask, office: FlaskClient
) -> None:
    with empty_app.app_context(), writing():
        source, unit = a_source("另一批反馈"), a_unit("办公室")
        for _ in range(6):
            an_item(source, lead_unit=unit)
    html = page(office, "/figures")
    names = re.findall(r'<td><a href="/figures\?[^"]+">([^<]+)</a>( <span class="state">样本少</span>)?', html)
    assert [(name, bool(mark)) for name, mark in names] == [("办公室", False), ("组织部", True), ("宣传部", True)]
    bars = office.get("/figures/charts/breakdown.json?by=unit").json
    assert bars is not None
    assert [(row["name"], row["small"]) for row in bars["data"]["values"]] == [
        ("0 办公室", False),
        ("1 组织部", True),
        ("2 宣传部", True),
    ]


def test_of_very_many_rows_only_the_first_are_drawn_and_the_chart_says_so(
    empty_app: Flask, office: FlaskClient
) -> None:
    with empty_app.app_context(), writing():
        source = a_source("另一批反馈")
        for number in range(breakdown.MOST_BARS):
            an_item(source, lead_unit=a_unit(f"第{number}处"))
    spec = office.get("/figures/charts/breakdown.json").json
    assert spec is not None
    assert len(spec["data"]["values"]) == breakdown.MOST_BARS
    assert spec["encoding"]["x"]["axis"]["title"] == "销号率（%），图中为表的前60行"


def test_the_change_since_the_last_meeting_leads_to_the_difference(office: FlaskClient) -> None:
    assert "较" not in page(office, "/figures").partition('class="tabs"')[0]
    met = Met("7月推进会", date(2026, 7, 15), clock.read_instant("2026-07-15 18:00:00.5"))

    def last_meeting(_within: Any) -> Met:
        return met

    hooks.fill("last_meeting", last_meeting)
    try:
        html = page(office, "/figures")
        assert "较7月推进会 +1" in html
        assert "较7月推进会 +20个百分点" in html
        address = re.search(r'href="(/figures/difference[^"]+)">较7月推进会 \+1<', html)
        assert address
        assert "新销号1" in page(office, address[1].replace("&amp;", "&"))
        assert "较7月推进会" not in page(office, "/figures?as_of=2026-07-10")
        assert "较7月推进会" not in page(office, "/figures?since=2026-07-10")
    finally:
        hooks._hooks["last_meeting"].remove(last_meeting)


def test_a_workbook_says_of_which_day_it_is_what_it_means_and_who_took_it(office: FlaskClient) -> None:
    for name in ("breakdown", "ages", "aspects", "deadlines", "slowest"):
        answer = office.get(f"/figures/boxes/{name}.xlsx?as_of=2026-07-16", headers={"Accept-Language": "en"})
        assert answer.status_code == 200
        book = load_workbook(BytesIO(answer.data))
        words = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
        assert "截至2026年7月16日" in words
        assert "取数时间2026年7月31日 10:00:00" in words
        assert "口径" in words
        assert "导出人：陈静" in words
    with office.application.app_context():
        taken = db.session.query(AuditEntry).filter_by(action="figures.download").order_by(AuditEntry.id).all()
        assert taken[0].subject == "按牵头单位（20260716）.xlsx"
        assert len(taken) == 5


def test_a_picture_is_drawn_and_noted_in_the_trail(office: FlaskClient) -> None:
    if not has_chinese_font():
        pytest.skip("no Chinese font: apt-get install fontconfig fonts-noto-cjk")
    answer = office.get("/figures/charts/breakdown.png")
    assert answer.data.startswith(b"\x89PNG")
    with office.application.app_context():
        assert db.session.query(AuditEntry).filter_by(action="figures.download").count() == 1


def test_no_box_asks_more_than_eight_times(empty_app: Flask, office: FlaskClient) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with empty_app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        for address in (
            *(f"boxes/{name}" for name in ("trend", "aspects", "deadlines", "slowest")),
            *("charts/breakdown.json", "charts/trend.json", "saved"),
        ):
            asked.clear()
            page(office, f"/figures/{address}")
            assert len([statement for statement in asked if statement.lstrip().startswith("SELECT")]) <= 8, asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
