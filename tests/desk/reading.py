"""Reading pages as somebody who is signed in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.org.models import Person
from tracker.org.queries import find_units


def a_reader(app: Flask, name: str, role: Role | None, unit: str = "市直机关工委") -> FlaskClient:
    """A browser in which a new person of that role is signed in."""
    client = app.test_client()
    with app.app_context():
        with writing():
            person = an_account(name, role, _unit(unit))
        sign_in(client, db.session.get_one(Person, person.id))
    return client


def _unit(name: str) -> Any:
    return find_units(db.session(), [name]).get(name) or a_unit(name)


def text_of(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def numbers(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.findall(r'class="row-link"[^>]*>([^<]+)</a>', answer.text)


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    found: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
