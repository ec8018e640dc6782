"""The pages of applying and deciding as a browser without script meets them."""

from dataclasses import asdict

import pytest
from factories import RECEIVED_ON, a_telling, an_account, by_date
from flask import Flask

from tests.closure.closing_office import DEMAND, STATEMENT, ClosingOffice, browser_of
from tests.desk.reading import counted_queries
from tracker.access.rules import Role
from tracker.closure.rules import Decision
from tracker.core.db import writing
from tracker.items import operations as items
from tracker.items.rules import State
from tracker.progress import operations as progress


@pytest.fixture
def office(empty_app: Flask) -> ClosingOffice:
    with empty_app.app_context(), writing():
        return ClosingOffice()


def review_ids(app: Flask, office: ClosingOffice) -> list[int]:
    """Apply, and give the ids of the steps."""
    with app.app_context():
        return [review.id for review in office.proved_and_applied().reviews]


def filled_in(app: Flask, office: ClosingOffice, *, version: int = 0, **parts: object) -> dict[str, object]:
    """The form of an application as a browser sends it, all of it filled in."""
    with app.app_context():
        values = asdict(a_telling(office.item(), **parts))
    lines = enumerate(values.pop("measures").items())
    sent = {
        f"lines-{n}-{name}": value for n, pair in lines for name, value in zip(("measure", "told"), pair, strict=True)
    }
    ticked = {"is_pledged": "y"} if values.pop("is_pledged") else {}
    return {**values, **sent, **ticked, "version": str(version)}


def state_of(app: Flask, office: ClosingOffice) -> State:
    with app.app_context():
        return office.item().state


