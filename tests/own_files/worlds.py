"""An organ whose supervision round of the samples stands at 24 of 27 on New Year's Eve."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import time_machine
from factories import a_unit, by_date
from flask import Flask

from tests.own_files.papers import ROUND
from tracker.access.rules import SYSTEM
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event

FEEDBACK = Path(__file__).parents[1] / "data" / "feedback-typed.docx"
NEW_YEARS_EVE = "2026-12-31T10:00:00+08:00"


@contextmanager
def at(instant: str) -> Iterator[None]:
    with time_machine.travel(instant, tick=False):
        yield


def the_round(app: Flask, closed: int = 24) -> None:
    """27 items in 3 aspects and 9 categories, so many of them closed."""
    with at("2026-03-16T10:00:00+08:00"):
        load = ("--kind", "supervision", "--title", ROUND, "--received", "2026-03-16")
        loaded = app.test_cli_runner().invoke(args=["intake", "load", str(FEEDBACK), *load])
        assert loaded.exit_code == 0, loaded.stderr
        with app.app_context(), writing():
            unit = a_unit("组织部")
            every = db.session.query(Item).order_by(Item.number).all()
            for each in every:
                assigned = items.Assignment(lead_unit_id=unit.id, deadline=by_date(date(2026, 6, 30)))
                items.assign(each, assigned, actor=SYSTEM)
            items.issue(every, actor=SYSTEM)
            for each in every:
                items.move_on(each, Event.ACCEPT, actor=SYSTEM)
    close(app, closed)


def close(app: Flask, number: int) -> None:
    """Close so many more of the items that are at work."""
    with at("2026-06-26T10:00:00+08:00"), app.app_context():
        working = db.session.query(Item).filter(Item.closed_on.is_(None)).order_by(Item.number).limit(number)
        with writing():
            for each in working.all():
                items.move_on(each, Event.APPLY, actor=SYSTEM)
        with writing():
            for each in db.session.query(Item).filter_by(state="applied"):
                items.move_on(each, Event.CLOSE, actor=SYSTEM, closed_on=date(2026, 6, 26))
