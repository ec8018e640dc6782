"""The long look before a scan: what a scan would change, found without a lock, and all that it then looks at."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from factories import by_date
from flask import Flask
from sqlalchemy import create_engine, select, text

from tests.reminders.offices import DUE, Office, a_working, an_office, on, scan, told
from tracker.access.rules import SYSTEM
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.jobs import registry
from tracker.org.models import Person
from tracker.reminders.models import Occurrence
from tracker.reminders.operations import find_due, queue_reminders, scanning
from tracker.sources.models import Source, SourceMilestone
from tracker.sources.rules import MilestoneKind

TENTH = date(2026, 6, 10)


def found(day: date = TENTH) -> tuple[list[int], list[int]] | None:
    """Ids of items and of dates of sources."""
    session = db.session()
    session.rollback()
    due = find_due(clock.instant_at(day, 9))
    return due and (list(due.items), list(due.milestones))


def a_date_of_the_source(office: Office) -> int:
    with writing(), on(date(2026, 5, 1)):
        made = SourceMilestone(
            source_id=db.session.get_one(Source, office.source.id).id,
            kind=MilestoneKind.OTHER,
            title="报送集中整改进展",
            due_on=DUE,
            owner_id=db.session.get_one(Person, office.liaison.id).id,
            set_on=date(2026, 5, 1),
        )
        db.session.add(made)
        db.session.flush()
        return made.id


def test_it_finds_what_is_due_until_that_is_noted(app: Flask) -> None:
    office = an_office()
    item, milestone_id = a_working(office), a_date_of_the_source(office)
    assert found(TENTH - timedelta(days=1)) == ([], [])
    assert found() == ([item.id], [milestone_id])
    assert scan(TENTH)["queued"] > 0
    assert found() == ([], [])


def test_it_finds_what_was_noted_and_is_not_due_any_more(app: Flask) -> None:
    office = an_office()
    moved, kept = a_working(office), a_working(office)
    scan(TENTH)
    with writing(), on(TENTH):
        mine = db.session.get_one(Item, moved.id)
        items.amend(mine, items.Assignment(deadline=by_date(date(2026, 8, 31))), reason="经批准", actor=SYSTEM)
    assert found() == ([moved.id], [])
    scan(TENTH)
    assert set(db.session.scalars(select(Occurrence.item_id))) == {kept.id}
    assert found() == ([], [])


def test_what_comes_between_the_look_and_the_scan_is_left_to_the_next_one(app: Flask) -> None:
    office = an_office()
    first = a_working(office)
    at = clock.instant_at(TENTH, 9)
    due = find_due(at)
    second = a_working(office)
    with writing():
        queue_reminders(at, due)
    assert told(office.liaison) == [("2026-06-10", "queued", [first.number])]
    scan(TENTH)
    assert told(office.liaison) == [("2026-06-10", "queued", [first.number, second.number])]


def test_what_is_no_longer_due_when_the_scan_comes_is_not_told(app: Flask) -> None:
    office = an_office()
    item = a_working(office)
    at = clock.instant_at(TENTH, 9)
    due = find_due(at)
    with writing(), on(TENTH):
        items.withdraw(db.session.get_one(Item, item.id), reason="重复", actor=SYSTEM)
    with writing():
        assert queue_reminders(at, due) == {"queued": 0, "dropped": 0}


def test_more_than_can_be_named_is_looked_at_whole(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    office = an_office()
    numbers = [a_working(office).number for _ in range(3)]
    monkeypatch.setattr(scanning, "MOST", 2)
    assert found() is None
    scan(TENTH)
    assert told(office.liaison) == [("2026-06-10", "queued", numbers)]


def test_before_there_are_rules_everything_is_looked_at(app: Flask) -> None:
    assert find_due(clock.now()) is None


@pytest.mark.parametrize(
    ("job", "look"), [(registry.remind, "find_due"), (registry.open_due_rounds, "find_stale")], ids=["remind", "open"]
)
def test_during_the_look_others_write(
    app: Flask, monkeypatch: pytest.MonkeyPatch, job: Callable[[datetime], Any], look: str
) -> None:
    office = an_office()
    a_working(office)
    original = getattr(registry, look)
    written: list[object] = []

    def meanwhile(at: datetime) -> object:
        answer = original(at)
        assert db.session().in_transaction()
        other = create_engine(db.engine.url)
        with other.connect() as connection:
            if other.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            renamed = text("UPDATE unit SET name = name WHERE id = :id RETURNING id")
            written.append(connection.scalar(renamed, {"id": office.unit.id}))
            connection.rollback()
        other.dispose()
        return answer

    monkeypatch.setattr(registry, look, meanwhile)
    job(clock.instant_at(TENTH, 9))
    assert written == [office.unit.id]
