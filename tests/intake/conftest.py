"""A committee with its office, a leader, a unit's liaison and a viewer, each signed in on a browser of their own."""

from collections.abc import Callable

import pytest
import time_machine
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.org.models import Person

Browser = Callable[[str], FlaskClient]


@pytest.fixture
def browser(empty_app: Flask) -> Browser:
    """A browser signed in as the person of that name: 陈静 (office), 林琳 (office), 周涛 (liaison), 赵倩 (viewer)."""
    with time_machine.travel("2026-03-17T02:00:00+00:00"), empty_app.app_context(), writing():
        root, unit = a_unit("市直机关工委"), a_unit("组织部")
        ids = {
            person.name: person.id
            for person in (
                an_account("陈静", Role.OFFICE, root),
                an_account("林琳", Role.OFFICE, root),
                an_account("李强", Role.LEADER, root),
                an_account("周涛", Role.LIAISON, unit),
                an_account("赵倩", Role.VIEWER, unit),
            )
        }

    def signed_in(name: str) -> FlaskClient:
        client = empty_app.test_client()
        with empty_app.app_context():
            sign_in(client, db.session.get_one(Person, ids[name]))
        return client

    return signed_in


@pytest.fixture
def office(browser: Browser) -> FlaskClient:
    """The office's browser."""
    return browser("陈静")
