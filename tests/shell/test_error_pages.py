"""What a refusal or a failure shows, and what it keeps to itself."""

from unittest import mock

import pytest
from factories import a_unit, an_account, an_issued_item, sign_in
from flask import Flask
from psycopg.errors import FeatureNotSupported, ReadOnlySqlTransaction
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InternalError, NotSupportedError

from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.progress import operations as progress


def test_a_refused_form_shows_what_was_typed_but_no_password(empty_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_app.app_context(), writing():
        administrator = an_account("钱进", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    client = empty_app.test_client()
    sign_in(client, administrator)
    monkeypatch.setitem(empty_app.config, "WTF_CSRF_ENABLED", True)
    answer = client.post("/settings", data={"mail.host": "mail.example", "mail.password": "quite secret"})
    assert answer.status_code == 400
    assert "mail.example" in answer.text
    assert "quite secret" not in answer.text


def test_the_way_back_names_no_host_however_the_request_spells_it(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        person = an_account("王敏", None, a_unit())
    client = empty_app.test_client()
    sign_in(client, person)
    headers = {"Host": "evil.example", "Referer": "http://evil.example/items?list=tasks"}
    with client.session_transaction(base_url="http://evil.example") as session:
        assert person.account is not None
        session["_user_id"] = f"{person.id}:{person.account.session_key}"
    page = client.get("/nowhere", headers=headers).text
    assert "evil.example" not in page
    assert 'href="/items?list=tasks"' in page


def test_what_was_typed_stays_out_of_the_words_of_a_database_error(app: Flask) -> None:
    with pytest.raises(DBAPIError) as caught:
        db.session.execute(text("SELECT :typed FROM nowhere"), {"typed": "quite secret"})
    assert "quite secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotSupportedError("BEGIN", {}, FeatureNotSupported("during recovery")), 503, "数据库暂时无法访问"),
        # Of a standby nothing is written outside of `writing`; where that happens it is a fault of the program.
        (InternalError("INSERT", {}, ReadOnlySqlTransaction("read-only")), 500, "系统出错了"),
    ],
    ids=["a standby", "a fault"],
)
def test_a_standby_is_a_database_that_is_away_and_no_fault_of_the_program(
    error: Exception, status: int, words: str, empty_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(empty_app.config, "PROPAGATE_EXCEPTIONS", False)
    with empty_app.app_context(), writing():
        an_account("王敏", Role.OFFICE, a_unit("市直机关工委"))
    typed = {"login": "wangmin", "password": "a quiet harbour"}
    with mock.patch("tracker.org.queries.find_account", side_effect=error):
        answer = empty_app.test_client().post("/sign-in", data=typed)
    assert (answer.status_code, words in answer.text) == (status, True)


def test_a_part_of_an_open_page_is_answered_in_its_place_never_by_a_page_within_the_page(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        person = an_account("王敏", Role.OFFICE, a_unit("市直机关工委"))
    client, stranger, asked = empty_app.test_client(), empty_app.test_client(), {"HX-Request": "true"}
    sign_in(client, person)
    answers = [
        (client.get("/figures/boxes/gone", headers=asked), 404, "没有找到"),
        (stranger.get("/figures/boxes/trend", headers=asked), 401, "请刷新本页重新登录"),
        (stranger.post("/items/likely", data={"finding": "第一议题"}, headers=asked), 401, "还在本页"),
    ]
    for answer, status, words in answers:
        assert answer.status_code == status
        assert words in answer.text
        assert "<html" not in answer.text
        assert "<form" not in answer.text


def test_a_conflict_gives_back_all_that_was_typed(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        office = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        item = an_issued_item(lead_unit=a_unit())
        measure = progress.add_measures(item, ["修订制度"], actor=SYSTEM, owner_id=None, due_on=None)[0]
        address = f"/items/{item.number}/measures/{measure.id}"
    client = empty_app.test_client()
    sign_in(client, office)
    sent = {"version": "0", "text": "修订学习制度", "owner": "孙浩", "due_on": "2026-05-06", "is_ticked": "y"}
    answer = client.post(address, data=sent)
    assert answer.status_code == 409
    for typed in ("修订学习制度", "孙浩", "2026-05-06"):
        assert answer.text.count(f">{typed}</textarea>") == 1
    assert "is_ticked" not in answer.text, "a tick is no text to copy, and its name no word"
