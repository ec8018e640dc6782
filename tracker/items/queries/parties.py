"""Who is a party to an item, in SQL, and who is left to decide about it; the rule is ``items.four_eyes.is_party``."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from tracker.access.rules import PERMISSIONS, Action, Relation, Role
from tracker.items.four_eyes import Decider
from tracker.items.models import Item
from tracker.org.models import Account, Grant, Person, UnitAncestor


def load_decider(session: Session, identities: Collection[int]) -> Decider:
    """Somebody, under all the ids that count as one, with the units they belong to and those they head."""
    ids = sorted(identities)
    belongs = select(UnitAncestor.ancestor_id).join(Person, Person.unit_id == UnitAncestor.unit_id)
    heads = select(UnitAncestor.unit_id).join(Grant, Grant.unit_id == UnitAncestor.ancestor_id)
    heads = heads.where(Grant.role == Role.UNIT_HEAD, Grant.person_id.in_(ids))
    units = session.scalars(belongs.where(Person.id.in_(ids)))
    return Decider(frozenset(ids), frozenset(units), frozenset(session.scalars(heads)))


def is_party(person: Any, row: Any) -> ColumnElement[bool]:
    """Whether a person (a column, an id, or several ids of one actor) is a party to the item of a row.

    The row has the columns ``lead_unit_id``, ``owner_id`` and ``handler_id`` of an item.
    """
    belongs = exists().where(
        _is(Person.id, person), UnitAncestor.unit_id == Person.unit_id, UnitAncestor.ancestor_id == row.lead_unit_id
    )
    heads = exists().where(
        _is(Grant.person_id, person),
        Grant.role == Role.UNIT_HEAD,
        UnitAncestor.ancestor_id == Grant.unit_id,
        UnitAncestor.unit_id == row.lead_unit_id,
    )
    return or_(
        func.coalesce(_is(row.owner_id, person), False),
        func.coalesce(_is(row.handler_id, person), False),
        belongs,
        heads,
    )


def _is(column: Any, person: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.in_(sorted(person)) if isinstance(person, frozenset) else column == person
    return found


def list_deciders(
    session: Session, item: Item, action: Action, *, excluded: Collection[int | None]
) -> Sequence[Person]:
    """People with an open account who may do this to an item and are no party to it, by id.

    Of leaders only the item's own, if it has one who may.
    """
    roles, relations = PERMISSIONS[action]
    related = [item.leader_id] if Relation.LEADER in relations and item.leader_id is not None else []
    may = or_(_holds(item.lead_unit_id, sorted(roles)), Person.id.in_(related))
    query = select(Person).join(Account, and_(Account.person_id == Person.id, Account.is_active))
    query = query.join(Item, Item.id == item.id).where(may, not_(is_party(Person.id, Item)))
    out = sorted(each for each in excluded if each is not None)
    found = session.scalars(query.where(Person.id.not_in(out)).order_by(Person.id)).unique().all()
    return [each for each in found if each.id in related] or found


def _holds(unit_id: int | None, roles: Sequence[Role]) -> ColumnElement[bool]:
    reaching = and_(UnitAncestor.ancestor_id == Grant.unit_id, UnitAncestor.unit_id == unit_id)
    return exists().where(Grant.person_id == Person.id, Grant.role.in_(roles), reaching)
