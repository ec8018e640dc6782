"""The pages of what is decided elsewhere, of recusal and of declarations, as a browser without script meets them."""

import io
from datetime import timedelta

import pytest
from factories import a_unit, an_item
from flask import Flask

from tests.closure.closing_office import DEMAND, ClosingOffice, browser_of
from tests.closure.test_views import _another_waiting, review_ids, state_of
from tracker.access.rules import SYSTEM
from tracker.closure.rules import Decision
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items.rules import OwnWord, State
from tracker.org.models import Person, Unit
from tracker.sources import operations as sources
from tracker.sources.rules import StepKind


@pytest.fixture
def office(empty_app: Flask) -> ClosingOffice:
    with empty_app.app_context(), writing():
        return ClosingOffice()


def paper(**typed: object) -> dict[str, object]:
    scan = (io.BytesIO(b"scan"), "销号申请表签字件.pdf")
    return {"dated_on": clock.today().isoformat(), "scan": scan, "version": "1", **typed}


def test_the_office_enters_what_was_signed_and_everybody_sees_that_it_did(
    empty_app: Flask, office: ClosingOffice
) -> None:
    first, *_rest = review_ids(empty_app, office)
    clerk, address = browser_of(empty_app, office, office.clerk), f"/reviews/{first}/on-paper"
    assert "登记线下签批" in clerk.get(f"/items/{office.number}").text
    assert browser_of(empty_app, office, office.head).get(address).status_code == 403
    assert browser_of(empty_app, office, office.liaison).get(address).status_code == 403
    assert "代录" in clerk.get(address).text
    typed = {"person": "刘洋", "decision": "pass", "opinion": "情况属实"}
    missing = clerk.post(address, data=paper(**typed, scan=(io.BytesIO(), "")))
    assert (missing.status_code, "情况属实</textarea>" in missing.text) == (422, True)
    assert clerk.post(address, data=paper(**{**typed, "person": "无此人"})).status_code == 422
    assert clerk.post(address, data=paper(**typed)).status_code == 303
    page = browser_of(empty_app, office, office.liaison).get(f"/items/{office.number}?tab=closure").text
    for words in ("刘洋", "线下签批，代录", "陈静 于", "不能证明本人身份"):
        assert words in page
    scan = browser_of(empty_app, office, office.liaison).get(f"/reviews/{first}/paper")
    assert (scan.data, scan.headers["Content-Disposition"].partition(";")[0]) == (b"scan", "attachment")
    assert browser_of(empty_app, office, office.stranger).get(f"/reviews/{first}/paper").status_code == 404
    again = clerk.get(address)
    assert again.status_code == 409


