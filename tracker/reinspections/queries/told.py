"""Who is told of second looks and checks, and what a message about them has to say."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Actor, Role, reach
from tracker.items.models import Item
from tracker.items.queries import within
from tracker.org.models import Account, Person
from tracker.org.queries import select_nearest
from tracker.outbox.models import Message
from tracker.reinspections.models import Reinspection
from tracker.reinspections.queries.checks import is_due, is_lasting
from tracker.reinspections.queries.looks import is_inspector
from tracker.reinspections.rules import LookState

ANSWERING = (Role.LIAISON, Role.UNIT_HEAD, Role.OFFICE)
LOOKS, REBOUND, CHECKS = "looks_waiting", "look_rebound", "checks_due"


class Due(NamedTuple):
    """A person who is to be told, with one look (its id) or one item to be checked (its), its day and its number."""

    person_id: int
    id: int
    due_on: date
    number: str


def list_due_looks(session: Session, before: date) -> Sequence[Due]:
    """The looks that wait for an inspector with an open account and are due by a day."""
    query = select(Account.person_id, Reinspection.id, Reinspection.due_on, Item.number)
    query = query.join(Item, Item.id == Reinspection.item_id)
    query = query.join(Account, (Account.person_id == Reinspection.inspector_id) & Account.is_active)
    waits = (Reinspection.state == LookState.WAITING, Reinspection.due_on <= before)
    rows: Any = session.execute(query.where(*waits).order_by(Reinspection.id))
    return [Due(*row) for row in rows]


def list_due_checks(session: Session, today: date) -> Sequence[Due]:
    """What is kept up for ever and to be checked by today, for each person of the office nearest to its unit."""
    due = (is_lasting(), Item.next_check_on <= today)
    nearest = select_nearest(select(Item.lead_unit_id).where(*due), (Role.OFFICE,))
    query = select(nearest.c.person_id, Item.id, Item.next_check_on, Item.number)
    query = query.join(nearest, nearest.c.unit_id == Item.lead_unit_id).where(*due)
    return [Due(*row) for row in session.execute(query.order_by(nearest.c.person_id, Item.id))]


def list_queued(session: Session, kind: str, slots: Collection[str]) -> set[tuple[int, str]]:
    """Person and slot of the messages of a kind that are there already."""
    query = select(Message.person_id, Message.slot).where(Message.kind == kind, Message.slot.in_(sorted(slots)))
    return {(person_id, slot) for person_id, slot in session.execute(query.distinct()) if person_id is not None}


def map_people(session: Session, person_ids: Collection[int]) -> Mapping[int, Person]:
    """People by id."""
    return {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(sorted(person_ids))))}


def list_answering(session: Session, unit_id: int | None) -> Sequence[Person]:
    """The liaisons, heads and office people nearest to a unit, with open accounts."""
    if unit_id is None:
        return []
    nearest = select_nearest(select(Item.lead_unit_id).where(Item.lead_unit_id == unit_id), ANSWERING)
    query = select(Person).where(Person.id.in_(select(nearest.c.person_id)))
    return session.scalars(query.order_by(Person.id)).all()


def list_still_waiting(session: Session, actor: Actor, look_ids: Collection[int]) -> Sequence[Reinspection]:
    """Of these looks those that still wait for this person, the first due first."""
    waits = (Reinspection.state == LookState.WAITING, is_inspector(actor))
    query = select(Reinspection).join(Reinspection.item).where(Reinspection.id.in_(sorted(look_ids)), *waits)
    query = query.where(within(reach(actor))).options(joinedload(Reinspection.unit), joinedload(Reinspection.item))
    return session.scalars(query.order_by(Reinspection.due_on, Reinspection.id)).unique().all()


def list_still_due(session: Session, actor: Actor, item_ids: Collection[int], today: date) -> Sequence[Item]:
    """Of these items those that this person is still to check, the first due first."""
    query = select(Item).where(Item.id.in_(sorted(item_ids)), is_due(actor, today))
    query = query.options(joinedload(Item.lead_unit))
    return session.scalars(query.order_by(Item.next_check_on, Item.id)).unique().all()


def find_look(session: Session, look_id: int) -> Reinspection | None:
    """A look with what its message tells, whoever reads it."""
    query = select(Reinspection).where(Reinspection.id == look_id)
    item = joinedload(Reinspection.item, innerjoin=True).selectinload(Item.supports)
    return session.scalars(query.options(item, joinedload(Reinspection.inspector))).unique().one_or_none()
