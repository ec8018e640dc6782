"""The pages of the calendar: read by everybody, corrected by an administrator."""

import pytest
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.org.models import Person


def signed_in(client: FlaskClient, role: Role) -> Person:
    with client.application.app_context(), writing():
        person = an_account("李强", role, a_unit("市直机关工委"))
    sign_in(client, person)
    return person


@pytest.fixture
def administrator(client: FlaskClient) -> Person:
    return signed_in(client, Role.ADMINISTRATOR)


@pytest.mark.usefixtures("administrator")
def test_a_year_shows_twelve_months_with_holidays_and_made_up_days_by_name(client: FlaskClient) -> None:
    page = client.get("/workdays/2026").text
    assert page.count('class="card-plain month"') == 12
    for words in ("10月1日至7日 国庆节 休息", "10月10日 国庆节 上班", "2月14日 春节 上班", "2月15日至23日 春节 休息"):
        assert words in page
    assert "尚未公布" not in page


@pytest.mark.usefixtures("administrator")
def test_a_year_not_published_says_so(client: FlaskClient) -> None:
    assert "2028年放假安排尚未公布，目前只按周末计算" in client.get("/workdays/2028").text


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(
    "address",
    ["/workdays/2003", "/workdays/9999", "/workdays/99999999999", "/workdays/days/x", "/workdays/days/1999-01-01"],
)
def test_what_the_calendar_does_not_hold_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("administrator")
def test_working_days_are_reckoned_and_the_way_is_told(client: FlaskClient) -> None:
    page = client.get("/workdays/2026?since=20260930&days=3").text
    assert "2026年10月10日星期六" in page
    assert "3个工作日：跳过10月1日至7日，10月10日上班" in page


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(
    "query", ["since=x&days=3", "since=20260930&days=0", "since=20260930&days=x", "since=20990101&days=3"]
)
def test_what_cannot_be_reckoned_is_told_at_its_field(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/workdays/2026?{query}")
    assert answer.status_code == 422
    assert 'class="field has-error"' in answer.text


@pytest.mark.usefixtures("administrator")
def test_a_day_is_corrected_with_a_reason_and_shows_it(client: FlaskClient) -> None:
    typed = {"kind": "off", "name": "校庆", "reason": "市委办〔2026〕9号", "version": "1"}
    assert client.post("/workdays/days/2026-11-18", data={**typed, "reason": ""}).status_code == 422
    assert client.post("/workdays/days/2026-11-18", data=typed).headers["Location"] == "/workdays/2026"
    assert "11月18日 校庆 休息" in client.get("/workdays/2026").text
    assert "已由管理员修改：市委办〔2026〕9号" in client.get("/workdays/days/2026-11-18").text
    late = client.post("/workdays/days/2026-11-18", data={**typed, "name": "别的"})
    assert (late.status_code, "别的" in late.text) == (409, True)
    again = client.post("/workdays/days/2026-11-18", data={**typed, "version": "2"})
    assert again.status_code == 303, "said twice, it stands once"


def test_everybody_reads_the_calendar_and_nobody_else_corrects_it(empty_app: Flask, client: FlaskClient) -> None:
    signed_in(client, Role.LIAISON)
    page = client.get("/workdays")
    assert (page.status_code, "/workdays/days/" in page.text) == (200, False)
    assert client.get("/workdays/days/2026-10-01").status_code == 403
    assert client.post("/workdays/days/2026-10-01", data={"kind": "worked", "reason": "x"}).status_code == 403


@pytest.mark.usefixtures("administrator")
def test_a_year_and_a_reckoning_take_few_queries(empty_app: Flask, client: FlaskClient) -> None:
    asked: list[str] = []
    with empty_app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    client.get("/workdays/2026?since=20260930&days=200")
    assert sum("calendar_day" in each for each in asked) == 3
