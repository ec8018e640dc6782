"""``users add``: the first administrator, and anybody else who is to sign in."""

import json
import sys
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from tracker.access.rules import SYSTEM, Role
from tracker.core.db import writing
from tracker.core.errors import DomainError
from tracker.core.forms import trim
from tracker.org import operations
from tracker.org.models import Unit
from tracker.org.passwords import hash_password, new_code
from tracker.org.rules import check_login, check_password, code_groups

group = AppGroup("users", help="People and their accounts.")


@group.command("add")
@click.option("--name", required=True, help="the person's name, e.g. 王敏")
@click.option("--unit", required=True, help="name or path of the unit, e.g. 组织部 or 市直机关工委/组织部")
@click.option("--login", required=True, help="the sign-in name")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), help="in that unit")
@click.option("--title", default="")
@click.option("--mail", default="")
@click.option("--phone", default="")
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
@click.option("--create-unit", is_flag=True, help="make the unit, and every unit above it, when it is missing")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def add(password_stdin: bool, as_data: bool, **told: Any) -> None:
    """Open an account for a person; without a password a one-time code is printed.

    When one plain name like this is waiting in the unit, or in none, it becomes that person.
    """
    try:
        added = _add(_password() if password_stdin else None, **told)
    except DomainError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if as_data:
        click.echo(json.dumps(added, ensure_ascii=False))
        return
    click.echo(f"{added['name']}（{added['unit']}）{added['login']}")
    if added["code"]:
        click.echo(f"一次性口令，24 小时内有效 / one-time code, good for 24 hours: {added['code']}")


def _password() -> str:
    return str(trim(sys.stdin.readline()))


def _add(password: str | None, *, login: str, roles: tuple[str, ...], create_unit: bool, **told: Any) -> dict[str, Any]:
    login = check_login(login)
    code = new_code() if password is None else ""
    if password is None:
        hashes = {"code_hash": hash_password(code)}
    else:
        check_password(password, login=login)
        hashes = {"password_hash": hash_password(password)}
    with writing():
        unit = _unit(told.pop("unit"), create_unit=create_unit)
        person, was_bound = operations.take_up(operations.Details(unit_id=unit.id, **told), actor=SYSTEM)
        operations.open_account(person, login, actor=SYSTEM, **hashes)
        for role in roles:
            operations.grant(person, Role(role), unit, actor=SYSTEM)
    return {
        "name": person.name,
        "unit": unit.path,
        "login": login,
        "roles": list(roles),
        "was_name_only": was_bound,
        "code": code_groups(code) if code else None,
    }


def _unit(text: str, *, create_unit: bool) -> Unit:
    return operations.find_or_grow_unit(text, actor=SYSTEM) if create_unit else operations.find_unit(text)


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
