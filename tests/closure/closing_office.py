"""An office in which an item can be closed: a unit with head, liaison and handler, two clerks, a leader."""

import io
from collections.abc import Sequence

from factories import a_source, a_telling, a_unit, a_working_item, actor_of, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect

from tracker.access.rules import Actor, Role, reach
from tracker.closure import operations, queries
from tracker.closure.models import Application, Review
from tracker.closure.rules import Decision
from tracker.core import files
from tracker.core.db import db, writing
from tracker.items import queries as items
from tracker.items.models import Item
from tracker.org.models import Person
from tracker.progress import operations as progress
from tracker.sources.rules import USUAL_CHAIN, StepKind

STATEMENT = "三条措施均已完成，佐证齐全。"
DEMAND = "缺4月、5月学习记录，请补签到表。"


class ClosingOffice:
    """Make it inside ``writing()``; every method opens its own transaction."""

    def __init__(self, chain: Sequence[StepKind] = USUAL_CHAIN, paragraphs: Sequence[str] = ()) -> None:
        root = a_unit("市直机关工委")
        self.lead, self.other = a_unit("组织部"), a_unit("办公室")
        self.head = an_account("刘洋", Role.UNIT_HEAD, self.lead)
        self.liaison = an_account("王敏", Role.LIAISON, self.lead)
        self.handler = an_account("孙浩", Role.HANDLER, self.lead)
        self.clerk = an_account("陈静", Role.OFFICE, root)
        self.clerk2 = an_account("何芳", Role.OFFICE, root)
        self.leader = an_account("李强", Role.LEADER, root)
        self.stranger = an_account("周强", Role.LIAISON, self.other)
        source = a_source(chain=chain, paragraphs=paragraphs)
        item = a_working_item(self.handler, source=source, lead_unit=self.lead, leader_id=self.leader.id)
        self.lead_id, self.number = self.lead.id, item.number

    def id_of(self, person: Person) -> int:
        """The person's id, also when the session that loaded them is gone."""
        (person_id,) = inspect(person).identity
        return int(person_id)

    def acts(self, person: Person) -> Actor:
        """The person as who acts."""
        return actor_of(db.session.get_one(Person, self.id_of(person)))

    def item(self, *, lock: bool = False) -> Item:
        return items.get_item(db.session(), self.number, reach(self.acts(self.clerk)), lock=lock)

    def prove(self, name: str = "签到表.jpg", content: bytes = b"proof") -> None:
        stored = files.store(io.BytesIO(content), limit_bytes=1 << 20)
        with writing():
            progress.add_evidence(self.item(lock=True), stored, name, actor=self.acts(self.liaison))

    def apply(self, person: Person | None = None, statement: str = STATEMENT) -> Application:
        with writing():
            item = self.item(lock=True)
            return operations.apply(item, a_telling(item, statement), actor=self.acts(person or self.liaison))

    def proved_and_applied(self) -> Application:
        self.prove()
        return self.apply()

    def review(self, position: int) -> Review:
        application = queries.find_last(db.session(), self.item().id)
        assert application is not None
        return application.reviews[position - 1]

    def decide(self, person: Person, position: int, decision: Decision, opinion: str = "") -> Review:
        review_id = self.review(position).id
        with writing():
            actor = self.acts(person)
            review = queries.get_review(db.session(), review_id, reach(actor), lock=True)
            operations.decide(review, decision, opinion, actor=actor)
            return review


def browser_of(app: Flask, office: ClosingOffice, person: Person) -> FlaskClient:
    """A browser in which this person is signed in."""
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.get_one(Person, office.id_of(person)))
    return client
