"""A form sent after the session had ended from idleness: nothing typed is lost, and nothing is sent by itself."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from factories import a_unit, a_working_item, an_account
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.org import passwords
from tracker.progress.models import Entry

PASSWORD = "correct horse battery"
NOON = datetime(2026, 8, 3, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=31)
TEXT = "已召开专题会议。\n形成纪要“一份”<b>"


@pytest.fixture
def number(empty_app: Flask) -> str:
    """An item of 组织部, whose liaison wang and liaison li both know their password."""
    with empty_app.app_context(), writing(), time_machine.travel(NOON - timedelta(days=1)):
        unit = a_unit()
        people = [an_account(name, Role.LIAISON, unit) for name in ("王敏", "李磊")]
        for person, login in zip(people, ("wang", "li"), strict=True):
            assert person.account is not None
            person.account.login, person.account.password_hash = login, passwords.hash_password(PASSWORD)
        return a_working_item(people[0], lead_unit=unit).number


@pytest.fixture
def guarded(client: FlaskClient, number: str, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The liaison's browser, with the form of an entry open since noon."""
    monkeypatch.setitem(client.application.config, "WTF_CSRF_ENABLED", True)
    with time_machine.travel(NOON, tick=False):
        enter(client, "wang", client.get("/sign-in").text)
    return client


def fields(page: str) -> dict[str, str]:
    inputs = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.partition("<main")[2])
    return {unescape(name(each, "name")): unescape(name(each, "value")) for each in inputs}


def name(tag: str, attribute: str) -> str:
    found = re.search(rf'\b{attribute}="([^"]*)"', tag)
    return found[1] if found else ""


def enter(client: FlaskClient, login: str, page: str, password: str = PASSWORD) -> Any:
    return client.post("/sign-in", data=fields(page) | {"login": login, "password": password})


def send_late(client: FlaskClient, number: str) -> Any:
    address = f"/items/{number}/entries/new"
    with time_machine.travel(NOON, tick=False):
        token = fields(client.get(address).text)["csrf_token"]
    with time_machine.travel(LATER, tick=False):
        return client.post(address, data={"csrf_token": token, "text": TEXT, "password": "never kept"})


def entries(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Entry).count()


def test_what_was_typed_comes_back_after_signing_in_and_is_saved_by_one_press(
    guarded: FlaskClient, number: str
) -> None:
    answer = send_late(guarded, number)
    assert answer.status_code == 401
    assert "超过 30 分钟没有操作" in answer.text
    assert "没有丢失" in answer.text
    with time_machine.travel(LATER, tick=False):
        wrong = enter(guarded, "wang", answer.text, "not the password")
        assert wrong.status_code == 422
        page = enter(guarded, "wang", wrong.text)
        assert page.status_code == 200
        assert "never kept" not in page.text
        assert entries(guarded.application) == 0
        again = fields(page.text)
        assert again["text"] == TEXT
        assert f'action="/items/{number}/entries/new"' in unescape(page.text)
        assert guarded.post(f"/items/{number}/entries/new", data=again).status_code == 303
    assert entries(guarded.application) == 1


def test_another_person_who_signs_in_there_gets_nothing_of_it(guarded: FlaskClient, number: str) -> None:
    answer = send_late(guarded, number)
    with time_machine.travel(LATER, tick=False):
        other = enter(guarded, "li", answer.text)
    assert (other.status_code, other.location) == (303, "/")


def test_what_was_kept_can_neither_be_changed_nor_kept_for_ever(guarded: FlaskClient, number: str) -> None:
    answer = send_late(guarded, number)
    with time_machine.travel(LATER, tick=False):
        page = re.sub(r'(name="kept"[^>]*value=")(....)', r"\1AAAA", answer.text)
        assert page != answer.text
        assert enter(guarded, "wang", page).status_code == 303
    with time_machine.travel(LATER + timedelta(hours=13), tick=False):
        fresh = guarded.application.test_client()
        data = fields(fresh.get("/sign-in").text) | {"kept": fields(answer.text)["kept"]}
        assert fresh.post("/sign-in", data=data | {"login": "wang", "password": PASSWORD}).status_code == 303


def test_a_stranger_s_post_and_an_empty_one_are_only_led_to_the_sign_in_page(guarded: FlaskClient, number: str) -> None:
    guarded.application.config["WTF_CSRF_ENABLED"] = False
    stranger = guarded.application.test_client().post(f"/items/{number}/entries/new", data={"text": TEXT})
    assert (stranger.status_code, stranger.location) == (303, "/sign-in")
    with time_machine.travel(LATER, tick=False):
        assert guarded.post("/messages/read", data={}).status_code == 303
