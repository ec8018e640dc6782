"""The page of reminder rules."""

import pytest
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.org.models import Person
from tracker.reminders import operations, queries


@pytest.fixture
def administrator(empty_app: Flask, client: FlaskClient) -> Person:
    with empty_app.app_context():
        with writing():
            person = an_account("管理员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
            operations.ensure_default_rules()
        sign_in(client, person)
    return person


def stored(app: Flask, key: str) -> tuple[bool, int, int]:
    with app.app_context():
        rule = queries.get_rule(db.session(), key)
        return rule.is_active, rule.days, rule.version


@pytest.mark.usefixtures("administrator")
def test_the_rules_are_told_in_words(client: FlaskClient) -> None:
    page = client.get("/reminder-rules").text
    for words in (
        "到期前 20 天",
        "到期当日",
        "逾期第 1 天起，每 7 天",
        "下发 3 天未签收",
        "责任人、经办人、联络员、单位负责人",
    ):
        assert words in page


@pytest.mark.usefixtures("administrator")
def test_a_rule_is_switched_off_and_its_days_changed(empty_app: Flask, client: FlaskClient) -> None:
    page = client.get("/reminder-rules/before-20").text
    assert 'value="20"' in page
    answer = client.post("/reminder-rules/before-20", data={"days": "15", "counts": "working", "version": "1"})
    assert answer.status_code == 303
    assert stored(empty_app, "before-20")[:2] == (False, 15)
    assert "到期前 15 个工作日" in client.get("/reminder-rules").text


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(
    ("key", "days"), [("before-20", "0"), ("before-20", "400"), ("before-20", "x"), ("on-due", "1")]
)
def test_days_without_a_meaning_are_refused_at_the_field(
    empty_app: Flask, client: FlaskClient, key: str, days: str
) -> None:
    before = stored(empty_app, key)
    answer = client.post(
        f"/reminder-rules/{key}", data={"is_active": "y", "days": days, "counts": "natural", "version": "1"}
    )
    assert (answer.status_code, 'id="days-error"' in answer.text) == (422, True)
    assert stored(empty_app, key) == before


@pytest.mark.usefixtures("administrator")
def test_a_save_over_somebody_else_s_is_a_conflict_that_keeps_what_was_typed(client: FlaskClient) -> None:
    client.post("/reminder-rules/before-20", data={"is_active": "y", "days": "15", "counts": "natural", "version": "1"})
    answer = client.post(
        "/reminder-rules/before-20", data={"is_active": "y", "days": "18", "counts": "natural", "version": "1"}
    )
    assert answer.status_code == 409
    assert "18" in answer.text


@pytest.mark.usefixtures("administrator")
def test_an_unknown_rule_is_not_found(client: FlaskClient) -> None:
    assert client.get("/reminder-rules/never").status_code == 404


def test_the_rules_are_the_administrator_s_alone(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context():
        with writing():
            person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        sign_in(client, person)
    assert client.get("/reminder-rules").status_code == 403


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(("days", "counts", "field"), [("241", "working", "days"), ("20", "lunar", "counts")])
def test_working_days_are_bounded_and_other_days_unknown(
    empty_app: Flask, client: FlaskClient, days: str, counts: str, field: str
) -> None:
    before = stored(empty_app, "before-20")
    data = {"is_active": "y", "days": days, "counts": counts, "version": "1"}
    answer = client.post("/reminder-rules/before-20", data=data)
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    assert stored(empty_app, "before-20") == before
