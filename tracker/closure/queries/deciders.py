"""Reading who may decide a step."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.access.rules import PERMISSIONS, Role
from tracker.items.models import Item
from tracker.org import queries as people
from tracker.org.models import Account, Person
from tracker.sources.rules import STEP_ACTIONS, StepKind


def list_possible_deciders(session: Session, item: Item, kind: StepKind) -> frozenset[int]:
    """Ids of the people with an account who may decide a step for this item, the applicant not yet left out."""
    if item.lead_unit_id is None:
        return frozenset()
    roles, relations = PERMISSIONS[STEP_ACTIONS[kind]]
    found = {each.id for role in sorted(roles) for each in people.list_role_holders(session, role, item.lead_unit_id)}
    related = [getattr(item, f"{relation}_id") for relation in sorted(relations)]
    found |= _with_account(session, [person_id for person_id in related if person_id is not None])
    if kind is StepKind.OFFICE:
        found -= {each.id for each in people.list_role_holders(session, Role.UNIT_HEAD, item.lead_unit_id)}
    return frozenset(found)


def _with_account(session: Session, person_ids: Collection[int]) -> set[int]:
    query = select(Person.id).join(Account).where(Person.id.in_(person_ids), Account.is_active)
    return set(session.scalars(query)) if person_ids else set()
