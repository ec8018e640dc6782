"""An office that can nudge, and what was told of it."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from factories import a_source, a_unit, a_working_item, actor_of, an_account
from sqlalchemy import select

from tracker.access.rules import Role, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.jobs.delivery import deliver
from tracker.nudges import operations, queries
from tracker.nudges.models import Nudge
from tracker.nudges.rules.nudging import Told
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel

MONDAY = date(2026, 6, 8)


class PressingOffice:
    """Make it inside ``writing()``; people by name, three working items of one unit and one of another."""

    def __init__(self) -> None:
        root, self.unit, self.other = a_unit("市直机关工委"), a_unit("组织部"), a_unit("宣传部")
        people = {
            "陈静": an_account("陈静", Role.OFFICE, root),
            "李强": an_account("李强", Role.LEADER, root),
            "王敏": an_account("王敏", Role.UNIT_HEAD, self.unit),
            "李磊": an_account("李磊", Role.LIAISON, self.unit),
            "郑凯": an_account("郑凯", Role.HANDLER, self.unit),
            "赵倩": an_account("赵倩", Role.LIAISON, self.other),
            "赵丽": an_account("赵丽", Role.UNIT_HEAD, self.other),
        }
        self.ids = {name: person.id for name, person in people.items()}
        source = a_source()
        self.numbers = [
            a_working_item(
                people["郑凯"], source=source, lead_unit=self.unit, owner_id=self.ids["王敏"], due_on=date(2026, 5, day)
            ).number
            for day in (20, 25, 30)
        ]
        self.foreign = a_working_item(people["赵倩"], source=source, lead_unit=self.other, finding="别的单位").number

    def person(self, name: str) -> Person:
        return db.session.get_one(Person, self.ids[name])

    def held(self, numbers: Sequence[str], name: str = "陈静") -> Sequence[Item]:
        return ledger.list_items(db.session(), numbers, reach(actor_of(self.person(name))), lock=True)

    def nudge(
        self,
        name: str = "陈静",
        numbers: Sequence[str] = (),
        told: Sequence[Told] = (Told.HANDLER, Told.LIAISON),
        sentence: str = "",
        batch: str = "",
    ) -> list[int]:
        """Press; the ids of what was made."""
        with writing():
            made = operations.nudge(
                self.held(numbers or self.numbers[:1]),
                told,
                sentence,
                batch=batch or secrets.token_hex(8),
                actor=actor_of(self.person(name)),
            )
            return [each.id for each in made]

    def reply(self, nudge_id: int, text: str, name: str = "李磊") -> None:
        with writing():
            actor = actor_of(self.person(name))
            operations.reply(queries.get_nudge(db.session(), nudge_id, reach(actor), lock=True), text, actor=actor)

    def inbox(self, name: str, kind: str = "nudge") -> list[Message]:
        """What was delivered to somebody, the oldest first."""
        session = db.session()
        session.rollback()
        mine = (Message.person_id == self.ids[name], Message.kind == kind, Message.channel == Channel.INBOX)
        return list(session.scalars(select(Message).where(*mine, Message.state == "sent").order_by(Message.id)))


def nudges() -> list[Nudge]:
    """All nudges there are."""
    session = db.session()
    session.rollback()
    return list(session.scalars(select(Nudge).order_by(Nudge.id)))


@contextmanager
def on(day: date, hour: int = 9) -> Iterator[None]:
    """Let the clock stand at an hour of a day."""
    with clock.moved_to(clock.instant_at(day, hour)):
        yield


def deliver_now() -> None:
    """Send all that is queued."""
    db.session().rollback()
    deliver(clock.now())
