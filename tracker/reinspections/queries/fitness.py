"""Who had a part in closing items, and who is left to look at them again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, select, union_all
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Role
from tracker.closure.models import Application, Paper, Review
from tracker.items.four_eyes import Decider
from tracker.items.models import Item, ItemChange
from tracker.items.rules import Event
from tracker.org.models import Account, Grant, Person, UnitAncestor
from tracker.reinspections.rules import READING, is_fit

CLOSINGS = (Event.CLOSE, Event.CLOSE_ON_IMPORT)


@dataclass(frozen=True)
class Candidate:
    """Somebody with an open account, and the units whose items they read."""

    person: Person
    decider: Decider
    reads: frozenset[int]


def map_closers(session: Session, item_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Who applied, decided, entered a paper or closed on import, and whom they acted for, by item."""
    ids, review, change = sorted(item_ids), Review, ItemChange
    of_review = select(Application.item_id).join(review, review.application_id == Application.id)
    parts = [
        *(
            select(Application.item_id, column).where(Application.item_id.in_(ids))
            for column in (Application.applicant_id, Application.applicant_for_id)
        ),
        *(
            of_review.add_columns(column).where(Application.item_id.in_(ids))
            for column in (review.decider_id, review.decider_for_id)
        ),
        of_review.add_columns(Paper.entered_by_id)
        .join(Paper, Paper.id == review.paper_id)
        .where(Application.item_id.in_(ids)),
        *(
            select(change.item_id, column).where(change.item_id.in_(ids), change.event.in_(CLOSINGS))
            for column in (change.by_id, change.for_id)
        ),
    ]
    found: dict[int, set[int]] = defaultdict(set)
    for item_id, person_id in session.execute(union_all(*parts)):
        if person_id is not None:
            found[item_id].add(person_id)
    return {item_id: frozenset(found[item_id]) for item_id in ids}


def list_candidates(session: Session, unit_ids: Collection[int]) -> list[Candidate]:
    """People with an open account who read items of these units, by pinyin; four queries however many they are."""
    units = sorted(unit_ids)
    reaching = and_(UnitAncestor.ancestor_id == Grant.unit_id, UnitAncestor.unit_id.in_(units))
    reads = exists().where(Grant.person_id == Person.id, Grant.role.in_(READING), reaching)
    query = select(Person).join(Account, and_(Account.person_id == Person.id, Account.is_active)).where(reads)
    people = session.scalars(query.options(joinedload(Person.unit)).order_by(Person.pinyin, Person.id)).all()
    ids = [person.id for person in people]
    above: dict[int, set[int]] = defaultdict(set)
    upward = select(Person.id, UnitAncestor.ancestor_id).join(UnitAncestor, UnitAncestor.unit_id == Person.unit_id)
    for person_id, unit_id in session.execute(upward.where(Person.id.in_(ids))):
        above[person_id].add(unit_id)
    held: dict[tuple[int, bool], set[int]] = defaultdict(set)
    granted = select(Grant.person_id, Grant.role, UnitAncestor.unit_id).join(UnitAncestor, reaching)
    for person_id, role, unit_id in session.execute(granted.where(Grant.person_id.in_(ids))):
        if role in READING or role == Role.UNIT_HEAD:
            held[person_id, role == Role.UNIT_HEAD].add(unit_id)
    return [
        Candidate(
            person,
            Decider(frozenset({person.id}), frozenset(above[person.id]), frozenset(held[person.id, True])),
            frozenset(held[person.id, False]),
        )
        for person in people
    ]


def map_fit(session: Session, items: Sequence[Item]) -> Mapping[int, list[Person]]:
    """Who may look again at each of these items, by its id."""
    units = {item.lead_unit_id for item in items if item.lead_unit_id is not None}
    closers, candidates = map_closers(session, [item.id for item in items]), list_candidates(session, units)
    return {
        item.id: [
            each.person
            for each in candidates
            if item.lead_unit_id in each.reads and is_fit(each.decider, item, closers[item.id])
        ]
        for item in items
    }
