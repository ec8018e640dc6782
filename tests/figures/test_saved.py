"""Questions kept under a name: one's own, and those the office shares with everybody."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from factories import a_unit, an_account, an_issued_item, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import Role
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.figures.models import SavedQuestion
from tracker.figures.questions import SAVED_MAX
from tracker.org.models import Person


@pytest.fixture
def app_with_people(empty_app: Flask) -> Iterator[Flask]:
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False):
        with empty_app.app_context(), writing():
            root, unit = a_unit("市直机关工委"), a_unit("组织部")
            an_account("陈静", Role.OFFICE, root)
            an_account("王主任", Role.OFFICE, root)
            an_account("周宁", Role.LIAISON, unit)
            an_issued_item(lead_unit=unit)
        yield empty_app


def signed_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.query(Person).filter_by(name=name).one())
    return client


def save(client: FlaskClient, name: str, conditions: str = "by=leader", status: int = 303) -> str:
    answer = client.post("/figures/saved", data={"name": name, "conditions": conditions})
    assert answer.status_code == status
    return answer.text


def place(app: Flask, name: str = "按领导看") -> str:
    """The address of a kept question."""
    with app.app_context():
        return f"/figures/saved/{db.session.query(SavedQuestion).filter_by(name=name).one().id}"


def kept(app: Flask) -> list[tuple[str, str, bool]]:
    with app.app_context():
        rows = db.session.query(SavedQuestion).order_by(SavedQuestion.id)
        return [(row.name, row.conditions, row.is_shared) for row in rows]


def acts(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.query(AuditEntry).order_by(AuditEntry.id)
        return [row.action for row in rows if row.action.startswith("question.")]


def test_a_kept_question_opens_as_of_today_whatever_today_is(app_with_people: Flask) -> None:
    office = signed_in(app_with_people, "陈静")
    save(office, "按领导看", "by=leader&as_of=&kind=problem")
    assert kept(app_with_people) == [("按领导看", "kind=problem&by=leader", False)]
    with time_machine.travel("2026-09-01T10:00:00+08:00", tick=False):
        office = signed_in(app_with_people, "陈静")
        answer = office.get(place(app_with_people))
        assert answer.headers["Location"] == "/figures?kind=problem&by=leader"
        assert "截至2026年9月1日" in office.get(answer.headers["Location"]).text
    assert "按领导看" in signed_in(app_with_people, "陈静").get("/figures").text


def test_a_named_day_stays_that_day(app_with_people: Flask) -> None:
    save(signed_in(app_with_people, "陈静"), "七月", "as_of=7月16日")
    assert kept(app_with_people)[0][1] == "as_of=2026-07-16&by=unit"


def test_a_second_press_keeps_it_once_and_another_question_needs_another_name(app_with_people: Flask) -> None:
    office = signed_in(app_with_people, "陈静")
    save(office, "按领导看")
    save(office, "按领导看")
    assert "已有一个查询叫" in save(office, "按领导看", "by=source", 409)
    assert len(kept(app_with_people)) == 1
    assert acts(app_with_people) == ["question.save"]


@pytest.mark.parametrize(
    ("name", "conditions"),
    [
        ("", "by=unit"),
        ("长" * 41, "by=unit"),
        ("好", "by=weather"),
        ("好", "as_of=2026-08-01"),
        ("好", "source=" + "9" * 1001),
    ],
)
def test_what_cannot_be_kept_is_refused(app_with_people: Flask, name: str, conditions: str) -> None:
    save(signed_in(app_with_people, "陈静"), name, conditions, 422)
    assert kept(app_with_people) == []


def test_nobody_keeps_more_than_the_limit(app_with_people: Flask) -> None:
    office = signed_in(app_with_people, "陈静")
    with app_with_people.app_context(), writing():
        owner = db.session.query(Person).filter_by(name="陈静").one()
        for number in range(SAVED_MAX):
            db.session.add(SavedQuestion(owner_id=owner.id, name=f"第{number}个", conditions="by=unit"))
    assert "每人最多保存30个" in save(office, "再来一个", "by=leader", 422)


def test_a_shared_question_is_opened_by_everybody_and_changed_by_its_owner_alone(app_with_people: Flask) -> None:
    office, liaison = signed_in(app_with_people, "陈静"), signed_in(app_with_people, "周宁")
    save(office, "按领导看")
    at = place(app_with_people)
    assert liaison.get(at).status_code == 404
    assert office.post(f"{at}/share").status_code == 303
    assert liaison.get(at).status_code == 302
    assert "按领导看" in liaison.get("/figures").text
    for address in ("remove", "name", "unshare"):
        answer = liaison.post(f"{at}/{address}", data={"name": "我的", "version": "1"})
        assert answer.status_code == 403, address
    assert signed_in(app_with_people, "王主任").post(f"{at}/unshare").status_code == 303
    assert liaison.get(at).status_code == 404
    assert acts(app_with_people) == ["question.save", "question.share", "question.unshare"]


def test_whoever_is_not_of_the_office_shares_nothing(app_with_people: Flask) -> None:
    liaison = signed_in(app_with_people, "周宁")
    save(liaison, "我的单位")
    assert liaison.post(f"{place(app_with_people, '我的单位')}/share").status_code == 403
    assert "停止共享" not in liaison.get("/figures/saved").text
    assert kept(app_with_people)[0][2] is False


def test_a_name_is_changed_once_and_a_stale_page_is_refused_with_both_names(app_with_people: Flask) -> None:
    office = signed_in(app_with_people, "陈静")
    save(office, "按领导看")
    at = place(app_with_people)
    version = re.search(r'name="version"[^>]*value="(\d+)"', office.get(f"{at}/name").text)
    assert version
    sent = {"name": "领导包案", "version": version[1]}
    assert office.post(f"{at}/name", data=sent).status_code == 303
    answer = office.post(f"{at}/name", data={"name": "另一个", "version": version[1]})
    assert answer.status_code == 409
    assert "领导包案" in answer.text
    assert "另一个" in answer.text


def test_a_removed_question_is_gone_and_the_trail_tells_of_it(app_with_people: Flask) -> None:
    office = signed_in(app_with_people, "陈静")
    save(office, "按领导看")
    at = place(app_with_people)
    assert office.post(f"{at}/remove").status_code == 303
    assert office.post(f"{at}/remove").status_code == 404
    assert "还没有保存的查询" in office.get("/figures/saved").text
    assert acts(app_with_people) == ["question.save", "question.remove"]
