"""The ten pages that people open most, as the office, a unit's head and a handler, beside bare statements."""

from collections.abc import Callable, Iterator
from typing import Any

from factories import sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.bench import bare, world
from tests.bench.bare_pages import bare_of
from tests.bench.timing import RUNS, WARM_UPS, Timed, timed
from tracker.core import clock
from tracker.core.db import db
from tracker.items.models import Item
from tracker.items.rules import State
from tracker.meetings.models import Meeting
from tracker.org.models import Person
from tracker.rounds.models import OwedReport, ReportingRound


def measured(app: Flask) -> Iterator[Timed]:
    """Every page for every role that may open it."""
    with app.app_context():
        there = places()
    for role, person_id in world.SIGN_INS.items():
        client = signed_in(app, person_id)
        for name, address in addresses(role, there).items():
            acts = [_get(client, address)] * (WARM_UPS + RUNS)
            beside = [_bare(app, name, role, there)] * (WARM_UPS + RUNS)
            yield timed(app, name, role, acts, beside)


def signed_in(app: Flask, person_id: int) -> FlaskClient:
    """A browser of somebody."""
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.get_one(Person, person_id))
    return client


def places() -> dict[str, Any]:
    """The item, meeting and round that are looked at."""
    session = db.session()
    mine = Item.handler_id == world.HANDLER
    working = select(Item).where(Item.state == State.WORKING, mine).order_by(Item.id.desc()).limit(1)
    item = session.scalars(working).one()
    meeting = select(Meeting.id).order_by(Meeting.held_on.desc()).limit(1)
    of_round = select(ReportingRound.id).join(OwedReport, OwedReport.round_id == ReportingRound.id)
    return {
        "item": item.id,
        "number": item.number,
        "source": item.source_id,
        "meeting": session.scalars(meeting).one(),
        "round": session.scalars(of_round.order_by(ReportingRound.id.desc()).limit(1)).one(),
        "today": clock.today(),
    }


def addresses(role: str, places: dict[str, Any]) -> dict[str, str]:
    """The pages that a role opens, by name."""
    pages = {
        "my desk": "/",
        "list of problems": "/items?list=problems",
        "list, overdue, by deadline": "/items?list=rectification&view=overdue&sort=due",
        "an item": f"/items/{places['number']}",
        "search, found everywhere": "/search?q=制度执行有差距",
        "search, found seldom": "/search?q=第-123",
        "figures": "/figures",
        "a meeting": f"/meetings/{places['meeting']}",
        "waiting decisions": "/reviews",
        "reports of a round": f"/rounds/{places['round']}" if role == "office" else "/rounds/report",
        "messages": "/messages",
    }
    closed = {"handler": ("a meeting", "waiting decisions")}
    return {name: address for name, address in pages.items() if name not in closed.get(role, ())}


def _get(client: FlaskClient, address: str) -> Callable[[], None]:
    def get() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return get


def _bare(app: Flask, name: str, role: str, places: dict[str, Any]) -> Callable[[], None]:
    statements, values = bare_of(name, role, places)

    def run() -> None:
        with app.app_context():
            for statement in statements:
                bare.execute(db.session(), statement, {key: values[key] for key in values if f":{key}" in statement})

    return run