def test_one_page_decides_all_that_was_before_a_meeting(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context():
        with writing():
            sources.set_chain(office.item().source, [StepKind.COLLECTIVE], actor=SYSTEM)
        first = office.proved_and_applied().reviews[0].id
        _another_waiting(office)
    clerk = browser_of(empty_app, office, office.clerk)
    assert "登记会议决定" in clerk.get("/reviews").text
    assert "等待会议或上级决定" in clerk.get("/").text
    assert browser_of(empty_app, office, office.head).get("/reviews/meeting").status_code == 403
    page = clerk.get("/reviews/meeting").text
    assert page.count("（未上会）") == 2
    lines = {"lines-0-review": str(first), "lines-0-version": "1", "lines-0-decision": "return"}
    told = paper(title="工委会议", document_number="纪要〔2026〕8号", **lines)
    short = clerk.post("/reviews/meeting", data={**told, "lines-0-opinion": "短"})
    assert (short.status_code, "不少于 10 个字" in short.text) == (422, True)
    told = paper(title="工委会议", document_number="纪要〔2026〕8号", **lines)
    assert clerk.post("/reviews/meeting", data={**told, "lines-0-opinion": DEMAND}).status_code == 303
    assert state_of(empty_app, office) is State.WORKING
    page = clerk.get(f"/items/{office.number}?tab=closure").text
    for words in ("工委会议", "纪要〔2026〕8号", DEMAND):
        assert words in page
    assert clerk.get("/reviews/meeting").text.count("（未上会）") == 1
    stale = clerk.post("/reviews/meeting", data=paper(title="工委会议", document_number="8号", **lines))
    assert stale.status_code == 409


def test_the_superiors_word_is_entered_from_the_item(empty_app: Flask, office: ClosingOffice) -> None:
    review_ids(empty_app, office)
    address, clerk = f"/items/{office.number}/confirmation", browser_of(empty_app, office, office.clerk)
    assert clerk.get(address).status_code == 409
    with empty_app.app_context():
        for position, person in enumerate((office.head, office.clerk, office.leader), start=1):
            office.decide(person, position, Decision.PASS)
        version = str(office.item().version)
    assert browser_of(empty_app, office, office.liaison).get(address).status_code == 403
    typed = {"body": "市纪委市监委", "document_number": "青纪函〔2026〕3号", "decision": "pass", "version": version}
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert clerk.post(address, data=paper(**{**typed, "dated_on": tomorrow})).status_code == 422
    assert clerk.post(address, data=paper(**typed)).status_code == 303
    page = clerk.get(f"/items/{office.number}?tab=people").text
    assert "上级认定日期" in page
    assert "市纪委市监委（上级认定，线下签批" in page
    assert clerk.get(address).status_code == 409


def test_the_issue_page_leads_to_the_recusal_that_is_missing(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context(), writing():
        inspector = a_unit("机关纪委")
        for clerk in (office.clerk, office.clerk2):
            db.session.get_one(Person, office.id_of(clerk)).unit_id = office.lead_id
        draft = an_item(office.item().source, lead_unit=db.session.get_one(Unit, office.lead_id))
        number, root_id = draft.number, inspector.parent_id
    clerk = browser_of(empty_app, office, office.clerk)
    page = clerk.get(f"/items/issue?chosen={number}").text
    address = f"/items/{number}/recusals"
    assert "只剩牵头单位的人或当事人" in page
    assert "/recusals" in page
    assert "没有可以下发的事项" in page
    typed = {"step": "office", "route": "discipline", "reason": "整改办设在牵头单位"}
    for name in ("", "无此人", "陈静"):
        assert clerk.post(address, data={**typed, "person": name}).status_code == 422
    assert clerk.post(address, data={**typed, "route": "collective", "person": ""}).status_code == 303
    shown = clerk.get(address).text
    assert "整改办设在牵头单位" in shown
    assert "将下发 1 个事项" in clerk.get(f"/items/issue?chosen={number}").text
    assert browser_of(empty_app, office, office.liaison).get(address).status_code == 403
    with empty_app.app_context():
        recusal_id = db.session.execute(db.text("SELECT id FROM recusal")).scalar_one()
    assert browser_of(empty_app, office, office.head).post(f"/recusals/{recusal_id}/remove").status_code == 403
    assert clerk.post(f"/recusals/{recusal_id}/remove").status_code == 303
    assert root_id
    assert "还没有设置" in clerk.get(address).text


def test_a_source_has_routes_of_its_own(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context():
        source_id = office.item().source_id
    clerk, address = browser_of(empty_app, office, office.clerk), f"/sources/{source_id}/recusals"
    assert address in clerk.get(f"/sources/{source_id}").text
    answer = clerk.post(address, data={"step": "office", "route": "leader", "person": "李强", "reason": "整改办回避"})
    assert answer.status_code == 303
    assert "李强" in clerk.get(address).text
    assert browser_of(empty_app, office, office.leader).get(address).status_code == 403


def test_a_declaration_is_accepted_from_the_desk(empty_app: Flask, office: ClosingOffice) -> None:
    liaison, address = browser_of(empty_app, office, office.liaison), f"/items/{office.number}/declaration"
    assert "申报整改情况" in liaison.get(f"/items/{office.number}").text
    told = {"word": "basically_completed", "on": clock.today().isoformat(), "statement": ""}
    assert liaison.post(address, data=told).status_code == 422
    assert liaison.post(address, data={**told, "statement": "两条已落实"}).status_code == 303
    assert liaison.get(address).status_code == 409
    assert "等整改办认可" in liaison.get(f"/items/{office.number}").text
    clerk = browser_of(empty_app, office, office.clerk)
    assert "申报基本完成，等您认可" in clerk.get("/").text
    with empty_app.app_context():
        declaration_id = db.session.execute(db.text("SELECT id FROM declaration")).scalar_one()
    page = f"/declarations/{declaration_id}"
    assert liaison.get(page).status_code == 403
    assert clerk.post(page, data={"decision": "return", "answer": ""}).status_code == 422
    assert clerk.post(page, data={"decision": "accept", "answer": ""}).status_code == 303
    assert clerk.post(page, data={"decision": "accept", "answer": ""}).status_code == 409
    with empty_app.app_context():
        assert office.item().own_word is OwnWord.BASICALLY_COMPLETED


def test_in_one_sitting_each_application_says_its_place_and_can_be_left_for_later(
    empty_app: Flask, office: ClosingOffice
) -> None:
    first, *_rest = review_ids(empty_app, office)
    with empty_app.app_context():
        _another_waiting(office)
        _another_waiting(office)
    head = browser_of(empty_app, office, office.head)
    assert "依次审核" in head.get("/reviews").text
    page = head.get(f"/reviews/{first}").text
    assert "第 1 份，共 3 份" in page
    skipped = page.partition('class="sitting"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert f"/reviews/{first}?" not in skipped
    second = head.get(skipped).text
    assert "第 2 份，共 3 份" in second
    answer = head.post(skipped, data={"decision": "pass", "opinion": "", "version": "1"})
    third = head.get(answer.location).text
    assert "第 3 份，共 3 份" in third
    last = head.post(answer.location, data={"decision": "pass", "opinion": "", "version": "1"})
    assert last.location.endswith("/reviews"), "what was left for later is on the list"
    assert f"/reviews/{first}" in head.get(last.location).text
    assert head.get(f"/reviews/{first}?place=²&skip=x.9999999999999.-1").status_code == 200
