"""Reading units, people and what is granted to them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Actor, Role, UnitSet
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.org.models import Account, Grant, Person, Unit, UnitAncestor


def find_signed_in(session: Session, person_id: int, session_key: str) -> Person | None:
    """The person of a running session; None once the account is shut or its sessions were ended."""
    query = (
        select(Person)
        .join(Account)
        .where(Person.id == person_id, Account.session_key == session_key, Account.is_active)
        .options(joinedload(Person.account), joinedload(Person.unit))
    )
    return session.scalar(query)


def load_actor(session: Session, person: Person) -> Actor:
    """The person with all units that each granted role reaches, in one query."""
    query = (
        select(Grant.role, Unit.parent_id, UnitAncestor.unit_id)
        .join(Unit, Unit.id == Grant.unit_id)
        .join(UnitAncestor, UnitAncestor.ancestor_id == Grant.unit_id)
        .where(Grant.person_id == person.id)
    )
    reached: dict[Role, UnitSet] = {}
    for role, parent_id, unit_id in session.execute(query):
        # A grant in the root reaches everything, units added later included.
        found = UnitSet(everywhere=parent_id is None, ids=frozenset({unit_id}))
        reached[role] = reached.get(role, UnitSet()) | found
    return Actor(person.id, person.name, reached)


def get_unit(session: Session, unit_id: int) -> Unit:
    """A unit by id; raises NotFound."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFound(_l("没有找到这个单位。"))
    return unit


def find_units(session: Session, names: Collection[str]) -> Mapping[str, Unit]:
    """Units by exact name or path; a name that two units bear is left out."""
    query = select(Unit).where(or_(Unit.name.in_(names), Unit.path.in_(names)), Unit.is_active)
    found: dict[str, Unit] = {}
    doubled: set[str] = set()
    for unit in session.scalars(query):
        for name in {unit.name, unit.path} & set(names):
            doubled |= {name} if name in found else set()
            found[name] = unit
    return {name: unit for name, unit in found.items() if name not in doubled}


def list_units(session: Session) -> Sequence[Unit]:
    """All units in the order of the tree."""
    return session.scalars(select(Unit).order_by(Unit.path)).all()


def find_people(session: Session, names: Collection[str]) -> Mapping[str, Sequence[Person]]:
    """People by exact name; several may bear one."""
    found: dict[str, list[Person]] = {}
    for person in session.scalars(select(Person).where(Person.name.in_(names)).order_by(Person.id)):
        found.setdefault(person.name, []).append(person)
    return found


def get_person(session: Session, person_id: int) -> Person:
    """A person by id; raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound(_l("没有找到这个人。"))
    return person


def find_account(session: Session, login: str) -> Account | None:
    """An account by its sign-in name, letter case aside."""
    return session.scalar(select(Account).where(Account.login == login.lower()).options(joinedload(Account.person)))


def select_people() -> Select[Any]:
    """All people with unit, account and grants, by pinyin."""
    query = select(Person).order_by(Person.pinyin, Person.id)
    return query.options(joinedload(Person.unit), joinedload(Person.account))


def list_role_holders(session: Session, role: Role, unit_id: int) -> Sequence[Person]:
    """People with an account whose grant of a role reaches a unit, the nearest grant first."""
    query = (
        select(Person)
        .join(Grant, Grant.person_id == Person.id)
        .join(UnitAncestor, (UnitAncestor.ancestor_id == Grant.unit_id) & (UnitAncestor.unit_id == unit_id))
        .join(Account, (Account.person_id == Person.id) & Account.is_active)
        .where(Grant.role == role)
        .order_by(UnitAncestor.distance, Person.id)
    )
    return session.scalars(query).all()
