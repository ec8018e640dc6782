"""Reading accounts, grants and what a running session stands on."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, Subquery, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Actor, Role, UnitSet
from tracker.org.models import Account, Grant, Person, SignInTries, Substitute, Unit, UnitAncestor
from tracker.org.queries.substitutes import runs_on
from tracker.org.rules import NOT_PASSED_ON, login_key
from tracker.settings.models import Setting
from tracker.settings.queries import keep

IDLE = "security.idle_minutes"


def find_signed_in(
    session: Session, person_id: int, session_key: str, day: date
) -> tuple[Person, int, Sequence[Substitute]] | None:
    """The person of a running session, after how many idle minutes it ends, and for whom they stand in on a day.

    None once the account is shut or its sessions were ended.
    """
    rows = session.execute(_signed_in(), {"person_id": person_id, "session_key": session_key, "day": day}).all()
    if not rows:
        return None
    settings = keep(session, {row.key: row.value for row in rows if row.key is not None}.items())
    absent = dict.fromkeys(row.Substitute for row in rows if row.Substitute is not None)
    return rows[0].Person, settings[IDLE], list(absent)


@cache
def _signed_in() -> Select[Person, Substitute, str, str]:
    """Built once, because every request asks so."""
    # Every page needs the settings; read along here they cost no statement of their own.
    return (
        select(Person, Substitute, Setting.key, Setting.value)
        .join(Account)
        .outerjoin(Substitute, and_(Substitute.person_id == Person.id, runs_on(bindparam("day"))))
        .outerjoin(Setting, true())
        .where(Person.id == bindparam("person_id"), Account.session_key == bindparam("session_key"), Account.is_active)
        .order_by(Substitute.id)
        .options(joinedload(Person.account), joinedload(Person.unit), joinedload(Substitute.absent))
    )


def load_actor(session: Session, person: Person) -> Actor:
    """The person with all units that each granted role reaches, in one query."""
    reached: dict[Role, UnitSet] = {}
    for role, unit_id in session.execute(_granted(), {"person_id": person.id}):
        found = UnitSet(everywhere=True) if unit_id is None else UnitSet(ids=frozenset({unit_id}))
        reached[role] = reached.get(role, UnitSet()) | found
    return Actor(person.id, person.name, reached)


@cache
def _granted() -> Select[Role, int]:
    """Built once, because every request asks so."""
    # A grant in the root reaches everything, units added later included: its units need not be told.
    below = and_(UnitAncestor.ancestor_id == Grant.unit_id, Unit.parent_id.is_not(None))
    return (
        select(Grant.role, UnitAncestor.unit_id)
        .join(Unit, Unit.id == Grant.unit_id)
        .outerjoin(UnitAncestor, below)
        .where(Grant.person_id == bindparam("person_id"))
    )


def load_substitute(session: Session, person: Person, absent: Person) -> Actor:
    """A person as they act for somebody absent: with what is granted to that person, but for keeping the system."""
    actor = load_actor(session, absent)
    grants = {role: units for role, units in actor.grants.items() if role not in NOT_PASSED_ON}
    return Actor(person.id, person.name, grants, for_id=absent.id, for_name=absent.name)


def find_account(session: Session, login: str, *, lock: bool = False) -> Account | None:
    """An account by its sign-in name, however it is spelled."""
    query = select(Account).where(Account.login == login_key(login)).options(joinedload(Account.person))
    return session.scalar(query.with_for_update(of=Account) if lock else query)


def get_tries(session: Session, login: str) -> SignInTries:
    """The wrong tries with a sign-in name, which must have been noted before."""
    query = select(SignInTries).where(SignInTries.login == login)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def find_tries(session: Session, login: str) -> SignInTries | None:
    """The wrong tries with a sign-in name, if any."""
    return session.get(SignInTries, login)


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


def select_nearest(unit_ids: Select[Any], roles: Collection[Role]) -> Subquery:
    """Rows ``unit_id, person_id``: with an open account, those whose grant of each role lies nearest above the unit."""
    place = func.rank().over(partition_by=(UnitAncestor.unit_id, Grant.role), order_by=UnitAncestor.distance)
    ranked = (
        select(UnitAncestor.unit_id, Grant.person_id, place.label("place"))
        .join(Grant, Grant.unit_id == UnitAncestor.ancestor_id)
        .join(Account, (Account.person_id == Grant.person_id) & Account.is_active)
        .where(UnitAncestor.unit_id.in_(unit_ids), Grant.role.in_(sorted(roles)))
        .subquery()
    )
    return select(ranked.c.unit_id, ranked.c.person_id).where(ranked.c.place == 1).subquery()


def list_administrators(session: Session, *, lock: bool = False) -> Sequence[Account]:
    """The open accounts of people who administer the whole organ or, when nobody does, any part of it."""
    query = select(Account, Unit.parent_id).join(Grant, Grant.person_id == Account.person_id)
    query = query.join(Unit, Unit.id == Grant.unit_id).where(Account.is_active, Grant.role == Role.ADMINISTRATOR)
    query = query.order_by(Account.person_id)
    rows = session.execute(query.with_for_update(of=Account) if lock else query).all()
    whole = [account for account, parent_id in rows if parent_id is None]
    return list(dict.fromkeys(whole or [account for account, _parent_id in rows]))


def find_grant(session: Session, person_id: int, role: Role, unit_id: int) -> Grant | None:
    """A role as it is granted to a person in one unit."""
    query = select(Grant).where(Grant.person_id == person_id, Grant.role == role, Grant.unit_id == unit_id)
    return session.scalar(query)


def is_set_up(session: Session) -> bool:
    """Whether there is a unit or an account, so that the first run is over."""
    found = select(or_(select(Unit.id).exists(), select(Account.person_id).exists()))
    return bool(session.scalar(found))
