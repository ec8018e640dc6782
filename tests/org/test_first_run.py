"""The first run: one page, all or nothing, and never again."""

import stat
from pathlib import Path

import pytest
from factories import a_unit
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.core.errors import NotFound
from tracker.org import operations, queries, setup
from tracker.org.models import Account, Person, Unit
from tracker.settings.queries import load

CODE = "ABCDE-FGHJK"
TYPED = {
    "code": CODE,
    "organ": "市委市直机关工委",
    "short_name": "市直机关工委",
    "units": "办公室\n组织部\n  干部科\n宣传部",
    "name": "陈静",
    "login": "chen",
    "new_password": "correct horse",
    "repeated": "correct horse",
}


@pytest.fixture(autouse=True)
def _code(empty_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(empty_app.config, "TRACKER_SETUP_CODE", CODE)


@pytest.mark.parametrize("address", ["/", "/sign-in", "/people", "/no-such-page"])
def test_every_page_of_an_empty_system_leads_to_the_first_run(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.location) == (303, "/set-up")
    assert "涉密信息不得录入" in client.get("/set-up").text


def test_the_first_run_makes_the_organ_and_signs_its_administrator_in(client: FlaskClient) -> None:
    answer = client.post("/set-up", data=TYPED)
    assert answer.status_code == 303
    assert answer.location.startswith("/intake")
    with client.application.app_context():
        assert [unit.path for unit in queries.list_units(db.session())] == [
            "市委市直机关工委",
            "市委市直机关工委/办公室",
            "市委市直机关工委/组织部",
            "市委市直机关工委/组织部/干部科",
            "市委市直机关工委/宣传部",
        ]
        (person,) = queries.find_people(db.session(), ["陈静"])["陈静"]
        assert {grant.role for grant in person.grants} == {Role.ADMINISTRATOR, Role.OFFICE}
        assert load(db.session())["organ.short_name"] == "市直机关工委"
    assert client.get("/people").status_code == 200
    other = client.application.test_client()
    assert other.post("/sign-in", data={"login": "chen", "password": "correct horse"}).status_code == 303


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("code", "AAAAA-AAAAA", "初始化码不对"),
        ("new_password", "short", "至少 10 个字符"),
        ("repeated", "correct house", "两遍不一样"),
        ("login", "chen jing", "不能有空格"),
        ("organ", "工委/办公室", "不能有“/”"),
        ("units", "办公室\n" + "部" * 81, "第 2 行"),
        ("name", "", "请填写此项"),
    ],
)
def test_a_refused_first_run_makes_nothing_and_keeps_what_was_typed(
    client: FlaskClient, field: str, typed: str, words: str
) -> None:
    answer = client.post("/set-up", data=TYPED | {field: typed})
    assert answer.status_code == 422
    assert words in answer.text
    for kept in {"organ", "short_name", "units", "name", "login"} - {field}:
        assert TYPED[kept] in answer.text.replace("\r\n", "\n")
    assert "correct horse" not in answer.text
    with client.application.app_context():
        assert [db.session.query(table).count() for table in (Unit, Person, Account)] == [0, 0, 0]


def test_there_is_no_first_run_once_somebody_is_there(client: FlaskClient) -> None:
    client.post("/set-up", data=TYPED)
    stranger = client.application.test_client()
    assert stranger.get("/set-up").status_code == 404
    assert stranger.post("/set-up", data=TYPED | {"login": "second"}).status_code == 404
    assert stranger.get("/people").location.startswith("/sign-in")


def test_of_two_first_runs_at_once_the_second_finds_it_done(app: Flask) -> None:
    with writing():
        a_unit()
    organ = operations.Organ("工委", "", "", "陈静", "chen")
    with pytest.raises(NotFound), writing():
        operations.set_up(organ, password_hash="x")


def test_without_an_environment_the_code_is_made_once_for_the_operators_eyes_only(
    empty_app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(empty_app.config, "TRACKER_SETUP_CODE", "")
    monkeypatch.setitem(empty_app.config, "TRACKER_DATA_DIR", str(tmp_path))
    code = setup.setup_code(empty_app)
    assert setup.setup_code(empty_app) == code
    path = tmp_path / "setup.code"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == code
    client = empty_app.test_client()
    assert client.post("/set-up", data=TYPED).status_code == 422
    assert client.post("/set-up", data=TYPED | {"code": code.lower()}).status_code == 303
    assert not path.exists()
