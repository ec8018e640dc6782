"""Units and people as an administrator manages them."""

import re
from typing import Any

import pytest
from factories import a_person, a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.org import queries
from tracker.org.models import Person


@pytest.fixture
def browser(client: FlaskClient) -> FlaskClient:
    """A browser in which the administrator of the organ is signed in."""
    with client.application.app_context(), writing():
        administrator = an_account("李强", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    sign_in(client, administrator)
    return client


def made(app: Flask, name: str, unit: str = "组织部") -> int:
    """The id of a new plain name in a unit."""
    with app.app_context(), writing():
        return a_person(name, queries.find_units(db.session(), [unit]).get(unit) or a_unit(unit)).id


def stored(app: Flask, person_id: int) -> Person:
    with app.app_context():
        return db.session.scalars(queries.select_people().where(Person.id == person_id)).unique().one()


def test_a_unit_is_added_moved_shut_and_opened(browser: FlaskClient) -> None:
    app = browser.application
    for name, parent in (("组织部", "市直机关工委"), ("宣传部", "市直机关工委"), ("干部科", "宣传部")):
        assert browser.post("/units/new", data={"name": name, "parent": parent}).status_code == 303
    with app.app_context():
        unit = queries.find_units(db.session(), ["干部科"])["干部科"]
    address = f"/units/{unit.id}"
    page = browser.get(f"{address}/edit").text
    assert "市直机关工委/宣传部" in page
    data = {"name": "干部一科", "parent": "组织部", "position": "3", "version": str(unit.version)}
    assert browser.post(f"{address}/edit", data=data).status_code == 303
    assert "干部一科" in browser.get("/units").text
    stale = browser.post(f"{address}/edit", data=data | {"name": "干部二科"})
    assert stale.status_code == 409
    assert "干部二科" in stale.text
    assert browser.post(f"{address}/shut").status_code == 303
    assert "已停用" in browser.get("/units").text
    assert browser.post(f"{address}/reopen").status_code == 303
    with app.app_context():
        assert queries.get_unit(db.session(), unit.id).path == "市直机关工委/组织部/干部一科"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "parent": "市直机关工委"}, "请填写此项"),
        ({"name": "组织部", "parent": "没有的单位"}, "没有找到“没有的单位”"),
        ({"name": "组织/部", "parent": "市直机关工委"}, "不能有“/”"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_at_its_field(browser: FlaskClient, data: dict[str, str], words: str) -> None:
    answer = browser.post("/units/new", data=data)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_person_is_added_and_found_by_pinyin(browser: FlaskClient) -> None:
    made(browser.application, "赵云")
    data = {"name": "王敏", "unit": "组织部", "title": "副部长", "mail": "wm@example.gov.cn", "phone": "12345"}
    answer = browser.post("/people/new", data=data)
    assert answer.status_code == 303
    assert "王敏" in browser.get(answer.location).text
    page = browser.get("/people?q=wm").text
    assert "王敏" in page
    assert "赵云" not in page
    assert "没有这个单位" in browser.get("/people?unit=某单位").text


def test_a_name_that_is_there_without_account_is_offered_for_binding(browser: FlaskClient) -> None:
    person_id = made(browser.application, "王敏")
    data = {"name": "王敏", "unit": "组织部"}
    asked = browser.post("/people/new", data=data)
    assert asked.status_code == 409
    assert f'/people/{person_id}#account"' in asked.text
    assert browser.post("/people/new", data=data | {"another": "1"}).status_code == 303


def test_an_account_is_opened_for_a_plain_name_and_its_code_is_shown_once(browser: FlaskClient) -> None:
    app = browser.application
    person_id = made(app, "王敏")
    opened = browser.post(f"/people/{person_id}/account", data={"login": "wang"})
    code = re.search(r'class="once">([^<]+)<', opened.text)
    assert code
    assert opened.headers["Cache-Control"] == "no-store"
    assert code[1] not in browser.get(f"/people/{person_id}").text
    answer = app.test_client().post("/sign-in/code", data={"login": "wang", "code": code[1]})
    assert answer.location == "/sign-in/password"
    assert stored(app, person_id).account.login == "wang"


def test_a_sign_in_name_that_is_taken_is_refused_at_its_field(browser: FlaskClient) -> None:
    first, second = made(browser.application, "王敏"), made(browser.application, "吴名")
    browser.post(f"/people/{first}/account", data={"login": "wm"})
    answer = browser.post(f"/people/{second}/account", data={"login": "wm"})
    assert answer.status_code == 422
    assert "已被别人使用" in answer.text


def test_roles_are_granted_with_a_warning_when_they_clash_and_taken_away(browser: FlaskClient) -> None:
    app = browser.application
    person_id = made(app, "王敏")
    for role in ("administrator", "office"):
        answer = browser.post(f"/people/{person_id}/roles", data={"role": role, "unit": "市直机关工委"})
        assert answer.status_code == 303
    assert "王敏同时是系统管理员和整改办" in browser.get(f"/people/{person_id}").text
    unit_id = stored(app, person_id).grants[0].unit_id
    assert browser.post(f"/people/{person_id}/roles/office/{unit_id}/revoke").status_code == 303
    assert [grant.role for grant in stored(app, person_id).grants] == [Role.ADMINISTRATOR]
    assert browser.post(f"/people/{person_id}/roles/king/{unit_id}/revoke").status_code == 404


def test_the_last_administrator_is_told_to_name_another_first(browser: FlaskClient) -> None:
    with browser.application.app_context():
        (last,) = queries.find_people(db.session(), ["李强"])["李强"]
    answer = browser.post(f"/people/{last.id}/deactivate")
    assert answer.status_code == 409
    assert "最后一名系统管理员" in answer.text


def test_an_account_is_shut_and_opened_again(browser: FlaskClient) -> None:
    app = browser.application
    person_id = made(app, "王敏")
    browser.post(f"/people/{person_id}/account", data={"login": "wang"})
    assert browser.post(f"/people/{person_id}/deactivate").status_code == 303
    assert "已停用" in browser.get(f"/people/{person_id}").text
    assert browser.post(f"/people/{person_id}/code").status_code == 409
    assert browser.post(f"/people/{person_id}/reactivate").status_code == 303
    assert "一次性口令" in browser.post(f"/people/{person_id}/code").text


def test_details_saved_by_two_at_once_show_both_texts(browser: FlaskClient) -> None:
    person_id = made(browser.application, "王敏")
    data = {"name": "王敏", "unit": "组织部", "title": "部长", "version": "1"}
    assert browser.post(f"/people/{person_id}/edit", data=data).status_code == 303
    stale = browser.post(f"/people/{person_id}/edit", data=data | {"title": "处长"})
    assert stale.status_code == 409
    assert "处长" in stale.text
    assert "部长" in stale.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_opens_these_pages(client: FlaskClient, role: Role) -> None:
    with client.application.app_context(), writing():
        person = an_account("王敏", role, a_unit("市直机关工委"))
    sign_in(client, person)
    for address in ("/people", "/people/new", "/units", "/units/new", f"/people/{person.id}"):
        assert client.get(address).status_code == 403
    for address in (f"/people/{person.id}/code", f"/people/{person.id}/roles", f"/people/{person.id}/deactivate"):
        assert client.post(address).status_code == 403


def test_an_administrator_of_one_unit_sees_and_opens_only_its_people(client: FlaskClient) -> None:
    with client.application.app_context(), writing():
        own = an_account("李强", Role.ADMINISTRATOR, a_unit("组织部"))
        a_person("王敏", own.unit)
        outsider = a_person("赵云", a_unit("宣传部"), mail="zhaoyun@example.gov")
    sign_in(client, own)
    page = client.get("/people").text
    assert "王敏" in page
    assert "赵云" not in page
    assert client.get(f"/people/{outsider.id}").status_code == 403
    for answer in (client.get(f"/people/{outsider.id}/edit"), client.post(f"/people/{outsider.id}/edit")):
        assert answer.status_code == 403
        assert "zhaoyun@example.gov" not in answer.text
    assert client.post("/units/new", data={"name": "新科", "parent": "宣传部"}).status_code in (403, 422)


def test_the_list_of_people_asks_the_same_number_of_questions_for_any_number_of_people(browser: FlaskClient) -> None:
    app = browser.application
    made(app, "王敏")
    browser.get("/people")
    few = questions(browser, "/people")
    for number in range(30):
        made(app, f"王{number}")
    assert questions(browser, "/people") == few <= 9


def questions(browser: FlaskClient, address: str) -> int:
    """How many SELECTs a page costs."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with browser.application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    assert browser.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return sum(statement.startswith("SELECT") for statement in asked)
