"""Who is to be told: named people, and those whose grant lies nearest to the unit that answers."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import CTE, FromClause, Select, String, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.access.rules import Role
from tracker.items.models import ItemSupport
from tracker.org.models import Account, Grant, Person, UnitAncestor
from tracker.reminders.queries.dated import ANY_LEADER, Only, select_items
from tracker.reminders.rules import Recipient

NAMED = (Recipient.OWNER, Recipient.HANDLER, Recipient.LEADER, Recipient.SUPERVISOR)
NEAREST = (Role.LIAISON, Role.UNIT_HEAD, Role.OFFICE, Role.LEADER)
SUPPORTERS = (Role.LIAISON, Role.UNIT_HEAD)


def select_answerable(things: FromClause) -> CTE:
    """Rows ``subject, subject_id, relation, level, person_id`` of everybody with an open account.

    ``things`` are rows as ``select_dated`` gives them. A liaison, a unit head and the office are those whose grant lies
    nearest above the unit, several if they are equally near; heads further up are UPPER_HEAD, with how many above.
    """
    named = [_named(recipient, things) for recipient in NAMED]
    return union_all(*named, _nearest(things), _supporting(things)).cte("answerable")


def _row(things: FromClause, relation: Any, level: Any, person_id: Any) -> tuple[Any, ...]:
    subject = (things.c.subject, things.c.subject_id)
    return (*subject, relation.label("relation"), level.label("level"), person_id.label("person_id"))


def _named(recipient: Recipient, things: FromClause) -> Select[Any]:
    person_id = things.c[f"{recipient}_id"]
    columns = _row(things, literal(str(recipient), String), literal(1), person_id)
    return select(*columns).join(Account, and_(Account.person_id == person_id, Account.is_active))


def _granted(things: FromClause, unit_id: Any) -> Any:
    """Joins from a unit to the accounts with a grant in it or above it."""
    above = UnitAncestor.unit_id == unit_id
    held = Grant.unit_id == UnitAncestor.ancestor_id
    is_open = and_(Account.person_id == Grant.person_id, Account.is_active)
    return (UnitAncestor, above), (Grant, held), (Account, is_open)


def _nearest(things: FromClause) -> Select[Any]:
    place = func.dense_rank().over(
        partition_by=(things.c.subject, things.c.subject_id, Grant.role), order_by=UnitAncestor.distance
    )
    # Of leaders the one whom the item names is meant; without one, whoever leads nearest.
    meant = or_(Grant.role != Role.LEADER, things.c.leader_id.is_(None))
    query = select(*_row(things, cast(Grant.role, String), place, Grant.person_id)).select_from(things)
    for table, condition in _granted(things, things.c.lead_unit_id):
        query = query.join(table, condition)
    ranked = query.where(Grant.role.in_(NEAREST), meant).subquery()
    is_upper = and_(ranked.c.relation == Role.UNIT_HEAD, ranked.c.level > 1)
    relation = case(
        (is_upper, str(Recipient.UPPER_HEAD)),
        (ranked.c.relation == Role.LEADER, ANY_LEADER),
        else_=ranked.c.relation,
    )
    level = case((is_upper, ranked.c.level - 1), else_=ranked.c.level)
    found = select(*_row(ranked, relation, level, ranked.c.person_id))
    return found.where(or_(ranked.c.level == 1, is_upper))


def _supporting(things: FromClause) -> Select[Any]:
    """Of each cooperating unit the nearest liaison, or the head where that is nearer."""
    order = (UnitAncestor.distance, case((Grant.role == Role.LIAISON, 0), else_=1))
    place = func.rank().over(partition_by=(things.c.subject, things.c.subject_id, ItemSupport.unit_id), order_by=order)
    columns = _row(things, literal(str(Recipient.SUPPORTING), String), place, Grant.person_id)
    query = select(*columns).select_from(things).join(ItemSupport, ItemSupport.item_id == things.c.item_id)
    for table, condition in _granted(things, ItemSupport.unit_id):
        query = query.join(table, condition)
    ranked = query.where(Grant.role.in_(SUPPORTERS)).subquery()
    return select(*_row(ranked, ranked.c.relation, ranked.c.level, ranked.c.person_id)).where(ranked.c.level == 1)


def list_answerable(session: Session, item_ids: Sequence[int]) -> Sequence[tuple[int, Recipient, Person]]:
    """Item, relation and person, for everybody with an open account whom a rule could tell of these items."""
    found = select_answerable(select_items(Only(item_ids)))
    query = select(found.c.subject_id, found.c.relation, Person).join(Person, Person.id == found.c.person_id)
    rows = session.execute(query.where(found.c.relation != ANY_LEADER).order_by(Person.id, found.c.subject_id))
    return [(item_id, Recipient(relation), person) for item_id, relation, person in rows]


def list_people(session: Session, person_ids: Collection[int]) -> Sequence[Person]:
    """People by id."""
    return session.scalars(select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)).all()
