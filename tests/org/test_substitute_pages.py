"""The pages of substitutes: named, chosen, shown in the top bar, over by itself."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from factories import sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.closure.closing_office import ClosingOffice
from tests.nudges.pressing import MONDAY, on
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.org import operations as org
from tracker.org.models import Person, Substitute

FRIDAY = MONDAY + timedelta(days=4)
NAMES = ("head", "liaison", "clerk", "clerk2", "leader")


@dataclass
class Pages:
    """Ids by name, and browsers in which somebody is signed in."""

    app: Flask
    ids: dict[str, int] = field(default_factory=dict)

    def browser(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        with self.app.app_context():
            sign_in(client, db.session.get_one(Person, self.ids[name]))
        return client

    def name(self, absent: str, substitute: str) -> None:
        with self.app.app_context(), writing():
            found = [db.session.get_one(Person, self.ids[each]) for each in (absent, substitute)]
            actor = self.office.acts(found[0])
            org.name_substitute(*found, since=MONDAY, until=FRIDAY, reason="休假", actor=actor)

    office: ClosingOffice = field(init=False)


@pytest.fixture
def pages(empty_app: Flask) -> Pages:
    made = Pages(empty_app)
    with empty_app.app_context():
        with on(date(2026, 5, 4)), writing():
            made.office = ClosingOffice()
        made.office.proved_and_applied()
        made.ids = {name: made.office.id_of(getattr(made.office, name)) for name in NAMES}
    return made


def test_it_ends_by_itself_even_in_an_open_session_and_the_top_bar_says_so(pages: Pages) -> None:
    with on(MONDAY):
        pages.name("head", "clerk2")
    client = pages.browser("clerk2")
    with clock.moved_to(clock.instant_at(FRIDAY, 23, 50)):
        assert "查看并代 刘洋 办理" in client.get("/").text
        assert client.post(f"/substitutes/act/{pages.ids['head']}").status_code == 303
        page = client.get("/").text
        assert "您正在代 刘洋 办理" in page
        assert "待审核" in page
        assert pages.office.number in page
    with clock.moved_to(clock.instant_at(FRIDAY + timedelta(days=1), 0, 10)):
        page = client.get("/").text
        assert "代理已经结束" in page
        assert "您正在代" not in page
        assert client.post(f"/substitutes/act/{pages.ids['head']}").status_code == 403


def test_one_goes_back_to_acting_for_oneself(pages: Pages) -> None:
    with on(MONDAY):
        pages.name("head", "clerk2")
        client = pages.browser("clerk2")
        client.post(f"/substitutes/act/{pages.ids['head']}")
        assert client.post("/substitutes/act/0").status_code == 303
        assert "您正在代" not in client.get("/").text


def test_nobody_acts_for_whoever_did_not_name_them(pages: Pages) -> None:
    client = pages.browser("clerk2")
    with client.session_transaction() as cookie:
        cookie["acting_for"] = pages.ids["leader"]
    assert client.post(f"/substitutes/act/{pages.ids['leader']}").status_code == 403
    assert "您正在代" not in client.get("/").text


def test_the_page_names_a_substitute_and_tells_what_is_wrong(pages: Pages) -> None:
    client = pages.browser("head")
    typed = {"substitute": "何芳", "since": "20260608", "until": "6月12日", "reason": "出差"}
    with on(MONDAY):
        assert client.post("/substitutes", data={**typed, "substitute": "查无此人"}).status_code == 422
        assert client.post("/substitutes", data={**typed, "until": "20260601"}).status_code == 422
        assert client.post("/substitutes", data=typed).status_code == 303
        assert client.post("/substitutes", data=typed).status_code == 409
        assert "何芳" in client.get("/substitutes").text
    with pages.app.app_context():
        rows = db.session().scalars(select(Substitute)).all()
        assert [(row.since, row.until) for row in rows] == [(MONDAY, FRIDAY)]


def test_only_an_administrator_opens_the_page_of_somebody_else(pages: Pages) -> None:
    assert pages.browser("clerk").get(f"/people/{pages.ids['head']}/substitutes").status_code == 403
