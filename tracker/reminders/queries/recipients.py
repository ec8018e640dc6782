"""Who is to be told of an item: named people, and those whose grant lies nearest to its lead unit."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import CTE, Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from tracker.access.rules import Role
from tracker.items.models import Item
from tracker.org.models import Account, Grant, Person, UnitAncestor
from tracker.reminders.rules import Recipient

NAMED = (Recipient.OWNER, Recipient.HANDLER, Recipient.LEADER)
NEAREST = (Recipient.LIAISON, Recipient.UNIT_HEAD, Recipient.OFFICE)


def select_answerable(items: Any) -> CTE:
    """Rows ``item_id, relation, person_id`` of everybody with an open account, for the items with these ids.

    A liaison, a unit head and the office are those whose grant lies nearest above the lead unit, several if they are
    equally near.
    """
    named = [_named(recipient, items) for recipient in NAMED]
    return union_all(*named, _nearest(items)).cte("answerable")


def _named(recipient: Recipient, items: Any) -> Select[Any]:
    person_id = getattr(Item, f"{recipient}_id")
    columns = (Item.id.label("item_id"), literal(str(recipient)).label("relation"), person_id.label("person_id"))
    joined = (Account.person_id == person_id) & Account.is_active
    return select(*columns).join(Account, joined).where(Item.id.in_(items))


def _nearest(items: Any) -> Select[Any]:
    place = func.rank().over(partition_by=(Item.id, Grant.role), order_by=UnitAncestor.distance)
    columns = (
        Item.id.label("item_id"),
        cast(Grant.role, String).label("relation"),
        Grant.person_id,
        place.label("place"),
    )
    ranked = (
        select(*columns)
        .join(UnitAncestor, UnitAncestor.unit_id == Item.lead_unit_id)
        .join(Grant, Grant.unit_id == UnitAncestor.ancestor_id)
        .join(Account, (Account.person_id == Grant.person_id) & Account.is_active)
        .where(Grant.role.in_([Role(recipient) for recipient in NEAREST]), Item.id.in_(items))
        .subquery()
    )
    return select(ranked.c.item_id, ranked.c.relation, ranked.c.person_id).where(ranked.c.place == 1)


def list_answerable(session: Session, item_ids: Sequence[int]) -> Sequence[tuple[int, Recipient, Person]]:
    """Item, relation and person, for everybody with an open account whom a rule could tell of these items."""
    found = select_answerable(item_ids)
    query = select(found.c.item_id, found.c.relation, Person).join(Person, Person.id == found.c.person_id)
    rows = session.execute(query.order_by(Person.id, found.c.item_id))
    return [(item_id, Recipient(relation), person) for item_id, relation, person in rows]


def list_people(session: Session, person_ids: Collection[int]) -> Sequence[Person]:
    """People by id."""
    return session.scalars(select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)).all()
