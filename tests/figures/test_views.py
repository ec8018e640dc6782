"""The pages of figures: of any day that has come, for those within whose reach the items are."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from factories import a_person, a_source, a_unit, an_account, an_issued_item, an_item, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.figures import queries
from tracker.figures.definitions import DEFINITIONS
from tracker.figures.rules import Breakdown, FigureName
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.org.models import Person
from tracker.sources.rules import Counting


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def office(empty_app: Flask) -> FlaskClient:
    """Signed in as the office; of four items one was closed on 20 July, one is overdue, one at work, one a draft."""
    with time_machine.travel("2026-07-01T10:00:00+08:00", tick=False), empty_app.app_context(), writing():
        root, unit, other = a_unit("市直机关工委"), a_unit("组织部"), a_unit("宣传部")
        person = an_account("陈静", Role.OFFICE, root)
        an_account("周宁", Role.LIAISON, other)
        an_account("孙丽", Role.ADMINISTRATOR, root)
        source = a_source()
        closed = an_issued_item(source=source, lead_unit=unit, finding="已经改好的问题")
        an_issued_item(source=source, lead_unit=unit, due_on=date(2026, 7, 15), finding="拖着没改的问题")
        an_issued_item(source=source, lead_unit=other, due_on=date(2026, 12, 31), finding="别的部的问题")
        an_item(source, finding="还没有下发的问题")
        for move in (Event.ACCEPT, Event.APPLY):
            items.move_on(closed, move, actor=SYSTEM)
    with time_machine.travel("2026-07-20T10:00:00+08:00", tick=False), empty_app.app_context(), writing():
        closed = db.session.get_one(Item, closed.id)
        items.move_on(closed, Event.CLOSE, actor=SYSTEM, closed_on=date(2026, 7, 20))
    return signed_in(empty_app, person)


def signed_in(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.get_one(Person, person.id))
    return client


def named(app: Flask, name: str) -> FlaskClient:
    with app.app_context():
        person = db.session.query(Person).filter_by(name=name).one()
        return signed_in(app, person)


def page(client: FlaskClient, address: str = "/figures", status: int = 200, **asked: Any) -> str:
    answer = client.get(f"{address}?{urlencode(asked)}")
    assert answer.status_code == status
    return answer.text


def large(html: str) -> dict[str, str]:
    """The figures on top, by their labels."""
    pattern = r'class="figure".*?<span class="d">(.*?)</span>\s*<span class="v">(?:<span class="light \w+">)?([^<]+)<'
    return dict(re.findall(pattern, html, re.DOTALL))


def test_the_page_opens_with_the_figures_of_today(office: FlaskClient) -> None:
    html = page(office)
    assert large(html) == {"反馈总数": "4", "已销号": "1", "销号率": "25%", "逾期": "1", "临近时限": "0"}
    assert "截至2026年7月31日" in html
    assert "取数时间 2026年7月31日 10:00:00" in html
    assert "1 ÷ 4" in html


def test_a_past_day_is_shown_as_it_was(office: FlaskClient) -> None:
    html = page(office, as_of="2026-07-16")
    assert (large(html)["已销号"], large(html)["逾期"]) == ("0", "2")
    assert "截至2026年7月16日" in html


@pytest.mark.parametrize("typed", ["20260716", "2026年7月16日", "7月16日"])
def test_a_day_may_be_typed_in_any_usual_form(office: FlaskClient, typed: str) -> None:
    assert large(page(office, as_of=typed))["逾期"] == "2"


def test_the_same_day_as_known_earlier_is_what_was_known(empty_app: Flask, office: FlaskClient) -> None:
    assert large(page(office, as_of="2026-07-31", known_at="2026-07-19"))["已销号"] == "0"
    assert "取数时间 2026年7月19日 23:59:59" in page(office, known_at="2026-07-19")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"as_of": "2026-08-01"}, "还没有到，只能统计到今天为止"),
        ({"as_of": "昨天"}, "认不出这个日期"),
        ({"known_at": "2026-08-01 09:00"}, "取数时间还没有到"),
        ({"known_at": "那时"}, "认不出这个时间"),
        ({"source": "77"}, "查询条件有误"),
        ({"unit": "x"}, "查询条件有误"),
        ({"by": "weather"}, "查询条件有误"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason_and_what_was_typed(
    office: FlaskClient, asked: dict[str, str], why: str
) -> None:
    html = page(office, status=422, **asked)
    assert why in html
    assert large(html) == {}
    assert page(office, "/figures/items", status=422, **asked)


def test_every_figure_leads_to_exactly_the_items_it_counts(office: FlaskClient) -> None:
    seen = 0
    for by in (each for each in Breakdown if each is not Breakdown.ALL):
        html = page(office, as_of="2026-07-16", by=by)
        cells = re.findall(r'<a[^>]*href="(/figures/items[^"]+)"[^>]*>(\d+)</a>', html)
        assert cells
        for address, value in cells:
            listed = office.get(address.replace("&amp;", "&")).text
            assert f"共 <b>{value}</b> 条" in listed, address
            seen += 1
    assert seen > 20


def test_the_list_shows_the_items_as_they_were_on_the_day(office: FlaskClient) -> None:
    html = page(office, "/figures/items", figure="overdue", as_of="2026-07-16")
    assert re.findall(r">(巡察2026-1-\d+)<", html) == ["巡察2026-1-001", "巡察2026-1-002"]
    assert "申请销号" in html
    assert "逾期1天" in html
    assert re.findall(r">(巡察2026-1-\d+)<", page(office, "/figures/items", figure="overdue")) == ["巡察2026-1-002"]


def test_a_figure_nobody_knows_is_not_found(office: FlaskClient) -> None:
    assert page(office, "/figures/items", status=404, figure="weather")


def test_another_units_liaison_sees_only_what_is_within_reach(empty_app: Flask, office: FlaskClient) -> None:
    liaison = named(empty_app, "周宁")
    html = page(liaison)
    assert large(html)["反馈总数"] == "1"
    assert "组织部" not in html
    assert "已经改好的问题" not in page(liaison, "/figures/items", figure="total")
    assert "别的部的问题" in page(liaison, "/figures/items", figure="total")


def test_who_reaches_no_item_sees_an_empty_page_without_names(empty_app: Flask, office: FlaskClient) -> None:
    html = page(named(empty_app, "孙丽"))
    assert "没有可以统计的事项" in html
    assert "组织部" not in html
    assert "市委第二巡察组反馈" not in html


def test_a_unit_without_a_name_has_its_row_and_its_items(office: FlaskClient) -> None:
    html = page(office)
    assert "未定牵头单位" in html
    assert "还没有下发的问题" in page(office, "/figures/items", figure="total", by="unit", of="none")


def test_the_name_of_a_row_narrows_the_page_to_it(office: FlaskClient) -> None:
    html = page(office)
    address = re.search(r'<td><a href="([^"]+)">组织部</a>', html)
    assert address
    narrowed = office.get(address[1].replace("&amp;", "&")).text
    assert large(narrowed)["反馈总数"] == "2"
    assert "市委第二巡察组反馈</a>" in narrowed


def test_parts_that_do_not_add_up_are_told_on_the_page(office: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    really = queries.tally

    def one_too_many(session: Any, question: Any, reach: Any, by: Breakdown = Breakdown.ALL) -> Any:
        rows = really(session, question, reach, by)
        wrong = rows[0]._replace(tally=replace(rows[0].tally, closed=rows[0].tally.closed + 1))
        return [wrong, *rows[1:]] if by is Breakdown.UNIT else rows

    assert "各行之和与总数不符" not in page(office)
    monkeypatch.setattr(queries, "tally", one_too_many)
    assert "各行之和与总数不符" in page(office)


@pytest.mark.parametrize(
    ("is_chosen", "closes", "said"),
    [(False, True, "以各来源的约定为准"), (True, True, "到期可以销号，销号后跟踪巩固"), (True, False, "到期不销号")],
)
def test_what_the_source_settled_is_printed_under_the_rates(
    empty_app: Flask, office: FlaskClient, is_chosen: bool, closes: bool, said: str
) -> None:
    with empty_app.app_context(), writing():
        source = a_source("另一批反馈", closes_when_sustained=closes)
        an_item(source)
    asked = {"source": source.id} if is_chosen else {}
    assert said in page(office, **asked)


def test_what_is_left_out_of_the_denominators_is_said_under_the_rates(empty_app: Flask, office: FlaskClient) -> None:
    assert "不计入分母（" not in page(office)
    with empty_app.app_context(), writing():
        source = a_source("另一批反馈", leaves_out_sustained=True)
        item = an_issued_item(source=source, lead_unit=a_unit("办公室"))
        items.move_on(item, Event.ACCEPT, actor=SYSTEM)
        items.move_on(item, Event.SUSTAIN, actor=SYSTEM)
    html = page(office)
    assert "其中1个持续整改事项按其来源的约定不计入分母" in html
    assert (large(html)["反馈总数"], large(html)["销号率"]) == ("5", "25%")
    assert "按来源约定，持续整改的事项不计入分母（1个）" in page(office, source=source.id)


def test_figures_of_one_source_are_counted_as_it_settled_unless_the_address_says_otherwise(
    empty_app: Flask, office: FlaskClient
) -> None:
    with empty_app.app_context(), writing():
        source = a_source("另一批反馈", counting=Counting.PARTS)
        common = items.draw_up(source, "共性问题", actor=SYSTEM)
        items.split(common, [a_unit(name) for name in ("办公室", "机关纪委", "机关工会")], actor=SYSTEM)
        source_id = source.id
    of_all, of_one = page(office), page(office, source=source_id)
    assert (large(of_all)["反馈总数"], large(of_one)["反馈总数"]) == ("5", "3")
    assert "按总项统计" in of_all
    assert "按分项统计" in of_one
    as_wholes = page(office, source=source_id, counting="wholes")
    assert large(as_wholes)["反馈总数"] == "1"
    assert "按总项统计" in as_wholes
    assert "counting=wholes" in as_wholes
    listed = page(office, "/figures/items", source=source_id, figure="total")
    assert [f"巡察2026-2-001-0{nth}" in listed for nth in (1, 2, 3)] == [True] * 3


@pytest.mark.parametrize("path", ["/figures", "/figures/trend", "/figures/difference?since=2026-07-10"])
def test_a_tab_says_what_it_is_and_nothing_else(office: FlaskClient, path: str) -> None:
    tabs = re.search(r'<nav class="tabs".*?</nav>', office.get(path).text, re.S)
    assert tabs is not None
    words = [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<a .*?</a>", tabs[0], re.S)]
    assert len(words) > 1
    assert all(re.fullmatch(r"[\u4e00-\u9fff（）]+", each) for each in words)


def test_the_definitions_tell_every_figure(office: FlaskClient) -> None:
    html = page(office, "/figures/definitions")
    assert all(str(DEFINITIONS[name].sentence) in html for name in FigureName)


def test_nothing_to_count_is_said_with_a_rate_of_nothing(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
    assert "没有可以统计的事项" in page(signed_in(empty_app, person))


@pytest.mark.parametrize("more", [0, 30])
def test_the_page_asks_at_most_eight_times_however_many_rows(empty_app: Flask, office: FlaskClient, more: int) -> None:
    with empty_app.app_context(), writing():
        source = a_source("另一批反馈")
        for number in range(more):
            an_item(source, lead_unit=a_unit(f"第{number}处"), leader_id=a_person(f"领导{number}").id)
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with empty_app.app_context():
        engine = db.engine
    # Whether the system is set up at all is asked once in the life of a process.
    assert office.get("/figures/definitions").status_code == 200
    event.listen(engine, "before_cursor_execute", note)
    try:
        compared = ("/figures?since=2026-07-05", "/figures/difference?since=2026-06-01")
        for address in ("/figures", "/figures?by=leader", "/figures/items?figure=total", *compared):
            asked.clear()
            assert office.get(address).status_code == 200
            assert len([statement for statement in asked if statement.lstrip().startswith("SELECT")]) <= 8, asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("days", "due"), [("", "0"), ("14", "1"), ("13", "0")])
def test_how_many_days_before_its_deadline_an_item_is_near_may_be_asked(
    empty_app: Flask, office: FlaskClient, days: str, due: str
) -> None:
    with empty_app.app_context(), writing():
        an_issued_item(source=a_source("另一批反馈"), lead_unit=a_unit("办公室"), due_on=date(2026, 8, 14))
    html = page(office, days=days)
    assert large(html)["临近时限"] == due
    assert f"{days or 7}天内到期" in html
    listed = page(office, "/figures/items", figure="due_soon", days=days)
    assert ("共 <b>1</b> 条" in listed) == (due == "1")
    assert (f"不超过{days}天" in listed) == (due == "1")


@pytest.mark.parametrize("days", ["0", "91", "x"])
def test_days_beyond_reason_are_refused(office: FlaskClient, days: str) -> None:
    assert "查询条件有误" in page(office, status=422, days=days)


def test_two_days_are_compared_in_one_sentence_whose_numbers_lead_to_their_items(
    empty_app: Flask, office: FlaskClient
) -> None:
    with empty_app.app_context(), writing():
        an_item(a_source("述职评点", date(2026, 7, 10)), finding="新来的问题")
    html = page(office, since="2026-07-05", source="")
    assert "2026年7月31日与2026年7月5日相比" in html
    told = re.search(r'<p class="sentence">(总数.*?)</p>', html, re.DOTALL)
    assert told
    assert re.sub(r"<[^>]+>", "", told[1]) == "总数增1（述职评点7月10日反馈1个）；新销号1。"
    assert "销号率：0%（0 ÷ 4） → 20%（1 ÷ 5）" in html
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', told[1])
    assert len(found) == 2
    for (address, _words), finding in zip(found, ("新来的问题", "已经改好的问题"), strict=True):
        listed = office.get(address.replace("&amp;", "&")).text
        assert "共 <b>1</b> 条" in listed
        assert finding in listed


def test_all_that_moved_is_listed_with_both_states(office: FlaskClient) -> None:
    html = page(office, "/figures/difference", since="2026-07-05")
    assert re.findall(r">(巡察2026-1-\d+)<", html) == ["巡察2026-1-001"]
    assert "申请销号" in html
    assert "新销号" in html


def test_the_same_day_is_compared_as_known_at_two_times(office: FlaskClient) -> None:
    assert "新销号1" in page(office, since_known_at="2026-07-19")


@pytest.mark.parametrize("address", ["/figures", "/figures/difference"])
def test_a_later_day_to_compare_with_is_refused(office: FlaskClient, address: str) -> None:
    html = page(office, address, status=422, since="2026-07-30", as_of="2026-07-16")
    assert "对比日不能晚于统计截止日" in html


def test_a_page_to_compare_asks_for_the_day_first(office: FlaskClient) -> None:
    assert "请填写对比日" in page(office, "/figures/difference")
    assert "没有变动" in page(office, "/figures/difference", since="2026-07-31")
    assert page(office, "/figures/difference", status=404, since="2026-07-05", movement="weather")


def test_what_moved_out_of_reach_is_not_told(empty_app: Flask, office: FlaskClient) -> None:
    liaison = named(empty_app, "周宁")
    html = page(liaison, "/figures/difference", since="2026-06-01")
    assert "已经改好的问题" not in html
    assert "总数不变" in page(liaison, since="2026-07-05")