def test_an_application_shows_what_is_there_and_begins_to_wait(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context():
        office.prove()
    liaison = browser_of(empty_app, office, office.liaison)
    address = f"/items/{office.number}/application"
    page = liaison.get(address).text
    for words in ("签到表.jpg", "单位负责人审核 → 整改办初审 → 责任领导审批", "真实性"):
        assert words in page
    short = liaison.post(address, data={"statement": "已完成"})
    assert short.status_code == 422
    assert "已完成</textarea>" in short.text
    answer = liaison.post(address, data=filled_in(empty_app, office))
    assert answer.status_code == 303
    assert STATEMENT in liaison.get(answer.location).text


def test_the_second_round_begins_with_the_first_text_and_the_demand(empty_app: Flask, office: ClosingOffice) -> None:
    review_ids(empty_app, office)
    with empty_app.app_context():
        office.decide(office.head, 1, Decision.RETURN, DEMAND)
    page = browser_of(empty_app, office, office.liaison).get(f"/items/{office.number}/application").text
    assert "第2轮" in page
    assert DEMAND in page
    assert f"{STATEMENT}</textarea>" in page


def test_the_applicant_retracts_from_the_item(empty_app: Flask, office: ClosingOffice) -> None:
    review_ids(empty_app, office)
    address = f"/items/{office.number}/application/retract"
    assert browser_of(empty_app, office, office.handler).post(address).status_code == 403
    liaison = browser_of(empty_app, office, office.liaison)
    assert liaison.post(address).status_code == 303
    assert state_of(empty_app, office) is State.WORKING
    assert liaison.post(address).status_code == 409


def test_what_waits_is_listed_for_the_decider_and_nobody_else(empty_app: Flask, office: ClosingOffice) -> None:
    first, *_rest = review_ids(empty_app, office)
    assert f"/reviews/{first}" in browser_of(empty_app, office, office.head).get("/reviews").text
    for person in (office.clerk, office.liaison, office.stranger):
        page = browser_of(empty_app, office, person).get("/reviews").text
        assert "没有等待您审核的申请" in page
        assert office.number not in page


def test_the_waiting_page_asks_the_database_as_often_for_many_as_for_one(
    empty_app: Flask, office: ClosingOffice
) -> None:
    review_ids(empty_app, office)
    head = browser_of(empty_app, office, office.head)
    head.get("/reviews")
    asked = []
    for _more in range(2):
        with counted_queries(empty_app) as statements:
            page = head.get("/reviews").text
        asked.append(len(statements))
        with empty_app.app_context():
            _another_waiting(office)
    assert asked[0] == asked[1]
    assert asked[1] <= 12
    assert page.count("row-link") == 2


def _another_waiting(office: ClosingOffice) -> None:
    with writing():
        item = items.draw_up(office.item().source, "又一个问题", actor=office.acts(office.clerk))
        wish = items.Assignment(lead_unit_id=office.lead_id, deadline=by_date(RECEIVED_ON))
        items.amend(item, wish, reason="经批准", actor=office.acts(office.clerk))
        items.issue([item], actor=office.acts(office.clerk))
        items.accept(item, handler_id=office.id_of(office.handler), actor=office.acts(office.liaison))
    first, office.number = office.number, item.number
    office.proved_and_applied()
    office.number = first


def test_the_decision_page_shows_all_that_is_decided_on(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context(), writing():
        item, liaison = office.item(lock=True), office.acts(office.liaison)
        progress.add_measures(item, ["印发办法"], actor=liaison)
        progress.write_entry(item, "已召开部署会", actor=liaison)
    first, *_rest = review_ids(empty_app, office)
    page = browser_of(empty_app, office, office.head).get(f"/reviews/{first}").text
    for words in ("第一议题制度", STATEMENT, "印发办法", "完成 0 / 1", "签到表.jpg", "已召开部署会", "王敏"):
        assert words in page


def test_deciding_goes_on_to_the_next_that_waits(empty_app: Flask, office: ClosingOffice) -> None:
    first, *_rest = review_ids(empty_app, office)
    with empty_app.app_context():
        _another_waiting(office)
    head = browser_of(empty_app, office, office.head)
    answer = head.post(f"/reviews/{first}", data={"decision": "pass", "opinion": "属实", "version": "1"})
    assert answer.status_code == 303
    second = head.get(answer.location)
    assert "又一个问题" in second.text
    last = head.post(answer.location, data={"decision": "sustain", "opinion": "需长期坚持", "version": "1"})
    assert last.location.endswith("/reviews")
    assert "您的决定已记录" in head.get(last.location).text


@pytest.mark.parametrize(
    ("decision", "opinion", "words"),
    [
        ("return", "请补充", "不少于 10 个字"),
        ("sustain", "", "写明理由"),
        ("nonsense", "写了很久的意见", "请选择一项决定"),
    ],
)
def test_a_refused_decision_keeps_the_text(
    empty_app: Flask, office: ClosingOffice, decision: str, opinion: str, words: str
) -> None:
    first, *_rest = review_ids(empty_app, office)
    head = browser_of(empty_app, office, office.head)
    answer = head.post(f"/reviews/{first}", data={"decision": decision, "opinion": opinion, "version": "1"})
    assert answer.status_code == 422
    assert words in answer.text
    assert f"{opinion}</textarea>" in answer.text
    assert state_of(empty_app, office) is State.APPLIED


def test_who_comes_second_learns_who_decided_what_and_keeps_the_text(empty_app: Flask, office: ClosingOffice) -> None:
    _first, second, _third = review_ids(empty_app, office)
    with empty_app.app_context():
        office.decide(office.head, 1, Decision.PASS)
        office.decide(office.clerk, 2, Decision.RETURN, DEMAND)
    late = browser_of(empty_app, office, office.clerk2)
    answer = late.post(f"/reviews/{second}", data={"decision": "pass", "opinion": "佐证齐全，同意"})
    assert answer.status_code == 409
    assert "已由陈静于" in answer.text
    assert "退回补充整改" in answer.text
    assert "佐证齐全，同意</textarea>" in answer.text
    settled = late.get(f"/reviews/{second}")
    assert settled.status_code == 200
    assert 'name="decision"' not in settled.text


def test_the_decision_is_404_for_strangers_and_403_for_those_who_only_read(
    empty_app: Flask, office: ClosingOffice
) -> None:
    first, *_rest = review_ids(empty_app, office)
    for person, status in ((office.stranger, 404), (office.liaison, 403), (office.clerk, 403), (office.leader, 403)):
        client = browser_of(empty_app, office, person)
        assert client.get(f"/reviews/{first}").status_code == status
        answer = client.post(f"/reviews/{first}", data={"decision": "pass"})
        assert answer.status_code == status, person
    assert browser_of(empty_app, office, office.head).get("/reviews/999999").status_code == 404


def test_the_applicant_who_is_also_head_is_refused_by_name(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context():
        office.prove()
        with writing():
            an_account("副部长", Role.UNIT_HEAD, office.lead)
        first = office.apply(office.head).reviews[0].id
    answer = browser_of(empty_app, office, office.head).post(f"/reviews/{first}", data={"decision": "pass"})
    assert answer.status_code == 403
    assert "申请人不能决定自己的申请" in answer.text
