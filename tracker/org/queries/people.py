"""Reading people."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import UnitSet
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.org.models import Account, Grant, Person, Unit
from tracker.org.queries.units import Choice, select_subtree, within


def find_people(session: Session, names: Collection[str]) -> Mapping[str, Sequence[Person]]:
    """People by exact name; several may bear one."""
    found: dict[str, list[Person]] = {}
    for person in session.scalars(select(Person).where(Person.name.in_(names)).order_by(Person.id)):
        found.setdefault(person.name, []).append(person)
    return found


def list_namesakes(session: Session, name: str) -> Sequence[Person]:
    """People of that name with unit and account, those without an account first."""
    query = select(Person).outerjoin(Account).where(Person.name == name)
    query = query.order_by(Account.person_id.isnot(None), Person.id)
    return session.scalars(query.options(joinedload(Person.unit), joinedload(Person.account))).all()


def list_in_unit(session: Session, name: str, unit_id: int) -> Sequence[Person]:
    """People of that name in a unit or below it, and plain names that belong to no unit yet."""
    query = select(Person).where(
        Person.name == name, or_(Person.unit_id.in_(select_subtree(unit_id)), Person.unit_id.is_(None))
    )
    return session.scalars(query.order_by(Person.unit_id.is_(None), Person.id)).all()


def get_person(session: Session, person_id: int, *, lock: bool = False) -> Person:
    """A person by id; raises NotFound."""
    query = select(Person).where(Person.id == person_id)
    person = session.scalar(query.with_for_update(of=Person) if lock else query)
    if person is None:
        raise NotFound(_l("没有找到这个人。"))
    return person


def select_people(*, units: UnitSet | None = None, text: str = "", unit_id: int | None = None) -> Select[Any]:
    """People with unit, account and grants, by pinyin; of these units, whose name or pinyin holds the text."""
    query = select(Person).order_by(Person.pinyin, Person.id)
    if units is not None:
        query = query.where(within(Person.unit_id, units))
    if text:
        typed = text.lower().replace(" ", "")
        found = (Person.name.contains(text, autoescape=True), Person.pinyin.contains(typed, autoescape=True))
        query = query.where(or_(*found))
    if unit_id is not None:
        query = query.where(Person.unit_id.in_(select_subtree(unit_id)))
    grants = selectinload(Person.grants).joinedload(Grant.unit)
    return query.options(joinedload(Person.unit), joinedload(Person.account), grants)


def count_people(session: Session) -> Mapping[int, int]:
    """How many people sit in each unit, those below it not counted; units without anybody are left out."""
    query = select(Person.unit_id, func.count()).where(Person.unit_id.isnot(None)).group_by(Person.unit_id)
    return {unit_id: count for unit_id, count in session.execute(query) if unit_id is not None}


def list_people_choices(session: Session) -> Sequence[Choice]:
    """Every name once, for a ``<datalist>``."""
    query = select(Person.name, Person.pinyin, Unit.name).outerjoin(Unit, Unit.id == Person.unit_id)
    found: dict[str, Choice] = {}
    for name, pinyin, unit_name in session.execute(query.order_by(Person.pinyin, Person.id)):
        found.setdefault(name, Choice(name, " ".join(filter(None, (unit_name, pinyin)))))
    return list(found.values())


def names_of(session: Session, wanted: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
    """The present names of units and people, each asked for as ``("unit", id)`` or ``("person", id)``."""
    found: dict[tuple[str, int], str] = {}
    for kind, table in (("unit", Unit), ("person", Person)):
        ids = sorted(id for each, id in wanted if each == kind)
        if ids:
            rows = session.execute(select(table.id, table.name).where(table.id.in_(ids)))
            found |= {(kind, id): name for id, name in rows}
    return found
