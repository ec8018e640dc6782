"""The office that holds the meetings of these tests, and what it does, each act committed on its own."""

from dataclasses import dataclass, replace
from datetime import date

from factories import sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import SYSTEM, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.meetings import operations, queries
from tracker.meetings.rules import MeetingKind
from tracker.org import queries as people
from tracker.org.models import Person

TODAY = date(2026, 7, 31)
CALLED = operations.Called(MeetingKind.DISPATCH, "7月整改工作调度会", TODAY, TODAY)


@dataclass
class Office:
    """An office and two units, each with a head; of four items one is closed, one overdue, one at work, one a draft."""

    app: Flask
    numbers: dict[str, str]

    def actor(self, name: str) -> object:
        person = db.session.query(Person).filter_by(name=name).one()
        return people.load_actor(db.session(), person)

    def browser(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        with self.app.app_context():
            sign_in(client, db.session.query(Person).filter_by(name=name).one())
        return client

    def call(self, **changed: object) -> int:
        with self.app.app_context(), writing():
            return operations.call(replace(CALLED, **changed), actor=self.actor("陈静")).id

    def freeze(self, meeting_id: int, *, reason: str = "") -> None:
        with self.app.app_context(), writing():
            actor = self.actor("陈静")
            meeting = queries.lock_meeting(db.session(), meeting_id, actor)
            frozen = operations.collect(db.session(), meeting, seen=reach(actor), at=operations.moment())
            operations.freeze(meeting, frozen, reason=reason, actor=actor)

    def decide(self, meeting_id: int, **changed: object) -> int:
        with self.app.app_context(), writing():
            actor = self.actor("陈静")
            meeting = queries.lock_meeting(db.session(), meeting_id, actor)
            unit = people.find_units(db.session(), ["组织部"])["组织部"]
            decided = operations.Decided(**{"text": "补齐学习记录", "lead_unit_id": unit.id, **changed})
            return operations.note_decision(meeting, decided, actor=actor).id

    def issue_minutes(self, meeting_id: int, day: date = TODAY, *, by: str = "陈静") -> None:
        """Freeze what is not frozen yet, and issue the minutes."""
        with self.app.app_context():
            is_frozen = queries.last_serial(db.session(), meeting_id) > 0
            db.session.rollback()
        if not is_frozen:
            self.freeze(meeting_id)
        with self.app.app_context(), writing():
            meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
            operations.issue_minutes(meeting, "第7期", day, actor=self.actor(by))

    def close(self, name: str) -> None:
        with self.app.app_context(), writing():
            item = db.session.query(Item).filter_by(number=self.numbers[name]).one()
            for event in (Event.ACCEPT, Event.APPLY, Event.CLOSE):
                told = {"closed_on": clock.today()} if event is Event.CLOSE else {}
                items.move_on(item, event, actor=SYSTEM, **told)
