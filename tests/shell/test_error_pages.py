"""What a refusal or a failure shows, and what it keeps to itself."""

import pytest
from factories import a_unit, an_account, sign_in
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tracker.access.rules import Role
from tracker.core.db import db, writing


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
