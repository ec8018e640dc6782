"""An office with a source that wants reports by the 25th: two units, one of them also cooperating, and their people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date

import time_machine
from factories import a_source, a_unit, a_working_item, actor_of, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select

from tracker.access.rules import SYSTEM, Actor, Role, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.org import queries as people
from tracker.org.models import Person, Unit
from tracker.rounds import operations
from tracker.rounds.models import OwedReport, ReportingRound
from tracker.rounds.rules import RhythmKind, Shift
from tracker.sources.models import Source

STARTS_ON = date(2026, 4, 1)
DUE_ON = date(2026, 4, 24)


@contextmanager
def on(month: int, day: int, hour: int = 9) -> Iterator[None]:
    """Let it be that hour of that day of 2026 in the office."""
    with time_machine.travel(clock.instant_at(date(2026, month, day), hour).astimezone(UTC), tick=False):
        yield


class ReportingOffice:
    """Make it inside ``writing()`` with the clock at 1 April; 001 to 003 belong to 组织部, 004 to 办公室.

    办公室 cooperates in 001.
    """

    def __init__(self) -> None:
        root = a_unit("市直机关工委")
        self.lead, self.other, third = a_unit("组织部"), a_unit("办公室"), a_unit("宣传部")
        self.head = an_account("王敏", Role.UNIT_HEAD, self.lead, mail="wangmin@example.invalid")
        self.liaison = an_account("李磊", Role.LIAISON, self.lead, mail="lilei@example.invalid")
        self.handler = an_account("郑凯", Role.HANDLER, self.lead, mail="zhengkai@example.invalid")
        self.other_liaison = an_account("孙浩", Role.LIAISON, self.other, mail="sunhao@example.invalid")
        self.other_handler = an_account("何军", Role.HANDLER, self.other)
        self.clerk = an_account("陈静", Role.OFFICE, root)
        self.own_clerk = an_account("何芳", Role.OFFICE, self.other)
        self.leader = an_account("李强", Role.LEADER, root)
        self.viewer = an_account("钱进", Role.VIEWER, root)
        self.stranger = an_account("赵倩", Role.LIAISON, third)
        source = a_source()
        self.source_id = source.id
        self.numbers = []
        for place in range(4):
            is_other = place == 3
            details = {"supporting_unit_ids": [self.other.id]} if place == 0 else {}
            item = a_working_item(
                self.other_handler if is_other else self.handler,
                source=source,
                lead_unit=self.other if is_other else self.lead,
                finding=f"第{place + 1}个问题",
                **details,
            )
            self.numbers.append(item.number)
        operations.set_rhythm(source, RhythmKind.MONTHLY, day=25, shift=Shift.BEFORE, starts_on=STARTS_ON, actor=SYSTEM)

    def source(self) -> Source:
        """The source."""
        return db.session.get_one(Source, self.source_id)

    def acts(self, person: Person) -> Actor:
        """The person as who acts."""
        (person_id,) = inspect(person).identity
        return actor_of(db.session.get_one(Person, person_id))

    def unit(self, name: str) -> Unit:
        """A unit by its name."""
        return people.find_units(db.session(), [name])[name]

    def item(self, place: int, *, lock: bool = False) -> Item:
        """The item at that place, counted from 1."""
        return ledger.get_item(db.session(), self.numbers[place - 1], reach(SYSTEM), lock=lock)

    def round(self) -> ReportingRound:
        """The latest round."""
        return db.session.scalars(select(ReportingRound).order_by(ReportingRound.due_on.desc()).limit(1)).one()

    def states(self, *, round_id: int | None = None) -> dict[tuple[int, str], str]:
        """The states of the latest round's reports by place of the item and name of the unit."""
        query = select(OwedReport).where(OwedReport.round_id == (round_id or self.round().id))
        db.session.expire_all()
        found = db.session.scalars(query.order_by(OwedReport.item_id))
        return {(self.numbers.index(each.item.number) + 1, each.unit.name): each.state.value for each in found}

    def report(self, place: int, *, is_lead: bool = True) -> OwedReport:
        """The latest round's report on an item."""
        query = select(OwedReport).where(
            OwedReport.round_id == self.round().id,
            OwedReport.item_id == self.item(place).id,
            OwedReport.is_lead == is_lead,
        )
        return db.session.scalars(query).one()


def sweep() -> int:
    """One run of the job."""
    stale = operations.find_stale(clock.now())
    with writing():
        return operations.open_rounds(clock.now(), stale)


def browser_of(app: Flask, office: ReportingOffice, person: Person) -> FlaskClient:
    """A browser in which the person is signed in."""
    client = app.test_client()
    with app.app_context():
        (person_id,) = inspect(person).identity
        sign_in(client, db.session.get_one(Person, person_id))
    return client
