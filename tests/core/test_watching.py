"""Every request has a number: in its answer, on its error page, in the log; slow statements are told without values."""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from structlog.contextvars import bind_contextvars, clear_contextvars

from tracker.access.rules import Action, Role
from tracker.core import logs, watching
from tracker.core.db import db, writing


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged, as JSON, with the handlers put back afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", stream)
    root.handlers = []
    logs.set_up("INFO")
    yield stream
    root.handlers = before
    root.setLevel(level)
    logging.getLogger("tracker").setLevel(logging.NOTSET)
    logging.getLogger("apscheduler").setLevel(logging.NOTSET)
    clear_contextvars()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_and_what_is_logged_meanwhile_bear_the_number_of_its_answer(
    empty_app: Flask, written: io.StringIO
) -> None:
    with empty_app.app_context(), writing():
        person = an_account("李磊", Role.OFFICE, a_unit("组织部"))
        assert person.account is not None
        secret = person.account.session_key
    client = empty_app.test_client()
    sign_in(client, person)
    answer = client.get("/items?list=problems&q=某个人")
    number = answer.headers["X-Request-ID"]
    assert re.fullmatch("[0-9A-F]{10}", number)
    (line,) = [each for each in lines(written) if each["event"] == "GET /items"]
    assert (line["request"], line["status"], line["person"], line["level"]) == (number, 200, str(person.id), "info")
    assert 0 < int(str(line["statements"])) <= 12
    assert secret not in written.getvalue()
    assert "某个人" not in written.getvalue()
    assert client.get("/items").headers["X-Request-ID"] != number


@pytest.mark.parametrize("address", ["/nowhere", "/items/巡察2026-9-999"])
def test_every_error_page_tells_its_number(empty_app: Flask, address: str) -> None:
    with empty_app.app_context(), writing():
        person = an_account("李磊", Role.OFFICE, a_unit("组织部"))
    client = empty_app.test_client()
    sign_in(client, person)
    answer = client.get(address)
    assert answer.status_code == 404
    assert f"事件编号 {answer.headers['X-Request-ID']}" in answer.text


def test_a_fault_is_logged_under_the_number_of_its_page_and_without_what_was_typed(
    empty_app: Flask, client: FlaskClient, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_app.app_context(), writing():
        an_account("李磊", Role.OFFICE, a_unit("组织部"))

    def fail(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setitem(empty_app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(empty_app.view_functions, "org.sign_in", fail)
    fail.__dict__["allowed"] = Action.SIGN_IN
    answer = client.post("/sign-in", data={"login": "lilei", "password": "not for the log"})
    assert (answer.status_code, f"事件编号 {answer.headers['X-Request-ID']}" in answer.text) == (500, True)
    (line,) = [each for each in lines(written) if each["level"] == "error"]
    assert (line["request"], "a fault of ours" in str(line["exception"])) == (answer.headers["X-Request-ID"], True)
    assert "not for the log" not in written.getvalue()


def test_machines_that_ask_all_day_do_not_fill_the_log(client: FlaskClient, written: io.StringIO) -> None:
    client.get("/healthz")
    client.get("/assets/app.css")
    assert lines(written) == []


def test_a_slow_statement_is_told_without_its_values(
    app: Flask, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.execute(text("SELECT :typed"), {"typed": "quick"})
    assert lines(written) == []
    monkeypatch.setattr(watching, "SLOW_SECONDS", 0)
    bind_contextvars(request="ABC")
    db.session.execute(text("SELECT :typed"), {"typed": "某个人"})
    (line,) = lines(written)
    assert (line["event"], line["level"], line["request"]) == ("slow statement", "warning", "ABC")
    assert str(line["statement"]).startswith("SELECT ")
    assert "某个人" not in written.getvalue()


def test_a_terminal_gets_plain_lines_instead(written: io.StringIO) -> None:
    with redirect_stderr(written):
        logs.set_up("INFO", form="text")
    logging.getLogger("tracker.trial").info("hello %s", "there")
    assert "hello there" in written.getvalue()
    with pytest.raises(json.JSONDecodeError):
        json.loads(written.getvalue())
