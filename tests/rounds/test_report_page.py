"""The page on which a unit reports, as a browser without script meets it."""

from collections.abc import Iterator

import pytest
from factories import an_issued_item
from flask import Flask
from flask.testing import FlaskClient
from rounds.reporting_office import ReportingOffice, browser_of, on
from sqlalchemy import select

from tracker.access.rules import SYSTEM
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.org.models import Person
from tracker.org.operations import name_substitute
from tracker.progress.models import Entry
from tracker.rounds import operations
from tracker.rounds.models import OwedReport

PAGE = "/rounds/report"


@pytest.fixture
def office(empty_app: Flask) -> Iterator[ReportingOffice]:
    with on(4, 1), empty_app.app_context(), writing():
        made = ReportingOffice()
    with on(4, 20):
        yield made


@pytest.fixture
def liaison(empty_app: Flask, office: ReportingOffice) -> FlaskClient:
    return browser_of(empty_app, office, office.liaison)


def typed(app: Flask, office: ReportingOffice, **texts: str) -> dict[str, str]:
    """What a browser sends: ``item1="text"`` for the lead line of item 1, ``support1`` for the cooperating one."""
    data = {}
    with app.app_context():
        for place, (name, text) in enumerate(texts.items()):
            report = office.report(int(name[-1]), is_lead=not name.startswith("support"))
            data |= {f"lines-{place}-report": str(report.id), f"lines-{place}-version": str(report.version)}
            data[f"lines-{place}-text"] = text
    return data


def id_of(app: Flask, office: ReportingOffice, place: int) -> str:
    with app.app_context():
        return str(office.report(place).id)


def states(app: Flask, office: ReportingOffice) -> dict[tuple[int, str], str]:
    with app.app_context():
        return office.states()


def texts(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(each.text, each.standing.value) for each in db.session.scalars(select(Entry).order_by(Entry.id))]


def test_all_owed_items_stand_on_one_page_with_the_last_text_beside_an_empty_box(
    empty_app: Flask, office: ReportingOffice, liaison: FlaskClient
) -> None:
    liaison.post(PAGE, data=typed(empty_app, office, item1="三月已部署"))
    with empty_app.app_context(), writing():
        operations.accept_reports([office.report(1)], actor=SYSTEM)
    with on(4, 26), empty_app.app_context(), writing():
        operations.open_rounds(clock.now())
    with on(5, 20):
        page = browser_of(empty_app, office, office.liaison).get(PAGE).text
    assert "三月已部署</p>" in page
    assert "三月已部署</textarea>" not in page
    assert page.count("<textarea") == 5, "three of May and two that April still lacks"
    assert "逾期未报" in page


def test_several_are_reported_at_once_and_the_empty_ones_stay_owed(
    empty_app: Flask, office: ReportingOffice, liaison: FlaskClient
) -> None:
    answer = liaison.post(PAGE, data=typed(empty_app, office, item1="已部署", item2="", item3="已印发"))
    assert answer.status_code == 303
    assert "已报 2 项" in liaison.get(PAGE).text
    found = states(empty_app, office)
    assert [found[place, "组织部"] for place in (1, 2, 3)] == ["given", "owed", "given"]
    assert texts(empty_app) == [("已部署", "waiting"), ("已印发", "waiting")]


