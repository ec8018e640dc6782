"""The pages of corrections as a browser without script meets them."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from flask import Flask

from tests.closure.closing_office import browser_of
from tests.corrections.correcting import WHY, CorrectingOffice
from tracker.core.db import writing
from tracker.items.rules import State

PAGES = "/requests/correction"


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-06-24T09:00:00+08:00") as traveller:
        yield traveller


@pytest.fixture
def office(empty_app: Flask) -> CorrectingOffice:
    with empty_app.app_context():
        with writing():
            office = CorrectingOffice()
        office.close()
    return office


def asked(app: Flask, office: CorrectingOffice) -> int:
    with app.app_context():
        return office.ask_correction()


def test_the_office_asks_from_the_item_and_a_leader_approves(empty_app: Flask, office: CorrectingOffice) -> None:
    clerk, address = browser_of(empty_app, office, office.clerk), f"/items/{office.number}/ask-correction"
    assert "ask-correction" in clerk.get(f"/items/{office.number}").text
    page = clerk.get(address).text
    for words in ("最近一次决定：销号", "冲正：", "重新整改："):
        assert words in page
    assert clerk.post(address, data={"kind": "undo", "reason": ""}).status_code == 422
    assert clerk.post(address, data={"kind": "undo", "reason": WHY}).status_code == 303
    assert "已有冲正或重新整改的申请" in clerk.get(f"/items/{office.number}").text
    leader = browser_of(empty_app, office, office.leader)
    assert "冲正与重新整改" in leader.get("/").text
    page = leader.get("/requests/correction").text
    assert WHY in page
    (correction_id,) = re.findall(r"/requests/correction/(\d+)", page)
    assert leader.post(f"{PAGES}/{correction_id}", data={"verdict": "approve", "version": "1"}).status_code == 303
    with empty_app.app_context():
        assert office.item().state is State.APPLIED
    page = leader.get(f"/items/{office.number}").text
    for words in ("李强批准冲正", "陈静申请冲正", "已批准"):
        assert words in page
    assert "（已冲正）" in leader.get(f"/items/{office.number}?tab=closure").text


def test_a_direct_reopening_is_no_more(empty_app: Flask, office: CorrectingOffice) -> None:
    clerk = browser_of(empty_app, office, office.clerk)
    assert clerk.post(f"/items/{office.number}/reopen", data={"reason": "直接重开"}).status_code == 404


def test_the_asker_sees_why_not_and_takes_it_back(empty_app: Flask, office: CorrectingOffice) -> None:
    correction_id = asked(empty_app, office)
    clerk = browser_of(empty_app, office, office.clerk)
    assert "申请人不能决定自己的申请" in clerk.get(f"{PAGES}/{correction_id}").text
    assert clerk.post(f"{PAGES}/{correction_id}", data={"verdict": "approve", "version": "1"}).status_code == 403
    assert clerk.get(f"{PAGES}/{correction_id}/paper").status_code == 403
    assert clerk.post(f"{PAGES}/{correction_id}/retract").status_code == 303
    assert "已撤回" in clerk.get(f"{PAGES}/{correction_id}").text


def test_a_refusal_without_a_reason_keeps_the_page(empty_app: Flask, office: CorrectingOffice) -> None:
    correction_id = asked(empty_app, office)
    other = browser_of(empty_app, office, office.clerk2)
    answer = other.post(f"{PAGES}/{correction_id}", data={"verdict": "refuse", "version": "1"})
    assert answer.status_code == 422
    assert "写明理由" in answer.text


def test_a_paper_is_entered_with_its_scan(empty_app: Flask, office: CorrectingOffice) -> None:
    correction_id = asked(empty_app, office)
    other = browser_of(empty_app, office, office.clerk2)
    data = {"verdict": "approve", "decider": "李强", "paper_on": "2026-06-24", "version": "1"}
    assert other.get(f"{PAGES}/{correction_id}/scan").status_code == 404
    sent = other.post(f"{PAGES}/{correction_id}/paper", data={**data, "scan": (BytesIO(b"signed"), "签批件.jpg")})
    assert sent.status_code == 303
    page = other.get(f"{PAGES}/{correction_id}").text
    assert "线下签批，代录" in page
    assert "何芳 于" in page
    assert other.get(f"{PAGES}/{correction_id}/scan").data == b"signed"


def test_strangers_find_nothing(empty_app: Flask, office: CorrectingOffice) -> None:
    correction_id = asked(empty_app, office)
    stranger = browser_of(empty_app, office, office.stranger)
    assert stranger.get(f"{PAGES}/{correction_id}").status_code == 404
    assert "还没有冲正或重新整改的申请" in stranger.get("/requests/correction").text
