"""Who is to be told: named people, and those whose grant lies nearest to the unit that answers."""

from collections.abc import Collection, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.access.rules import Role
from tracker.items.models import ItemSupport
from tracker.items.queries import is_party
from tracker.org.models import Account, Grant, Person, UnitAncestor
from tracker.reminders.queries.dated import ANY_LEADER, Only, select_items
from tracker.reminders.queries.dated import NAMED as NAMED_DECIDER
from tracker.reminders.rules import Recipient

NAMED = (Recipient.OWNER, Recipient.HANDLER, Recipient.LEADER, Recipient.SUPERVISOR)
NEAREST = (Role.LIAISON, Role.UNIT_HEAD, Role.OFFICE, Role.LEADER)
SUPPORTERS = (Role.LIAISON, Role.UNIT_HEAD)

# By names of their own, since ``is_party`` asks the same tables within.
Above, Held = aliased(UnitAncestor), aliased(Grant)
_NOBODY = literal(None, Integer)


def select_answerable(things: FromClause) -> CTE:
    """Rows ``subject, subject_id, relation, level, person_id`` of everybody with an open account.

    ``things`` are rows as ``select_dated`` gives them. A liaison, a unit head and the office are those whose grant lies
    nearest above the unit, several if they are equally near; heads further up are UPPER_HEAD, with how many above.
    """
    named = [_named(str(recipient), things.c[f"{recipient}_id"], things) for recipient in NAMED]
    named.append(_named(NAMED_DECIDER, things.c.named_id, things))
    return union_all(*named, _nearest(things), _supporting(things)).cte("answerable")


def _row(things: FromClause, relation: Any, level: Any, person_id: Any) -> tuple[Any, ...]:
    subject = (things.c.subject, things.c.subject_id)
    return (*subject, relation.label("relation"), level.label("level"), person_id.label("person_id"))


def _named(relation: str, person_id: Any, things: FromClause) -> Select[Any]:
    columns = _row(things, literal(relation, String), literal(1), person_id)
    return select(*columns).where(is_able(person_id))


def is_able(person_id: Any) -> ColumnElement[bool]:
    """Whether a person has an open account. No join: SQLite would go through all things for each account."""
    return cast(ColumnElement[bool], person_id.in_(select(Account.person_id).where(Account.is_active)))


def _holders(unit_ids: Any, roles: tuple[Role, ...], place: Any) -> Subquery:
    """Rows ``unit_id, role, place, person_id``: who holds one of these roles in a unit or above it.

    A leader of the unit itself is left out: of its items another one decides.
    """
    columns = (Above.unit_id, Held.role, place.label("place"), Held.person_id)
    of_unit = SimpleNamespace(lead_unit_id=Above.unit_id, owner_id=_NOBODY, handler_id=_NOBODY)
    is_other = or_(Held.role != Role.LEADER, not_(is_party(Held.person_id, of_unit)))
    query = select(*columns).join(Held, Held.unit_id == Above.ancestor_id)
    return query.where(Above.unit_id.in_(unit_ids), Held.role.in_(roles), is_able(Held.person_id), is_other).subquery()


def _nearest(things: FromClause) -> Select[Any]:
    # Reckoned for each unit, of which there are few, not for each thing.
    place = func.dense_rank().over(partition_by=(Above.unit_id, Held.role), order_by=Above.distance)
    holders = _holders(select(things.c.lead_unit_id), NEAREST, place)
    is_upper = and_(holders.c.role == Role.UNIT_HEAD, holders.c.place > 1)
    relation = case(
        (is_upper, str(Recipient.UPPER_HEAD)),
        (holders.c.role == Role.LEADER, ANY_LEADER),
        else_=sql_cast(holders.c.role, String),
    )
    level = case((is_upper, holders.c.place - 1), else_=holders.c.place)
    # Of leaders the one whom the item names is meant; without one, whoever leads nearest.
    meant = or_(holders.c.role != Role.LEADER, things.c.leader_id.is_(None))
    found = select(*_row(things, relation, level, holders.c.person_id))
    found = found.join(holders, holders.c.unit_id == things.c.lead_unit_id)
    return found.where(or_(holders.c.place == 1, is_upper), meant)


def _supporting(things: FromClause) -> Select[Any]:
    """Of each cooperating unit the nearest liaison, or the head where that is nearer."""
    order = (Above.distance, case((Held.role == Role.LIAISON, 0), else_=1))
    place = func.rank().over(partition_by=Above.unit_id, order_by=order)
    supported = select(ItemSupport.unit_id).where(ItemSupport.item_id.in_(select(things.c.item_id)))
    holders = _holders(supported, SUPPORTERS, place)
    columns = _row(things, literal(str(Recipient.SUPPORTING), String), holders.c.place, holders.c.person_id)
    query = select(*columns).join(ItemSupport, ItemSupport.item_id == things.c.item_id)
    return query.join(holders, holders.c.unit_id == ItemSupport.unit_id).where(holders.c.place == 1)


def list_answerable(session: Session, item_ids: Sequence[int]) -> Sequence[tuple[int, Recipient, Person]]:
    """Item, relation and person, for everybody with an open account whom a rule could tell of these items."""
    rows = session.execute(_select_answerable_of_items(), {"item_ids": item_ids})
    return [(item_id, Recipient(relation), person) for item_id, relation, person in rows]


@cache
def _select_answerable_of_items() -> Select[Any]:
    found = select_answerable(select_items(Only(bindparam("item_ids", expanding=True))))
    query = select(found.c.subject_id, found.c.relation, Person).join(Person, Person.id == found.c.person_id)
    is_told = found.c.relation.not_in((ANY_LEADER, NAMED_DECIDER))
    return query.where(is_told).order_by(Person.id, found.c.subject_id).options(joinedload(Person.account))


def list_people(session: Session, person_ids: Collection[int]) -> Sequence[Person]:
    """People by id, with their accounts."""
    query = select(Person).where(Person.id.in_(person_ids)).options(joinedload(Person.account))
    return session.scalars(query.order_by(Person.id)).all()