def test_a_double_click_is_harmless(empty_app: Flask, office: ReportingOffice, liaison: FlaskClient) -> None:
    data = typed(empty_app, office, item1="已部署", item2="已印发")
    answers = [liaison.post(PAGE, data=data) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "没有重复记录" in liaison.get(PAGE).text
    assert len(texts(empty_app)) == 2


def test_no_change_needs_a_reason_and_keeps_what_else_was_typed(
    empty_app: Flask, office: ReportingOffice, liaison: FlaskClient
) -> None:
    press = {"unchanged": id_of(empty_app, office, 1)}
    refused = liaison.post(PAGE, data=typed(empty_app, office, item1="", item2="写了一半") | press)
    assert refused.status_code == 422
    assert "请写明无变化的理由" in refused.text
    assert "写了一半</textarea>" in refused.text
    done = liaison.post(PAGE, data=typed(empty_app, office, item1="等财政批复", item2="写了一半") | press)
    assert done.status_code == 303
    assert texts(empty_app) == [("无变化：等财政批复", "waiting")]
    assert "写了一半</textarea>" in liaison.get(PAGE).text


def test_drafts_are_kept_and_nobody_else_counts_them(
    empty_app: Flask, office: ReportingOffice, liaison: FlaskClient
) -> None:
    liaison.post(PAGE, data=typed(empty_app, office, item2="写了一半") | {"keep": "1"})
    assert "写了一半</textarea>" in browser_of(empty_app, office, office.head).get(PAGE).text
    assert states(empty_app, office)[2, "组织部"] == "owed"


def test_a_refused_page_loses_nothing_and_writes_nothing(
    empty_app: Flask, office: ReportingOffice, liaison: FlaskClient
) -> None:
    answer = liaison.post(PAGE, data=typed(empty_app, office, item1="已部署", item2="长" * 4001))
    assert answer.status_code == 422
    assert "已部署</textarea>" in answer.text
    assert "最多 4000" in answer.text
    empty = liaison.post(PAGE, data=typed(empty_app, office, item1=" ", item2=""))
    assert (empty.status_code, "还没有填写任何一项" in empty.text) == (422, True)
    assert texts(empty_app) == []


def test_a_second_person_is_shown_what_the_first_wrote_and_may_send_again(
    empty_app: Flask, office: ReportingOffice, liaison: FlaskClient
) -> None:
    old = typed(empty_app, office, item1="我的内容", item2="也是我的")
    browser_of(empty_app, office, office.head).post(
        PAGE, data=typed(empty_app, office, item1="她的草稿") | {"keep": "1"}
    )
    answer = liaison.post(PAGE, data=old)
    assert answer.status_code == 409
    assert "她的草稿" in answer.text
    assert "我的内容</textarea>" in answer.text
    assert "也是我的</textarea>" in answer.text
    version = answer.text.split('name="lines-0-version" type="hidden" value="')[1].split('"')[0]
    assert liaison.post(PAGE, data=old | {"lines-0-version": version}).status_code == 303
    assert ("我的内容", "waiting") in texts(empty_app)


def test_a_returned_text_stands_in_its_box_with_the_reason_and_is_not_sent_again_as_it_is(
    empty_app: Flask, office: ReportingOffice, liaison: FlaskClient
) -> None:
    liaison.post(PAGE, data=typed(empty_app, office, item1="正在积极推进"))
    with empty_app.app_context(), writing():
        operations.return_report(office.report(1), "请写明做了什么", actor=office.acts(office.clerk))
    page = liaison.get(PAGE).text
    assert "退回理由：请写明做了什么" in page
    assert "正在积极推进</textarea>" in page
    again = liaison.post(PAGE, data=typed(empty_app, office, item1="正在积极推进"))
    assert again.status_code == 422
    liaison.post(PAGE, data=typed(empty_app, office, item1="4月20日已召开部署会"))
    assert states(empty_app, office)[1, "组织部"] == "given"


def test_the_item_page_feeds_the_same_round(empty_app: Flask, office: ReportingOffice, liaison: FlaskClient) -> None:
    address = f"/items/{office.numbers[1]}/entries/new"
    assert liaison.post(address, data={"text": "等批复", "unchanged": "1"}).status_code == 303
    assert states(empty_app, office)[2, "组织部"] == "given"
    assert texts(empty_app) == [("无变化：等批复", "waiting")]


def test_an_item_not_accepted_yet_is_named_without_a_box(empty_app: Flask, office: ReportingOffice) -> None:
    with empty_app.app_context(), writing():
        an_issued_item(source=office.source(), lead_unit=office.unit("组织部"))
        operations.open_rounds(clock.now())
    page = browser_of(empty_app, office, office.liaison).get(PAGE).text
    assert "签收后才能填报" in page
    assert page.count("<textarea") == 3


OWN = {
    "liaison": {(1, True), (2, True), (3, True)},
    "head": {(1, True), (2, True), (3, True)},
    "handler": {(1, True), (2, True), (3, True)},
    "other_liaison": {(1, False), (4, True)},
    "other_handler": {(4, True)},
    "clerk": set(),
    "leader": set(),
    "viewer": set(),
    "stranger": set(),
}


@pytest.mark.parametrize("who", OWN)
def test_everybody_sees_and_writes_just_their_own_lines(empty_app: Flask, office: ReportingOffice, who: str) -> None:
    person: Person = getattr(office, who)
    client = browser_of(empty_app, office, person)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert page.text.count("<textarea") == len(OWN[who])
    desk = client.get("/").text
    assert (f"{len(OWN[who])} 项未报" in desk) == bool(OWN[who])
    for place, is_lead in ((1, True), (1, False), (2, True), (4, True)):
        name = f"{'item' if is_lead else 'support'}{place}"
        answer = client.post(PAGE, data=typed(empty_app, office, **{name: "已办"}))
        assert answer.status_code == (303 if (place, is_lead) in OWN[who] else 404), name
    with empty_app.app_context():
        given = db.session.scalars(select(OwedReport).where(OwedReport.entry_id.is_not(None)))
        assert {(office.numbers.index(each.item.number) + 1, each.is_lead) for each in given} == OWN[who] - {(3, True)}


def test_a_substitute_reports_what_the_absent_handler_would(empty_app: Flask, office: ReportingOffice) -> None:
    with empty_app.app_context(), writing():
        absent, stands_in = (db.session.merge(each) for each in (office.handler, office.viewer))
        told = {"since": clock.today(), "until": clock.today(), "reason": "出差", "actor": SYSTEM}
        name_substitute(absent, stands_in, **told)
        absent_id = absent.id
    client = browser_of(empty_app, office, office.viewer)
    assert client.get(PAGE).text.count("<textarea") == 0
    client.post(f"/substitutes/act/{absent_id}")
    assert client.get(PAGE).text.count("<textarea") == 3
    assert client.post(PAGE, data=typed(empty_app, office, item1="已办")).status_code == 303


def test_what_is_not_a_report_is_not_found(empty_app: Flask, office: ReportingOffice, liaison: FlaskClient) -> None:
    for report in ("999999", "x", ""):
        data = {"lines-0-report": report, "lines-0-version": "1", "lines-0-text": "已办"}
        assert liaison.post(PAGE, data=data).status_code == 404
    assert liaison.get(PAGE).status_code == 200
