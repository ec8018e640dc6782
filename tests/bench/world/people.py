"""The people of the made-up organ: four levels of units, and who holds what in them.

Places are the units that lead items: the offices (third level), then the teams below them (fourth).
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tracker.access.rules import Role
from tracker.org.models import Account, Grant, Person, Unit, UnitAncestor

DEPARTMENTS, OFFICES, TEAMS = 20, 180, 360
PLACES = OFFICES + TEAMS
FIRST_OFFICE_UNIT = 2 + DEPARTMENTS
PEOPLE, LEADERS = 2_000, DEPARTMENTS
# Ids of people, block by block; whoever is in none of them is plain staff.
FIRST_HEAD = 1 + LEADERS
FIRST_PLACE_HEAD = FIRST_HEAD + DEPARTMENTS
FIRST_HANDLER = FIRST_PLACE_HEAD + PLACES
FIRST_LIAISON = FIRST_HANDLER + 2 * PLACES
ADMINISTRATOR = FIRST_LIAISON + OFFICES
AUDITOR, FIRST_VIEWER, VIEWERS = ADMINISTRATOR + 1, ADMINISTRATOR + 2, 7
OFFICE_STAFF = 21
FIRST_OF_OFFICE = PEOPLE - OFFICE_STAFF + 1
# Whom the bench signs in: of the office, a handler of a place that has work in an organ of any size, the head of the
# department above.
PLACE_MEASURED = 210
OFFICE, HANDLER, HEAD = PEOPLE, FIRST_HANDLER + PLACE_MEASURED, FIRST_HEAD + PLACE_MEASURED % DEPARTMENTS
DEPARTMENT_MEASURED = 2 + PLACE_MEASURED % DEPARTMENTS
SIGN_INS = {"office": OFFICE, "head": HEAD, "handler": HANDLER}
ROOT = "省直机关工委"


def write_people(session: Session, *, password_hash: str = "") -> None:
    """Units with their closure, people, an account for each under one password, and what they hold."""
    named = {person_id: login for login, person_id in SIGN_INS.items()}
    accounts = [
        {
            "person_id": number,
            "login": named.get(number, f"p{number:04d}"),
            "session_key": f"{number:032x}",
            "password_hash": password_hash,
        }
        for number in range(1, PEOPLE + 1)
    ]
    grants = [{"person_id": person, "role": role, "unit_id": unit} for person, role, unit in _grants()]
    for model, rows in (
        (Unit, list(_units())),
        (UnitAncestor, list(_ancestors())),
        (Person, list(_people())),
        (Account, accounts),
        (Grant, grants),
    ):
        session.execute(insert(model), rows)


def office_of(place: int) -> int:
    """The office that a place is or lies in, from 0."""
    return place % OFFICES


def _units() -> Iterator[dict[str, Any]]:
    yield _unit(1, ROOT, "", None)
    for department in range(DEPARTMENTS):
        yield _unit(2 + department, _department(department), ROOT, 1)
    for place in range(PLACES):
        office = office_of(place)
        above = f"{ROOT}/{_department(office % DEPARTMENTS)}"
        named = f"第{office // DEPARTMENTS + 1}处"
        if place < OFFICES:
            yield _unit(FIRST_OFFICE_UNIT + place, named, above, 2 + office % DEPARTMENTS)
        else:
            team = f"第{(place - OFFICES) // OFFICES + 1}科"
            yield _unit(FIRST_OFFICE_UNIT + place, team, f"{above}/{named}", FIRST_OFFICE_UNIT + office)


def _unit(id_: int, name: str, above: str, parent_id: int | None) -> dict[str, Any]:
    path = f"{above}/{name}" if above else name
    return {"id": id_, "name": name, "path": path, "parent_id": parent_id, "pinyin": f"u{id_:04d}", "position": id_}


def _department(department: int) -> str:
    return f"第{department + 1:02d}部"


def _ancestors() -> Iterator[dict[str, int]]:
    above = {unit["id"]: unit["parent_id"] for unit in _units()}
    for unit_id in above:
        ancestor_id, distance = unit_id, 0
        while ancestor_id is not None:
            yield {"unit_id": unit_id, "ancestor_id": ancestor_id, "distance": distance}
            ancestor_id, distance = above[ancestor_id], distance + 1


def _people() -> Iterator[dict[str, Any]]:
    for number in range(1, PEOPLE + 1):
        yield {
            "id": number,
            "name": f"人员{number:04d}",
            "pinyin": f"renyuan{number:04d}",
            "unit_id": _unit_of(number),
            "phone": f"0599-{1_000_000 + number}",
        }


def _unit_of(number: int) -> int:
    """Where somebody sits."""
    if FIRST_HEAD <= number < FIRST_PLACE_HEAD:
        return 2 + number - FIRST_HEAD
    if FIRST_PLACE_HEAD <= number < FIRST_HANDLER:
        return FIRST_OFFICE_UNIT + number - FIRST_PLACE_HEAD
    if FIRST_HANDLER <= number < FIRST_LIAISON:
        return FIRST_OFFICE_UNIT + (number - FIRST_HANDLER) % PLACES
    if FIRST_LIAISON <= number < ADMINISTRATOR:
        return FIRST_OFFICE_UNIT + number - FIRST_LIAISON
    return 1


def _grants() -> Iterator[tuple[int, Role, int]]:
    for department in range(DEPARTMENTS):
        yield 1 + department, Role.LEADER, 2 + department
        yield FIRST_HEAD + department, Role.UNIT_HEAD, 2 + department
    for place in range(PLACES):
        yield FIRST_PLACE_HEAD + place, Role.UNIT_HEAD, FIRST_OFFICE_UNIT + place
    for office in range(OFFICES):
        yield FIRST_LIAISON + office, Role.LIAISON, FIRST_OFFICE_UNIT + office
    yield ADMINISTRATOR, Role.ADMINISTRATOR, 1
    yield AUDITOR, Role.AUDITOR, 1
    for viewer in range(VIEWERS):
        yield FIRST_VIEWER + viewer, Role.VIEWER, 1
    for number in range(FIRST_OF_OFFICE, PEOPLE + 1):
        yield number, Role.OFFICE, 1
