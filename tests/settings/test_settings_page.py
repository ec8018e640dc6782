"""Everything an office sets, on one page: all of it is stored, or none."""

import re

import pytest
from factories import a_unit, actor_of, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import SYSTEM, Role
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Forbidden, Stale
from tracker.settings import operations
from tracker.settings.queries import Settings, load
from tracker.settings.rules import GROUPS, SETTINGS, Kind


@pytest.fixture
def browser(client: FlaskClient) -> FlaskClient:
    """A browser in which an administrator is signed in."""
    with client.application.app_context(), writing():
        administrator = an_account("李强", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    sign_in(client, administrator)
    return client


def stored(app: Flask) -> Settings:
    with app.app_context():
        return load(db.session())


def typed(app: Flask, **changed: str) -> dict[str, str]:
    """The whole form as it is sent when only these are changed; ``__`` stands for the dot."""
    settings = stored(app)
    form = {
        key: "" if each.kind is Kind.SECRET else str(settings[key])
        for key, each in SETTINGS.items()
        # A browser sends a switch only when it is on.
        if each.kind is not Kind.SWITCH or settings[key]
    }
    return {**form, "seen": settings.fingerprint, **{key.replace("__", "."): text for key, text in changed.items()}}


def test_every_setting_stands_on_the_page_with_its_group(browser: FlaskClient) -> None:
    page = browser.get("/settings").text
    for key, each in SETTINGS.items():
        assert f'name="{key}"' in page, key
        assert str(each.label) in page
    for title in GROUPS.values():
        assert str(title) in page


def test_what_was_typed_is_stored_and_only_changes_reach_the_trail(browser: FlaskClient) -> None:
    app = browser.application
    answer = browser.post("/settings", data=typed(app, organ__short_name="市直工委", rules__at_once_days="20"))
    assert answer.status_code == 303
    assert stored(app)["organ.short_name"] == "市直工委"
    assert stored(app)["rules.at_once_days"] == 20
    with app.app_context():
        acts = db.session.query(AuditEntry).filter(AuditEntry.action == "change_setting")
        assert {entry.subject for entry in acts} == {"organ.short_name", "rules.at_once_days"}


def test_one_wrong_value_stores_nothing_and_is_told_at_its_field(browser: FlaskClient) -> None:
    app = browser.application
    changed = {"organ__name": "新名称", "rules__rate_decimals": "3", "mail__security": "ssl", "mail__sender": "nobody"}
    answer = browser.post("/settings", data=typed(app, **changed))
    assert answer.status_code == 422
    for key in ("rules.rate_decimals", "mail.security", "mail.sender"):
        assert f'id="{key}-error"' in answer.text
    assert 'value="新名称"' in answer.text
    assert stored(app)["organ.name"] == ""


@pytest.mark.parametrize(
    ("key", "wrong", "right"),
    [
        ("mail.host", "smtp..x.cn", "政务邮件.cn"),
        ("mail.user", "整改办", "zgb@organ.example"),
        ("mail.password", "ｓｅｃｒｅｔ", "s3cret word!"),
    ],
)
def test_what_no_mail_server_can_be_told_is_refused(browser: FlaskClient, key: str, wrong: str, right: str) -> None:
    app = browser.application
    answer = browser.post("/settings", data=typed(app, **{key: wrong}))
    assert (answer.status_code, f'id="{key}-error"' in answer.text) == (422, True)
    assert browser.post("/settings", data=typed(app, **{key: right})).status_code == 303
    assert stored(app)[key] == right


def test_a_secret_is_never_shown_and_stays_when_its_field_is_left_empty(browser: FlaskClient) -> None:
    app = browser.application
    assert browser.post("/settings", data=typed(app, mail__password="s3cret-word")).status_code == 303
    page = browser.get("/settings").text
    assert "s3cret-word" not in page
    assert "已设置，不显示" in page
    browser.post("/settings", data=typed(app, mail__host="10.0.0.1"))
    assert stored(app)["mail.password"] == "s3cret-word"
    with app.app_context():
        assert not [entry for entry in db.session.query(AuditEntry) if "s3cret-word" in entry.text]
    wrong = browser.post("/settings", data=typed(app, mail__password="an0ther", mail__port="0"))
    assert wrong.status_code == 422
    assert "an0ther" not in wrong.text


def test_a_page_opened_before_somebody_else_saved_is_refused_with_both_texts(browser: FlaskClient) -> None:
    app = browser.application
    old = typed(app, organ__short_name="甲")
    assert browser.post("/settings", data=typed(app, organ__short_name="乙")).status_code == 303
    answer = browser.post("/settings", data=old)
    assert answer.status_code == 409
    assert re.search("甲.*乙", answer.text, re.DOTALL)
    assert stored(app)["organ.short_name"] == "乙"


def test_a_script_that_saw_nothing_is_not_checked_for_it(app: Flask) -> None:
    with writing():
        operations.change({"rules.at_once_days": "20"}, actor=SYSTEM)
        with pytest.raises(Stale):
            operations.change({"rules.at_once_days": "30"}, actor=SYSTEM, seen="other")
        with pytest.raises(DomainError):
            operations.change({"rules.at_once_days": "x"}, actor=SYSTEM)
    assert load(db.session())["rules.at_once_days"] == 20


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_changes_settings(client: FlaskClient, role: Role) -> None:
    app = client.application
    with app.app_context(), writing():
        person = an_account("王敏", role, a_unit("市直机关工委"))
        with pytest.raises(Forbidden):
            operations.change({"rules.at_once_days": "20"}, actor=actor_of(person))
    sign_in(client, person)
    assert client.get("/settings").status_code == 403
    assert client.post("/settings", data={}).status_code == 403
