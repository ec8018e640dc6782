"""The pages of outside channels: written down, switched, tested, and never shown their secrets again."""

from collections.abc import Iterator

import pytest
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tests.outlets.gates import Gate, allow, open_gate
from tracker.access.rules import Role
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.outlets import queries
from tracker.outlets.models import Outlet
from tracker.outlets.rules import BODIES, Kind

SECRET = "SEC-of-the-group"


@pytest.fixture
def gate(empty_app: Flask, client: FlaskClient) -> Iterator[Gate]:
    with empty_app.app_context():
        with writing():
            person = an_account("管理员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
            an_account("群主", Role.UNIT_HEAD, a_unit())
        sign_in(client, person)
    with open_gate() as gate:
        with empty_app.app_context():
            allow(f"127.0.0.1:{gate.port}")
        yield gate


def typed(gate: Gate, **changed: str) -> dict[str, str]:
    robot = {"unit": "组织部", "keeper": "qunzhu-qz", "body": BODIES[Kind.DINGTALK]}
    return {"name": "组织部工作群", **robot, "endpoint": gate.url, "secret": SECRET, **changed}


def stored(app: Flask) -> list[Outlet]:
    with app.app_context():
        return list(queries.list_outlets(db.session()))


def a_robot(app: Flask, client: FlaskClient, gate: Gate) -> str:
    """A robot written down by the page; its key."""
    assert client.post("/outlets/new?kind=dingtalk", data=typed(gate)).status_code == 303
    return stored(app)[0].key


def test_a_robot_is_written_down_switched_off_and_then_on(empty_app: Flask, client: FlaskClient, gate: Gate) -> None:
    key = a_robot(empty_app, client, gate)
    (robot,) = stored(empty_app)
    assert (robot.kind, robot.endpoint, robot.secret, robot.is_on) == (Kind.DINGTALK, gate.url, SECRET, False)
    for path, is_on in (("switch-on", True), ("switch-on", True), ("switch-off", False)):
        assert client.post(f"/outlets/{key}/{path}").status_code == 303
        assert stored(empty_app)[0].is_on is is_on


def test_secrets_are_on_no_page_and_in_no_trail(empty_app: Flask, client: FlaskClient, gate: Gate) -> None:
    key = a_robot(empty_app, client, gate)
    gate.answer = b'{"errcode": 310000, "errmsg": "sign not match"}'
    pages = [client.get("/outlets").text, client.get(f"/outlets/{key}").text]
    pages.append(client.post(f"/outlets/{key}", data=typed(gate, body="{", version="1")).text)
    pages.append(client.post(f"/outlets/{key}", data=typed(gate, name="新名", version="9")).text)
    pages.append(client.post(f"/outlets/{key}/test").text)
    pages.append(client.post("/outlets/new?kind=dingtalk", data=typed(gate, csrf_token="x")).text)
    with empty_app.app_context():
        pages += [entry.text for entry in db.session.query(AuditEntry)]
    for page in pages:
        for secret in (SECRET, "f00dfeedbeef", "hook-6f1b4a2c"):
            assert secret not in page
    assert "sign not match" in pages[4]


def test_an_empty_secret_leaves_the_stored_one_alone(empty_app: Flask, client: FlaskClient, gate: Gate) -> None:
    key = a_robot(empty_app, client, gate)
    answer = client.post(f"/outlets/{key}", data=typed(gate, name="新名", endpoint="", secret="", version="1"))
    assert answer.status_code == 303
    (robot,) = stored(empty_app)
    assert (robot.name, robot.endpoint, robot.secret) == ("新名", gate.url, SECRET)
    with empty_app.app_context():
        (entry,) = db.session.query(AuditEntry).filter(AuditEntry.action == "outlet.change")
        assert "新名" in entry.details


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"body": '{"text": "{nmae}"}'}, "body", "{nmae}"),
        ({"body": '{"text": "没有正文"}'}, "body", "{text}"),
        ({"body": "{"}, "body", "JSON"),
        ({"endpoint": "gate.example"}, "endpoint", "https://"),
        ({"endpoint": ""}, "endpoint", "请填写"),
        ({"unit": ""}, "unit", "请填写"),
        ({"unit": "没有这个单位"}, "unit", "没有找到"),
        ({"keeper": ""}, "keeper", "请填写"),
        ({"keeper": "nobody"}, "keeper", "没有找到"),
        ({"name": ""}, "name", "请填写"),
    ],
)
def test_what_could_not_be_sent_is_refused_at_its_field(
    empty_app: Flask, client: FlaskClient, gate: Gate, changed: dict[str, str], field: str, words: str
) -> None:
    answer = client.post("/outlets/new?kind=dingtalk", data=typed(gate, **changed))
    assert (answer.status_code, f'id="{field}-error"' in answer.text, words in answer.text) == (422, True, True)
    assert stored(empty_app) == []


def test_a_second_of_the_same_name_and_a_double_click_are_refused(client: FlaskClient, gate: Gate) -> None:
    answers = [client.post("/outlets/new?kind=dingtalk", data=typed(gate)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert 'id="name-error"' in answers[1].text
    assert "请换一个名称" in answers[1].text


def test_a_place_that_is_not_allowed_is_not_switched_on(empty_app: Flask, client: FlaskClient, gate: Gate) -> None:
    key = a_robot(empty_app, client, gate)
    with empty_app.app_context():
        allow()
    answer = client.post(f"/outlets/{key}/switch-on")
    assert (answer.status_code, "允许访问" in answer.text, stored(empty_app)[0].is_on) == (422, True, False)


def test_a_test_message_names_no_item_and_shows_the_answer(empty_app: Flask, client: FlaskClient, gate: Gate) -> None:
    key = a_robot(empty_app, client, gate)
    assert "127.0.0.1" in client.get(f"/outlets/{key}/test").text
    answer = client.post(f"/outlets/{key}/test", follow_redirects=True)
    assert "errcode" in answer.text
    assert gate.calls[0][2] == {"msgtype": "text", "text": {"content": "整改台账测试消息"}}


def test_a_gateway_is_tested_with_a_number(empty_app: Flask, client: FlaskClient, gate: Gate) -> None:
    told = {"name": "短信", "body": BODIES[Kind.SMS], "endpoint": gate.url}
    assert client.post("/outlets/new?kind=sms", data=told).status_code == 303
    key = stored(empty_app)[0].key
    assert client.post(f"/outlets/{key}/test", data={"phone": "转 802"}).status_code == 422
    assert client.post(f"/outlets/{key}/test", data={"phone": "138 0013 8000"}).status_code == 303
    assert gate.calls[0][2]["mobile"] == "13800138000"


def test_a_save_over_somebody_else_s_is_a_conflict(empty_app: Flask, client: FlaskClient, gate: Gate) -> None:
    key = a_robot(empty_app, client, gate)
    assert client.post(f"/outlets/{key}", data=typed(gate, name="甲", version="1")).status_code == 303
    answer = client.post(f"/outlets/{key}", data=typed(gate, name="乙", version="1"))
    assert (answer.status_code, "乙" in answer.text) == (409, True)


@pytest.mark.usefixtures("gate")
def test_an_unknown_kind_or_channel_is_not_found(client: FlaskClient) -> None:
    assert [client.get(f"/outlets/{path}").status_code for path in ("new?kind=fax", "new", "never")] == [404, 404, 404]


def test_the_channels_are_the_administrator_s_alone(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context():
        with writing():
            person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        sign_in(client, person)
    assert client.get("/outlets").status_code == 403
    assert client.post("/outlets/new?kind=sms").status_code == 403
