"""The pages of change requests as a browser without script meets them."""

import re
from io import BytesIO

import pytest
from flask import Flask

from tests.amendments.amending import AmendingOffice
from tests.closure.closing_office import browser_of
from tracker.core.db import writing

PAGES = "/requests/amendment"


@pytest.fixture
def office(empty_app: Flask) -> AmendingOffice:
    with empty_app.app_context():
        with writing():
            office = AmendingOffice()
        office.plan()
    return office


def asked(app: Flask, office: AmendingOffice) -> int:
    with app.app_context():
        return office.ask(goal="建章立制")


def test_a_liaison_asks_and_the_office_approves_and_the_item_shows_where_it_differs(
    empty_app: Flask, office: AmendingOffice
) -> None:
    liaison, address = browser_of(empty_app, office, office.liaison), f"/items/{office.number}/ask-amendment"
    page = liaison.get(address).text
    for words in ("召开部署会\n印发办法", "问题本身不能修改"):
        assert words in page
    standing = {"measures": "召开部署会\n印发办法", "leader": "李强"}
    unchanged = liaison.post(address, data={**standing, "reason": "没有改"})
    assert unchanged.status_code == 422
    assert "没有任何改动" in unchanged.text
    wanted = {**standing, "measures": "召开部署会\n修订办法", "reason": "办法已有，改为修订"}
    assert liaison.post(address, data=wanted).status_code == 303
    assert "已有变更申请，等待审批" in liaison.get(f"/items/{office.number}").text
    clerk = browser_of(empty_app, office, office.clerk)
    (amendment_id,) = re.findall(r"/requests/amendment/(\d+)", clerk.get("/").text)
    page = clerk.get(f"{PAGES}/{amendment_id}").text
    for words in ("原内容", "印发办法", "修订办法", "办法已有，改为修订"):
        assert words in page
    answer = clerk.post(f"{PAGES}/{amendment_id}", data={"verdict": "approve", "version": "1"})
    assert answer.status_code == 303
    page = liaison.get(f"/items/{office.number}").text
    for words in ("与下发时不同", "下发时：召开部署会\n印发办法", "王敏申请变更", "已批准"):
        assert words in page
    assert "变更1次" in clerk.get("/items?list=rectification").text


def test_a_paper_is_entered_with_its_scan_and_strangers_find_nothing(empty_app: Flask, office: AmendingOffice) -> None:
    amendment_id = asked(empty_app, office)
    clerk = browser_of(empty_app, office, office.clerk)
    data = {"verdict": "approve", "body": "整改办会议", "paper_on": "", "version": "1"}
    assert clerk.post(f"{PAGES}/{amendment_id}/paper", data=data).status_code == 422
    today = re.search(r'name="paper_on"[^>]*value="([\d-]+)"', clerk.get(f"{PAGES}/{amendment_id}/paper").text)
    assert today is not None
    data |= {"paper_on": today[1]}
    sent = clerk.post(f"{PAGES}/{amendment_id}/paper", data={**data, "scan": (BytesIO(b"signed"), "签批件.jpg")})
    assert sent.status_code == 303
    assert clerk.get(f"{PAGES}/{amendment_id}/scan").data == b"signed"
    stranger = browser_of(empty_app, office, office.stranger)
    assert stranger.get(f"{PAGES}/{amendment_id}").status_code == 404
    assert "还没有变更申请" in stranger.get("/requests/amendment").text


def test_an_item_without_measures_can_be_changed_too(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        office = AmendingOffice()
    liaison = browser_of(empty_app, office, office.liaison)
    data = {"measures": "", "leader": "李强", "goal": "建章立制", "reason": "补充目标"}
    assert liaison.post(f"/items/{office.number}/ask-amendment", data=data).status_code == 303


def test_the_asker_takes_it_back(empty_app: Flask, office: AmendingOffice) -> None:
    amendment_id = asked(empty_app, office)
    liaison = browser_of(empty_app, office, office.liaison)
    assert liaison.post(f"{PAGES}/{amendment_id}", data={"verdict": "approve", "version": "1"}).status_code == 403
    assert liaison.post(f"{PAGES}/{amendment_id}/retract").status_code == 303
    assert "已撤回" in liaison.get(f"{PAGES}/{amendment_id}").text
