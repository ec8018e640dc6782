"""``users add``: how the first administrator comes to be, and anybody else without a browser."""

import json
from typing import Any

import pytest
from click.testing import Result
from factories import a_person, a_unit, an_account
from flask import Flask

from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.org import operations, passwords, queries
from tracker.org.models import Account, Person, Unit

FIRST = ["--name", "陈静", "--unit", "市直机关工委", "--login", "Chen"]


def add(app: Flask, *arguments: str, **kwargs: Any) -> Result:
    result = app.test_cli_runner().invoke(args=["users", "add", *arguments], **kwargs)
    db.session.rollback()
    return result


def counted() -> list[int]:
    return [db.session.query(table).count() for table in (Unit, Person, Account)]


def test_the_first_administrator_is_made_by_command(app: Flask) -> None:
    roles = ("--role", "administrator", "--role", "office")
    result = add(app, *FIRST, "--create-unit", *roles, "--password-stdin", "--json", input="correct horse\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "name": "陈静",
        "unit": "市直机关工委",
        "login": "chen",
        "roles": ["administrator", "office"],
        "was_name_only": False,
        "code": None,
    }
    account = queries.find_account(db.session(), "chen")
    assert account is not None
    assert passwords.matches("correct horse", account.password_hash)
    assert len(queries.list_administrators(db.session())) == 1


def test_without_a_password_a_code_is_printed_that_works(app: Flask) -> None:
    result = add(app, *FIRST, "--create-unit", "--json")
    code = json.loads(result.stdout)["code"]
    account = queries.find_account(db.session(), "chen")
    assert account is not None
    assert passwords.matches(code.replace("-", ""), account.code_hash)


def test_the_plain_text_answer_names_the_code_too(app: Flask) -> None:
    result = add(app, *FIRST, "--create-unit")
    assert "一次性口令" in result.stdout
    assert "chen" in result.stdout


def test_a_missing_unit_is_refused_unless_it_is_to_be_made(app: Flask) -> None:
    with writing():
        a_unit()
    refused = add(app, "--name", "陈静", "--unit", "宣传部/理论科", "--login", "chen")
    assert refused.exit_code == 1
    assert "没有单位“宣传部/理论科”" in refused.stderr
    assert counted() == [2, 0, 0]
    made = add(app, "--name", "陈静", "--unit", "宣传部/理论科", "--login", "chen", "--create-unit", "--json")
    assert json.loads(made.stdout)["unit"] == "市直机关工委/宣传部/理论科"


@pytest.mark.parametrize("typed", ["干部科", "组织部/干部科", "市直机关工委/组织部/干部科"])
def test_a_unit_is_known_by_its_name_or_path_and_never_made_twice(app: Flask, typed: str) -> None:
    with writing():
        a_unit("干部科", a_unit("组织部"))
    result = add(app, "--name", "陈静", "--unit", typed, "--login", "chen", "--create-unit", "--json")
    assert json.loads(result.stdout)["unit"] == "市直机关工委/组织部/干部科"
    assert counted()[0] == 3


def test_a_name_that_two_units_bear_is_refused(app: Flask) -> None:
    with writing():
        for parent in ("组织部", "宣传部"):
            a_unit("综合科", a_unit(parent))
    for more in ((), ("--create-unit",)):
        result = add(app, "--name", "陈静", "--unit", "综合科", "--login", "chen", *more)
        assert result.exit_code == 1
        assert "请写全路径" in result.stderr
    assert add(app, "--name", "陈静", "--unit", "宣传部/综合科", "--login", "chen").exit_code == 0


@pytest.mark.parametrize("has_unit", [True, False])
def test_the_only_plain_name_becomes_the_person(app: Flask, has_unit: bool) -> None:
    with writing():
        unit = a_unit("组织部")
        plain = a_person("王敏", unit if has_unit else None)
        plain.title = "部长"
        a_person("王敏", a_unit("宣传部"))
    result = add(app, "--name", "王敏", "--unit", "组织部", "--login", "wm", "--phone", "12345", "--json")
    assert json.loads(result.stdout)["was_name_only"] is True
    account = queries.find_account(db.session(), "wm")
    assert account is not None
    person = account.person
    assert (person.id, person.unit_id, person.title, person.phone) == (plain.id, unit.id, "部长", "12345")


def test_a_namesake_with_an_account_or_of_another_unit_is_somebody_else(app: Flask) -> None:
    with writing():
        an_account("王敏", Role.LIAISON, a_unit("组织部"))
        a_person("王敏", a_unit("宣传部"))
    result = add(app, "--name", "王敏", "--unit", "组织部", "--login", "wm2", "--json")
    assert json.loads(result.stdout)["was_name_only"] is False
    assert counted()[1] == 3


def test_two_plain_names_that_could_be_meant_are_refused(app: Flask) -> None:
    with writing():
        unit = a_unit("组织部")
        a_person("王敏", unit)
        a_person("王敏", unit)
    result = add(app, "--name", "王敏", "--unit", "组织部", "--login", "wm")
    assert result.exit_code == 1
    assert "王敏" in result.stderr
    assert counted()[2] == 0


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        (["--login", "c h"], ""),
        (["--login", "chen", "--mail", "nobody"], ""),
        (["--login", "chen", "--password-stdin"], "short\n"),
        (["--login", "chen", "--password-stdin"], ""),
        (["--login", "chenjing.chenjing", "--password-stdin"], "ChenJing.ChenJing\n"),
        (["--login", "taken"], ""),
    ],
)
def test_what_is_refused_leaves_nothing_behind(app: Flask, arguments: list[str], typed: str) -> None:
    with writing():
        operations.open_account(a_person("李强", a_unit("市直机关工委")), "taken", actor=SYSTEM)
    before = counted()
    command = ["--name", "陈静", "--unit", "新单位", "--create-unit", *arguments]
    result = add(app, *command, input=typed)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip()
    assert counted() == before


@pytest.mark.parametrize("arguments", [[], ["--name", "陈静"], [*FIRST, "--role", "king"], [*FIRST, "--fast"]])
def test_a_command_that_is_written_wrongly_is_a_usage_error(app: Flask, arguments: list[str]) -> None:
    assert add(app, *arguments).exit_code == 2


def test_the_only_administrator_who_is_locked_out_is_let_in_by_one_made_at_the_machine(empty_app: Flask) -> None:
    with empty_app.app_context():
        add(empty_app, *FIRST, "--create-unit", "--role", "administrator")
        rescue = ("--name", "应急管理员", "--unit", "市直机关工委", "--login", "rescue", "--role", "administrator")
        code = json.loads(add(empty_app, *rescue, "--json").stdout)["code"]
        locked_out = queries.find_account(db.session(), "chen")
        assert locked_out is not None
        person_id = locked_out.person_id
    browser = empty_app.test_client()
    browser.post("/sign-in/code", data={"login": "rescue", "code": code})
    new = "correct horse battery"
    browser.post("/sign-in/password", data={"new_password": new, "repeated": new})
    told = browser.post(f"/people/{person_id}/code")
    assert (told.status_code, "一次性口令" in told.text) == (200, True)
