"""Names as people type them, turned into units and people that are there; new people only where that was confirmed."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sqlalchemy.orm import Session

from tracker.access.rules import Actor
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.deadlines import read_deadline
from tracker.items.models import Item
from tracker.items.operations.assignment import Assignment
from tracker.org import queries as org
from tracker.org.models import Person, Unit
from tracker.org.operations import name_person
from tracker.org.rules import check_name

PEOPLE_FIELDS = ("leader", "supervisor", "owner")
_BETWEEN = re.compile(r"[、，,;；\n]+")
_WITH_UNIT = re.compile(r"(?P<name>[^（(]+)[（(](?P<unit>[^）)]+)[)）]")


@dataclass(frozen=True)
class Typed:
    """What was typed about who answers; ``...`` leaves a field as it is, an empty text clears it.

    ``supporting_units`` are names with 、 between them, ``deadline`` words as in a cell or a Deadline.
    """

    lead_unit: Any = ...
    supporting_units: Any = ...
    leader: Any = ...
    supervisor: Any = ...
    owner: Any = ...
    deadline: Any = ...
    cause: Any = ...
    goal: Any = ...
    remark: Any = ...

    def units(self) -> list[str]:
        """The names of units in it."""
        lead = [self.lead_unit] if self.lead_unit not in (..., "") else []
        return [*lead, *split_names(self.supporting_units)]

    def people(self) -> list[str]:
        """The names of people in it, without the units in brackets."""
        typed = [getattr(self, field) for field in PEOPLE_FIELDS]
        return [person_and_unit(name)[0] for name in typed if name not in (..., "")]


class UnknownPeople(DomainError):
    """Names that nobody bears yet; they are added when the person says so."""

    def __init__(self, names: Collection[str]) -> None:
        message = _l("“%(names)s”是新的姓名，请核对有没有写错；确认无误请勾选“新增这些人员”。", names="、".join(names))
        super().__init__(message, field="adds_people")
        self.names = list(names)


def split_names(typed: Any) -> list[str]:
    """The single names of a field, each once."""
    if typed is ...:
        return []
    return list(dict.fromkeys(name.strip() for name in _BETWEEN.split(typed) if name.strip()))


def person_and_unit(typed: str) -> tuple[str, str]:
    """The name and, when somebody is told apart as 王敏（组织部）, the unit; both without space around."""
    match = _WITH_UNIT.fullmatch(typed.strip())
    return (match["name"].strip(), match["unit"].strip()) if match else (typed.strip(), "")


class Names:
    """The units and people that stand behind the names of one form or one paste, read in a few queries."""

    def __init__(self, session: Session, typed: Iterable[Typed]) -> None:
        all_typed = list(typed)
        people = {name for each in all_typed for name in each.people()}
        told = [getattr(each, field) for each in all_typed for field in PEOPLE_FIELDS]
        units = {name for each in all_typed for name in each.units()}
        units |= {person_and_unit(name)[1] for name in told if name is not ...} - {""}
        self._session = session
        self._units: Mapping[str, Unit] = org.find_units(session, units)
        self._people: dict[str, Sequence[Person]] = dict(org.find_people(session, people))

    def find_unit(self, name: Any) -> Unit | None:
        """The unit of exactly that name, if any."""
        return self._units.get(name)

    def unit(self, name: str, *, field: str) -> Unit:
        """The unit of exactly that name; raises DomainError naming near ones."""
        unit = self._units.get(name)
        if unit is not None:
            return unit
        near = near_names(name, [choice.value for choice in org.list_unit_choices(self._session)])
        if near:
            message = _l("没有名为“%(name)s”的单位，您是不是要填：%(near)s？", name=name, near="、".join(near))
        else:
            message = _l("没有名为“%(name)s”的单位，请先由系统管理员建立。", name=name)
        raise DomainError(message, field=field)

    def person(self, typed: str, *, field: str, unit_id: int | None = None) -> Person | None:
        """The person meant: the only one of that name, else the one of that unit; None for a new name."""
        name, unit_name = person_and_unit(typed)
        there = self._people.get(check_name(name), ())
        if unit_name:
            unit_id = self.unit(unit_name, field=field).id
        same_unit = [person for person in there if person.unit_id == unit_id and unit_id is not None]
        if len(same_unit) == 1 or (unit_name and not same_unit):
            return same_unit[0] if same_unit else None
        if len(there) > 1:
            units = "、".join(f"{name}（{each.unit.name if each.unit else '—'}）" for each in there)
            raise DomainError(
                _l("有 %(n)d 个人叫“%(name)s”，请写明单位：%(units)s。", n=len(there), name=name, units=units),
                field=field,
            )
        return there[0] if there else None

    def add(self, person: Person) -> None:
        """Know a person who was just written down, so that the next row means the same one."""
        self._people[person.name] = [*self._people.get(person.name, ()), person]


def near_names(name: str, names: Sequence[str], limit: int = 3) -> list[str]:
    """The names most like one that is not there: those that hold it or that it holds come first."""
    holding = [each for each in names if name in each or each in name]
    return list(dict.fromkeys([*holding, *get_close_matches(name, names, n=limit, cutoff=0.5)]))[:limit]


def understand(typed: Typed, names: Names, *, item: Item, actor: Actor, adds_people: bool) -> Assignment:
    """What was typed, as an assignment of this item.

    New people are written down when ``adds_people``, else UnknownPeople is raised. Raises DomainError with the field
    for a unit that is not there, a name that several people bear, a deadline that can't be read.
    """
    values: dict[str, Any] = {}
    lead_unit = item.lead_unit
    if typed.lead_unit is not ...:
        lead_unit = names.unit(typed.lead_unit, field="lead_unit") if typed.lead_unit else None
        values["lead_unit_id"] = lead_unit.id if lead_unit else None
    if typed.supporting_units is not ...:
        found = [names.unit(name, field="supporting_units") for name in split_names(typed.supporting_units)]
        values["supporting_unit_ids"] = [unit.id for unit in found]
    if typed.deadline is not ...:
        values["deadline"] = _deadline(typed.deadline, item)
    values |= {name: getattr(typed, name) for name in ("cause", "goal", "remark") if getattr(typed, name) is not ...}
    people = {field: getattr(typed, field) for field in PEOPLE_FIELDS if getattr(typed, field) is not ...}
    values |= _people(people, names, item=item, lead_unit=lead_unit, actor=actor, adds_people=adds_people)
    return Assignment(**values)


def _deadline(typed: Any, item: Item) -> Any:
    return (read_deadline(typed, item.source.received_on) if typed else None) if isinstance(typed, str) else typed


def _people(
    typed: Mapping[str, str], names: Names, *, item: Item, lead_unit: Unit | None, actor: Actor, adds_people: bool
) -> dict[str, int | None]:
    values: dict[str, int | None] = {}
    new: dict[str, Unit | None] = {}
    for field, name in typed.items():
        now: Person | None = getattr(item, field)
        unit = lead_unit if field == "owner" else None
        if not name:
            values[f"{field}_id"] = None
        elif now is not None and now.name == name:
            values[f"{field}_id"] = now.id
        elif person := names.person(name, field=field, unit_id=unit.id if unit else None):
            values[f"{field}_id"] = person.id
        else:
            _name, unit_name = person_and_unit(name)
            new[field] = names.unit(unit_name, field=field) if unit_name else unit
    if new and not adds_people:
        raise UnknownPeople(list(dict.fromkeys(person_and_unit(typed[field])[0] for field in new)))
    for field, unit in new.items():
        person = name_person(person_and_unit(typed[field])[0], actor=actor, unit=unit)
        names.add(person)
        values[f"{field}_id"] = person.id
    return values
