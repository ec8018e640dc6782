"""The pages of extensions as a browser without script meets them."""

from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from flask import Flask

from tests.closure.closing_office import browser_of
from tests.desk.reading import counted_queries
from tests.extensions.extending import ASKED_ON, GRANT, UNTIL, ExtendingOffice
from tracker.core.db import db, writing

ASKED = {"until": "2026-08-31", "reason": "两项制度还在征求意见", "progress": "完成两项", "safeguards": "每周调度"}


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(ASKED_ON) as traveller:
        yield traveller


@pytest.fixture
def office(empty_app: Flask) -> ExtendingOffice:
    with empty_app.app_context(), writing():
        return ExtendingOffice()


def asked(app: Flask, office: ExtendingOffice) -> int:
    with app.app_context():
        return office.ask()


def test_a_liaison_asks_from_the_item_and_the_page_shows_it(empty_app: Flask, office: ExtendingOffice) -> None:
    liaison = browser_of(empty_app, office, office.liaison)
    page = liaison.get(f"/items/{office.number}").text
    assert "/ask-extension" in page
    wrong = liaison.post(f"/items/{office.number}/ask-extension", data={**ASKED, "until": "2026-06-30"})
    assert wrong.status_code == 422
    assert "须晚于" in wrong.text
    assert ASKED["reason"] in wrong.text
    for _twice in range(2):
        done = liaison.post(f"/items/{office.number}/ask-extension", data=ASKED)
        assert done.status_code == 303
    page = liaison.get(f"/items/{office.number}").text
    for words in ("第1次，申请延至", "待审批", "已有延期申请，等待决定"):
        assert words in page
    assert "我申请的延期，等待决定" in liaison.get("/").text


def test_office_and_leader_decide_from_the_desk(empty_app: Flask, office: ExtendingOffice) -> None:
    extension_id = asked(empty_app, office)
    for person in (office.clerk, office.leader):
        browser = browser_of(empty_app, office, person)
        assert f"/extensions/{extension_id}" in browser.get("/").text
        page = browser.get(f"/extensions/{extension_id}").text
        version = page.partition('name="version" type="hidden" value="')[2].partition('"')[0]
        data = {"verdict": "grant", "until": "2026-08-31", "version": version}
        assert browser.post(f"/extensions/{extension_id}", data=data).status_code == 303
    page = browser_of(empty_app, office, office.liaison).get(f"/items/{office.number}").text
    for words in ("原定 6月30日，第1次延期", "李强（责任领导审批）同意延期至2026-08-31"):
        assert words in page
    assert "延期获准" not in page, "told once, by whoever granted it"


def test_a_second_decider_is_told_and_keeps_the_text(empty_app: Flask, office: ExtendingOffice) -> None:
    extension_id = asked(empty_app, office)
    with empty_app.app_context():
        office.rule(extension_id, office.clerk, GRANT)
    other = browser_of(empty_app, office, office.clerk2)
    data = {"verdict": "refuse", "opinion": "我认为不需延期", "version": "1"}
    answer = other.post(f"/extensions/{extension_id}", data=data)
    assert answer.status_code == 409
    for words in ("我认为不需延期", "陈静"):
        assert words in answer.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"verdict": "nonsense", "opinion": "写了很久"}, "请选择一项决定"),
        ({"verdict": "refuse", "opinion": ""}, "写明理由"),
        ({"verdict": "grant", "until": "", "opinion": "写了很久"}, "延期到哪一天"),
    ],
)
def test_a_refused_decision_keeps_what_was_typed(
    empty_app: Flask, office: ExtendingOffice, data: dict[str, str], words: str
) -> None:
    extension_id = asked(empty_app, office)
    answer = browser_of(empty_app, office, office.clerk).post(
        f"/extensions/{extension_id}", data={**data, "version": "1"}
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert data["opinion"] in answer.text


def test_the_office_enters_a_paper_with_its_scan(empty_app: Flask, office: ExtendingOffice) -> None:
    extension_id = asked(empty_app, office)
    clerk = browser_of(empty_app, office, office.clerk)
    data = {"verdict": "grant", "until": "2026-08-31", "body": "6月24日会议", "paper_on": "2026-06-24", "version": "1"}
    assert clerk.post(f"/extensions/{extension_id}/paper", data=data).status_code == 422, "a scan is needed"
    sent = clerk.post(f"/extensions/{extension_id}/paper", data={**data, "scan": (BytesIO(b"signed"), "签批件.jpg")})
    assert sent.status_code == 303
    page = clerk.get(f"/extensions/{extension_id}").text
    for words in ("6月24日会议", "线下签批，代录", "陈静 于", "不能证明本人身份"):
        assert words in page
    scan = clerk.get(f"/extensions/{extension_id}/scans/1")
    assert (scan.data, scan.headers["X-Content-Type-Options"]) == (b"signed", "nosniff")
    assert clerk.get(f"/extensions/{extension_id}/scans/2").status_code == 404
    assert browser_of(empty_app, office, office.liaison).get(f"/extensions/{extension_id}/paper").status_code == 403


def test_the_form_is_downloaded_and_the_trail_knows(empty_app: Flask, office: ExtendingOffice) -> None:
    extension_id = asked(empty_app, office)
    answer = browser_of(empty_app, office, office.liaison).get(f"/extensions/{extension_id}/form.docx")
    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"
    with empty_app.app_context():
        from tracker.audit.queries import select_entries

        assert db.session.scalars(select_entries(action="extension.download")).one().subject == office.number


def test_the_asker_takes_it_back_by_a_press(empty_app: Flask, office: ExtendingOffice) -> None:
    extension_id = asked(empty_app, office)
    assert browser_of(empty_app, office, office.head).post(f"/extensions/{extension_id}/retract").status_code == 403
    liaison = browser_of(empty_app, office, office.liaison)
    assert liaison.post(f"/extensions/{extension_id}/retract").status_code == 303
    assert "已撤回" in liaison.get(f"/extensions/{extension_id}").text


def test_strangers_find_nothing_and_the_empty_list_says_what_belongs_there(
    empty_app: Flask, office: ExtendingOffice
) -> None:
    extension_id = asked(empty_app, office)
    stranger = browser_of(empty_app, office, office.stranger)
    assert stranger.get(f"/extensions/{extension_id}").status_code == 404
    assert stranger.get(f"/extensions/{extension_id}/form.docx").status_code == 404
    page = stranger.get("/extensions").text
    assert "还没有延期申请" in page
    assert office.number not in page


def test_the_list_asks_the_database_as_often_for_many_as_for_one(empty_app: Flask, office: ExtendingOffice) -> None:
    asked_id = asked(empty_app, office)
    clerk = browser_of(empty_app, office, office.clerk)
    clerk.get("/extensions")
    counts = []
    for round_ in range(2):
        with counted_queries(empty_app) as statements:
            page = clerk.get("/extensions").text
        counts.append(len(statements))
        with empty_app.app_context():
            if round_ == 0:
                office.retract(asked_id)
                office.ask()
    assert counts[0] == counts[1]
    assert counts[1] <= 12
    assert page.count("row-link") == 2
    assert UNTIL.isoformat() not in clerk.get("/extensions?view=granted").text
