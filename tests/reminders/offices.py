"""A small office whose rules are old enough to speak, and a look at what was told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from factories import a_source, a_unit, an_account, an_issued_item
from sqlalchemy import select

from tests.outbox.sinks import AT_ANY_HOUR
from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.jobs.delivery import deliver
from tracker.org.models import Person, Unit
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel
from tracker.reminders import operations, queries
from tracker.settings import operations as settings
from tracker.sources.models import Source

BEGIN = date(2026, 5, 1)
DUE = date(2026, 6, 30)


@dataclass
class Office:
    """The unit, its people, and the source of its items."""

    unit: Unit
    liaison: Person
    head: Person
    handler: Person
    office: Person
    source: Source


def an_office() -> Office:
    """Begun on 1 May: a unit with liaison, head and handler, the office above it, a source without items.

    Its messages leave at any hour of any day; ``tests/reminders/test_holding.py`` has those that wait.
    """
    with writing(), on(BEGIN):
        settings.put(AT_ANY_HOUR, actor=SYSTEM)
        unit = a_unit()
        root = a_unit("市直机关工委")
        people = (
            an_account("李磊", Role.LIAISON, unit, mail="lilei@organ.example"),
            an_account("王敏", Role.UNIT_HEAD, unit),
            an_account("郑凯", None, unit),
            an_account("陈静", Role.OFFICE, root),
        )
        operations.ensure_default_rules()
        return Office(unit, *people, a_source())


@contextmanager
def on(day: date, hour: int = 9) -> Iterator[None]:
    """Let the clock stand at an hour of a day."""
    with clock.moved_to(clock.instant_at(day, hour)):
        yield


def a_working(office: Office, due_on: date = DUE, *, issued_on: date = BEGIN) -> Item:
    """An item of the unit, accepted on the day it was issued; the handler works on it."""
    with writing(), on(issued_on):
        source = db.session.get_one(Source, office.source.id)
        unit = db.session.get_one(Unit, office.unit.id)
        item = an_issued_item(source=source, lead_unit=unit, due_on=due_on)
        items.accept(item, handler_id=office.handler.id, actor=SYSTEM)
    return item


def change(item: Item, day: date, event: Event, **values: object) -> None:
    """Move an item on, on a day."""
    with writing(), on(day):
        items.move_on(db.session.get_one(Item, item.id), event, actor=SYSTEM, **values)  # type: ignore[arg-type]


def change_rule(key: str, *, is_active: bool = True, **said: Any) -> None:
    """Change what a rule says, within the transaction that is open."""
    rule = queries.get_rule(db.session(), key)
    operations.change_rule(rule, is_active=is_active, speech=replace(rule.speech, **said), actor=SYSTEM)


def scan(day: date, hour: int = 9) -> dict[str, int]:
    """Run the scan as it would run at an hour of a day; its records keep the true time."""
    found = operations.find_due(at := clock.instant_at(day, hour))
    with writing():
        return operations.queue_reminders(at, found)


def send(day: date, hour: int = 10) -> dict[str, int]:
    """Deliver what is due at an hour of a day."""
    return deliver(clock.instant_at(day, hour))


def told(person: Person, channel: Channel = Channel.INBOX) -> list[tuple[str, str, list[str]]]:
    """Slot, state and item numbers of a person's digests, in the order of queueing."""
    session = db.session()
    session.rollback()
    query = select(Message.slot, Message.state, Message.item_numbers).where(
        Message.person_id == person.id, Message.channel == channel, Message.kind == "reminder_digest"
    )
    return [
        (slot, state.value, json.loads(numbers)) for slot, state, numbers in session.execute(query.order_by(Message.id))
    ]


def body(person: Person, slot: str) -> str:
    """What a digest said, as it would leave the system."""
    return _said(person, slot, Message.body_text)


def page(person: Person, slot: str) -> str:
    """What a digest said within the system."""
    return _said(person, slot, Message.body_html)


def _said(person: Person, slot: str, column: Any) -> str:
    session = db.session()
    session.rollback()
    query = select(column).where(Message.person_id == person.id, Message.slot == slot, Message.channel == Channel.INBOX)
    return str(session.scalars(query.execution_options(populate_existing=True)).one())
