"""Papers that take long: made in the background, watched, fetched later by whoever asked for them."""

import re
from typing import Any

import pytest
from flask import Flask
from meetings.halls import Office
from meetings.test_handing_out import text_of

from tracker.audit.models import AuditEntry
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.jobs.registry import get_job
from tracker.jobs.running import run_now
from tracker.meetings import rules
from tracker.meetings.rules import AT_ONCE_ITEMS, is_made_at_once
from tracker.org.models import Grant, Person
from tracker.work.models import Task

LONG = ("outline.docx", "slides.pptx")


def do_tasks(app: Flask) -> Any:
    with app.app_context():
        return run_now(get_job("do-tasks"), clock.now())


def count_tasks(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Task).count()


def downloads(app: Flask) -> list[str]:
    with app.app_context():
        return [row.details for row in db.session.query(AuditEntry).filter_by(action="meeting.download")]


@pytest.mark.parametrize(("items", "at_once"), [(0, True), (AT_ONCE_ITEMS, True), (AT_ONCE_ITEMS + 1, False)])
def test_a_paper_that_tells_of_many_items_is_made_in_the_background(items: int, at_once: bool) -> None:
    assert is_made_at_once(items) is at_once


@pytest.mark.parametrize("name", LONG)
def test_a_long_paper_is_ordered_watched_and_fetched_and_fetching_is_recorded(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting_id, browser = office.call(), office.browser("陈静")
    office.freeze(meeting_id)
    at_once = text_of(browser.get(f"/meetings/{meeting_id}/papers/{name}").data)
    monkeypatch.setattr(rules, "AT_ONCE_ITEMS", 0)
    answer = browser.get(f"/meetings/{meeting_id}/papers/{name}")
    assert answer.status_code == 303
    assert browser.get(f"/meetings/{meeting_id}/papers/{name}").location == answer.location
    assert count_tasks(office.app) == 1
    assert "排队中" in browser.get(answer.location).text
    assert browser.get(f"{answer.location}/file").status_code == 404
    office.close("别部")
    assert do_tasks(office.app) == {"done": 1, "refused": 0}
    assert "已完成" in browser.get(f"/meetings/{meeting_id}/papers").text
    assert f"{answer.location}/file" in browser.get(answer.location).text
    assert len(downloads(office.app)) == 1
    assert text_of(browser.get(f"{answer.location}/file").data) == at_once
    assert len(downloads(office.app)) == 2
    assert name in downloads(office.app)[1]


@pytest.mark.parametrize("name", LONG)
def test_a_long_paper_holds_what_whoever_asked_may_see_and_is_theirs_alone(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    monkeypatch.setattr(rules, "AT_ONCE_ITEMS", 0)
    address = office.browser("周宁").get(f"/meetings/{meeting_id}/papers/{name}").location
    do_tasks(office.app)
    text = text_of(office.browser("周宁").get(f"{address}/file").data)
    assert "宣传部" in text
    assert "拖着没改的问题" not in text
    assert office.browser("陈静").get(address).status_code == 404
    assert office.browser("陈静").get(f"{address}/file").status_code == 404


def test_who_may_no_longer_see_the_meeting_gets_no_paper_of_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    monkeypatch.setattr(rules, "AT_ONCE_ITEMS", 0)
    browser = office.browser("周宁")
    address = browser.get(f"/meetings/{meeting_id}/papers/outline.docx").location
    with office.app.app_context(), writing():
        person = db.session.query(Person).filter_by(name="周宁").one()
        db.session.query(Grant).filter_by(person_id=person.id).delete()
    assert do_tasks(office.app) == {"done": 0, "refused": 1}
    assert browser.get(f"{address}/file").status_code in (403, 404)


def test_a_paper_that_was_tidied_away_is_said_to_be_gone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting_id, browser = office.call(), office.browser("陈静")
    office.freeze(meeting_id)
    monkeypatch.setattr(rules, "AT_ONCE_ITEMS", 0)
    address = browser.get(f"/meetings/{meeting_id}/papers/outline.docx").location
    do_tasks(office.app)
    with office.app.app_context():
        for path in files.folder().rglob("*"):
            if path.is_file():
                path.unlink()
    answer = browser.get(f"{address}/file")
    assert answer.status_code == 404
    assert "请重新下载" in re.sub(r"<[^>]+>", "", answer.text)
