"""Signing in, one-time codes and passwords as a browser meets them."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.org import operations, passwords, queries
from tracker.org.models import Account, Person
from tracker.settings.operations import put

PASSWORD = "correct horse battery"
NOON = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)


@pytest.fixture
def person(empty_app: Flask) -> Person:
    """A liaison called wang, with a password."""
    with empty_app.app_context(), writing():
        person = an_account("王敏", Role.LIAISON, a_unit())
        assert person.account is not None
        person.account.login, person.account.password_hash = "wang", passwords.hash_password(PASSWORD)
    return person


def enter(client: FlaskClient, login: str = "wang", password: str = PASSWORD, address: str = "/sign-in") -> Any:
    return client.post(address, data={"login": login, "password": password})


def is_in(client: FlaskClient) -> bool:
    return client.get("/account/password").status_code == 200


def test_the_right_password_leads_to_the_page_that_was_asked_for(client: FlaskClient, person: Person) -> None:
    asked = client.get("/account/password?from=mail")
    assert asked.location.endswith("/sign-in?next=/account/password?from%3Dmail")
    answer = enter(client, " WANG ", address=asked.location)
    assert (answer.status_code, answer.location) == (303, "/account/password?from=mail")
    assert is_in(client)
    assert client.get("/sign-in").status_code == 303


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil",
        "",
    ],
)
def test_signing_in_never_leads_to_another_site(client: FlaskClient, person: Person, address: str) -> None:
    answer = client.post("/sign-in", query_string={"next": address}, data={"login": "wang", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")


def test_the_page_warns_of_secrets_and_keeps_the_name_but_not_the_password(client: FlaskClient, person: Person) -> None:
    assert "涉密信息不得录入" in client.get("/sign-in").text
    answer = enter(client, password="not the password")
    assert answer.status_code == 422
    assert "账号或密码不对" in answer.text
    assert 'value="wang"' in answer.text
    assert "not the password" not in answer.text


def test_an_unknown_name_costs_a_hash_like_any_other_and_outside_any_transaction(
    client: FlaskClient, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[bool] = []

    def matches(password: str, stored_hash: str) -> bool:
        assert not db.session().in_transaction()
        verified.append(bool(stored_hash))
        return False

    monkeypatch.setattr(passwords, "matches", matches)
    # The token against forged posts carries the second it was made in.
    with time_machine.travel(NOON, tick=False):
        answers = [enter(client, login).text for login in ("wang", "nobody")]
    assert verified == [True, False]
    assert answers[0].replace("wang", "nobody") == answers[1]


def test_after_five_wrong_tries_the_page_says_until_when_it_is_locked(client: FlaskClient, person: Person) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            answer = enter(client, password="wrong wrong wrong")
        assert "12:15" in answer.text
        assert "12:15" in enter(client).text
    with time_machine.travel(NOON + timedelta(minutes=15), tick=False):
        assert enter(client).status_code == 303


def test_signing_in_begins_a_new_session_and_keeps_only_the_language(client: FlaskClient, person: Person) -> None:
    with client.session_transaction() as session:
        session["language"], session["planted"] = "en", "by somebody else"
    enter(client)
    with client.session_transaction() as session:
        assert session["language"] == "en"
        assert "planted" not in session


def test_a_copied_cookie_is_worth_nothing_after_signing_out(client: FlaskClient, person: Person) -> None:
    enter(client)
    thief = client.application.test_client()
    with client.session_transaction() as mine, thief.session_transaction() as theirs:
        theirs.update(mine)
    assert is_in(thief)
    assert client.post("/sign-out").location == "/sign-in"
    assert not is_in(client)
    assert not is_in(thief)


def test_signing_out_needs_a_post(client: FlaskClient, person: Person) -> None:
    enter(client)
    assert client.get("/sign-out").status_code == 405
    assert is_in(client)


def test_an_idle_session_ends_and_the_page_says_why(client: FlaskClient, person: Person) -> None:
    with time_machine.travel(NOON, tick=False):
        enter(client)
    with time_machine.travel(NOON + timedelta(minutes=29), tick=False):
        assert is_in(client)
    with time_machine.travel(NOON + timedelta(minutes=58), tick=False):
        assert is_in(client)
    with time_machine.travel(NOON + timedelta(minutes=88), tick=False):
        assert not is_in(client)
        assert "超过 30 分钟没有操作" in client.get("/sign-in").text


def test_how_long_a_session_may_be_idle_is_a_setting(client: FlaskClient, person: Person) -> None:
    with client.application.app_context(), writing():
        put({"security.idle_minutes": 5}, actor=SYSTEM)
    with time_machine.travel(NOON, tick=False):
        enter(client)
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        assert not is_in(client)


def test_a_deactivated_person_is_out_with_the_next_click(client: FlaskClient, person: Person) -> None:
    enter(client)
    with client.application.app_context(), writing():
        operations.deactivate(queries.get_person(db.session(), person.id), actor=SYSTEM)
    assert not is_in(client)
    assert "账号或密码不对" in enter(client).text


def issue_code(app: Flask, person: Person) -> str:
    code = passwords.new_code()
    with app.app_context():
        code_hash = passwords.hash_password(code)
        with writing():
            operations.issue_code(queries.get_person(db.session(), person.id), code_hash=code_hash, actor=SYSTEM)
    return code


def test_a_code_leads_to_a_password_of_ones_own(client: FlaskClient, person: Person) -> None:
    code = issue_code(client.application, person)
    answer = client.post("/sign-in/code", data={"login": "wang", "code": f" {code[:5].lower()}-{code[5:]}"})
    assert (answer.status_code, answer.location) == (303, "/sign-in/password")
    assert not is_in(client)
    for new, repeated, words in (
        ("short", "short", "至少 10 个字符"),
        ("long enough 1", "long enough 2", "两遍不一样"),
    ):
        answer = client.post("/sign-in/password", data={"new_password": new, "repeated": repeated})
        assert answer.status_code == 422
        assert words in answer.text
    answer = client.post("/sign-in/password", data={"new_password": "long enough 1", "repeated": "long enough 1"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(client)
    assert enter(client.application.test_client(), password="long enough 1").status_code == 303


def test_a_password_page_without_a_code_leads_back_to_it(client: FlaskClient, person: Person) -> None:
    assert client.get("/sign-in/password").location == "/sign-in/code"


def test_wrong_codes_lock_like_wrong_passwords(client: FlaskClient, person: Person) -> None:
    code = issue_code(client.application, person)
    for _ in range(4):
        answer = client.post("/sign-in/code", data={"login": "wang", "code": "AAAAA-AAAAA"})
        assert "已锁定" not in answer.text
    assert "已锁定" in enter(client, password="wrong wrong").text
    assert "已锁定" in client.post("/sign-in/code", data={"login": "wang", "code": code}).text


def test_a_code_that_was_replaced_while_typing_sets_no_password(client: FlaskClient, person: Person) -> None:
    code = issue_code(client.application, person)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=5)):
        client.post("/sign-in/code", data={"login": "wang", "code": code})
        issue_code(client.application, person)
        answer = client.post("/sign-in/password", data={"new_password": "long enough 1", "repeated": "long enough 1"})
    assert answer.status_code == 422
    assert "口令已失效" in answer.text


def test_a_changed_password_keeps_this_session_and_ends_the_others(client: FlaskClient, person: Person) -> None:
    other = client.application.test_client()
    enter(client)
    enter(other)
    data = {"password": PASSWORD, "new_password": "another password", "repeated": "another password"}
    assert "现在的密码不对" in client.post("/account/password", data=data | {"password": "wrong wrong"}).text
    assert is_in(other)
    assert client.post("/account/password", data=data).status_code == 303
    assert is_in(client)
    assert not is_in(other)
    assert enter(other).status_code == 422


def test_a_form_from_another_site_signs_nobody_in(client: FlaskClient, person: Person) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    try:
        assert enter(client).status_code == 400
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
        assert token
        data = {"login": "wang", "password": PASSWORD, "csrf_token": token[1]}
        assert client.post("/sign-in", data=data).status_code == 303
    finally:
        client.application.config["WTF_CSRF_ENABLED"] = False


def test_a_stranger_can_send_a_form_but_no_flood(client: FlaskClient, person: Person) -> None:
    flood = {"file": (BytesIO(bytes(17 << 20)), "x")}
    assert client.post("/sign-in", data=flood).status_code == 413
    assert enter(client).status_code == 303


def test_no_stored_secret_reaches_a_page(client: FlaskClient, person: Person) -> None:
    with client.application.app_context(), writing():
        administrator = an_account("李强", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    sign_in(client, administrator)
    page = client.get(f"/people/{person.id}").text
    with client.application.app_context():
        account = db.session.get_one(Account, person.id)
        assert account.session_key not in page
    assert "argon2" not in page
