"""``db``: nothing is offered that would unmake tables."""

import pytest
from flask import Flask
from flask_migrate.cli import db


@pytest.mark.parametrize("name", ["init", "downgrade", "stamp"])
def test_what_would_harm_is_not_offered(app: Flask, name: str) -> None:
    done = app.test_cli_runner().invoke(db, [name])
    assert done.exit_code == 2
    assert "No such command" in done.output


def test_what_is_needed_is(app: Flask) -> None:
    assert {"upgrade", "current", "history", "revision"} <= set(db.commands)
