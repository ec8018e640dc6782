"""Who is a party to an item, and who is left to decide about it."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session

from tracker.access.rules import PERMISSIONS, Action, Actor, Relation, Role, UnitSet
from tracker.items.four_eyes import Decider
from tracker.items.models import Item
from tracker.org.models import Account, Grant, Person, UnitAncestor
from tracker.org.queries import within as in_units


def load_decider(session: Session, actor: Actor) -> Decider:
    """Somebody with the units they belong to and those they head."""
    units = session.scalars(_units_of(actor.identities)) if actor.identities else ()
    heads = UnitSet() if actor.is_system else actor.units((Role.UNIT_HEAD,))
    return Decider(actor.identities, frozenset(units), heads)


def _units_of(person_ids: Collection[int]) -> Any:
    above = select(UnitAncestor.ancestor_id).join(Person, Person.unit_id == UnitAncestor.unit_id)
    return above.where(Person.id.in_(sorted(person_ids)))


def is_party(actor: Actor) -> ColumnElement[bool]:
    """The condition of ``four_eyes.is_party``, for whole lists of items."""
    if actor.is_system or not actor.identities:
        return false()
    ids = sorted(actor.identities)
    return or_(
        func.coalesce(Item.lead_unit_id, 0).in_(_units_of(actor.identities)),
        in_units(Item.lead_unit_id, actor.units((Role.UNIT_HEAD,))),
        func.coalesce(Item.owner_id, 0).in_(ids),
        func.coalesce(Item.handler_id, 0).in_(ids),
    )


def list_deciders(
    session: Session, item: Item, action: Action, *, excluded: Collection[int | None]
) -> Sequence[Person]:
    """People with an open account who may do this to an item and are no party to it, by id.

    Of leaders only the item's own, if it has one who may.
    """
    roles, relations = PERMISSIONS[action]
    related = [item.leader_id] if Relation.LEADER in relations and item.leader_id is not None else []
    may = or_(_holds(item.lead_unit_id, sorted(roles)), Person.id.in_(related))
    belongs = exists().where(UnitAncestor.unit_id == Person.unit_id, UnitAncestor.ancestor_id == item.lead_unit_id)
    out = {*excluded, item.owner_id, item.handler_id} - {None}
    query = select(Person).join(Account, and_(Account.person_id == Person.id, Account.is_active))
    query = query.where(may, not_(belongs), not_(_holds(item.lead_unit_id, [Role.UNIT_HEAD])))
    query = query.where(Person.id.not_in(sorted(each for each in out if each is not None))).order_by(Person.id)
    found = session.scalars(query).unique().all()
    return [each for each in found if each.id in related] or found


def _holds(unit_id: int | None, roles: Sequence[Role]) -> ColumnElement[bool]:
    reaching = and_(UnitAncestor.ancestor_id == Grant.unit_id, UnitAncestor.unit_id == unit_id)
    return exists().where(Grant.person_id == Person.id, Grant.role.in_(roles), reaching)
