"""What a roster would do to units and people, and doing it: all of it in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.orm import Session

from tracker.access.rules import Actor, Role
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.rules.ledger import Fault
from tracker.intake.rules.roster import Roster, RosterPerson, RosterUnit
from tracker.org import operations as org
from tracker.org import queries
from tracker.org.models import Person, Unit
from tracker.org.rules import managed_units

PEOPLE_MAX = 500


class PersonKind(StrEnum):
    """What becomes of a person's row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class PlannedPerson:
    """A row and what would become of it; ``changes`` names what differs of somebody who is there."""

    row: RosterPerson
    kind: PersonKind
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    new_roles: Sequence[Role] = ()

    @property
    def opens_account(self) -> bool:
        """Whether somebody gets a one-time code."""
        return self.kind is PersonKind.NEW and bool(self.row.login)


@dataclass
class RosterPlan:
    """All that a roster would do. ``units`` are the paths of new units, parents first."""

    units: list[Sequence[str]] = field(default_factory=list)
    people: list[PlannedPerson] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def logins(self) -> list[str]:
        """The sign-in names of those who get an account."""
        return [each.row.login for each in self.people if each.opens_account]

    @property
    def has_work(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.units) or any(each.kind is not PersonKind.SAME for each in self.people)


def plan_roster(session: Session, roster: Roster, *, actor: Actor) -> RosterPlan:
    """What the roster would do; nothing is written. Nobody is shut or loses a role by it."""
    plan = RosterPlan(faults=list(roster.faults))
    paths = _UnitPaths(session, roster.units, plan, actor)
    if len(roster.people) > PEOPLE_MAX:
        message = _l("一次最多导入 %(max)d 人，请拆成几个文件。", max=PEOPLE_MAX)
        plan.faults.append(Fault(roster.people[0].sheet, 0, "", message))
        return plan
    for row in roster.people:
        try:
            plan.people.append(_planned(session, row, paths, actor))
        except DomainError as error:
            plan.faults.append(Fault(row.sheet, row.row, "", error.message))
    return plan


class _UnitPaths:
    """The units that are there and those of the roster, by name."""

    def __init__(self, session: Session, rows: Sequence[RosterUnit], plan: RosterPlan, actor: Actor) -> None:
        self.session = session
        root = queries.find_root(session)
        self._root = [root.name] if root else []
        self._rows = {row.name: row for row in rows}
        self.new: dict[str, Sequence[str]] = {}
        for row in rows:
            try:
                path = self._path(row, ())
                if self._there("/".join(path)) is None:
                    if not managed_units(actor).everywhere:
                        raise DomainError(_l("只有本机关的系统管理员可以新增单位。"))
                    self.new[row.name] = path
            except DomainError as error:
                plan.faults.append(Fault(row.sheet, row.row, "", error.message))
        plan.units = sorted(self.new.values(), key=len)

    def _path(self, row: RosterUnit, above: Sequence[str]) -> list[str]:
        if row.name in above:
            raise DomainError(_l("“%(unit)s”的上级单位绕成了圈，请核对。", unit=row.name))
        if not row.parent or [row.parent] == self._root:
            return [*self._root, row.name] if [row.name] != self._root else [row.name]
        if row.parent in self._rows and row.parent != row.name:
            return [*self._path(self._rows[row.parent], (*above, row.name)), row.name]
        parent = self._there(row.parent)
        if parent is None:
            raise DomainError(_l("没有上级单位“%(unit)s”，表里也没有这一行。", unit=row.parent))
        return [*parent.path.split("/"), row.name]

    def _there(self, text: str) -> Unit | None:
        found = queries.list_called(self.session, text)
        if len(found) > 1:
            raise DomainError(_l("有 %(n)d 个单位叫“%(unit)s”，请写全路径。", n=len(found), unit=text))
        return found[0] if found else None

    def check(self, text: str) -> Unit | None:
        """The unit of that name, None for one that the roster adds; raises DomainError for any other."""
        unit = self._there(text)
        if unit is None and text not in self.new:
            raise DomainError(_l("没有单位“%(unit)s”。", unit=text))
        return unit


def _planned(session: Session, row: RosterPerson, paths: _UnitPaths, actor: Actor) -> PlannedPerson:
    unit = paths.check(row.unit)
    if unit is not None and unit.id not in managed_units(actor):
        raise DomainError(_l("您只能管理本单位和下级单位的人员。"))
    account = queries.find_account(session, row.login) if row.login else None
    if account is None:
        is_there = not row.login and any(
            unit is not None and person.unit_id == unit.id for person in queries.list_namesakes(session, row.name)
        )
        return PlannedPerson(row, PersonKind.SAME if is_there else PersonKind.NEW, new_roles=row.roles)
    person = account.person
    if person.name != row.name:
        message = _l("登录名“%(login)s”是%(name)s的，请核对。", login=row.login, name=person.name)
        raise DomainError(message)
    changes = _changes(person, row, unit)
    granted = {each.role for each in person.grants if unit is not None and each.unit_id == unit.id}
    new_roles = [role for role in row.roles if role not in granted]
    kind = PersonKind.CHANGED if changes or new_roles else PersonKind.SAME
    return PlannedPerson(row, kind, changes, new_roles)


def _changes(person: Person, row: RosterPerson, unit: Unit | None) -> dict[str, tuple[str, str]]:
    """What differs; an empty cell says nothing."""
    pairs = {name: (getattr(person, name), getattr(row, name)) for name in ("title", "mail", "phone")}
    now = person.unit.name if person.unit else ""
    if unit is None or unit.id != person.unit_id:
        pairs["unit"] = (now, row.unit)
    return {name: pair for name, pair in pairs.items() if pair[1] and pair[0] != pair[1]}


def carry_out_roster(plan: RosterPlan, code_hashes: Mapping[str, str], *, actor: Actor) -> None:
    """Write the plan. ``code_hashes`` are of the one-time codes by sign-in name, made before the transaction.

    Raises DomainError while the plan has faults, or for an account without a code.
    """
    if plan.faults:
        raise DomainError(_l("有 %(n)d 处需要改正，什么都没有写入。", n=len(plan.faults)))
    for path in plan.units:
        org.grow_units(path, actor=actor)
    for each in plan.people:
        if each.kind is PersonKind.SAME:
            continue
        row = each.row
        unit = org.find_unit(row.unit)
        details = org.Details(row.name, unit.id, row.title, row.mail, row.phone)
        person = _person(each, details, code_hashes, actor)
        for role in each.new_roles:
            org.grant(person, role, unit, actor=actor)


def _person(each: PlannedPerson, details: org.Details, code_hashes: Mapping[str, str], actor: Actor) -> Person:
    login = each.row.login
    if each.kind is PersonKind.NEW:
        person, _was_bound = org.take_up(details, actor=actor)
        if login:
            org.open_account(person, login, actor=actor, code_hash=code_hashes[login])
        return person
    account = queries.find_account(db.session(), login)
    if account is None:
        raise DomainError(_l("数据已变化，请重新上传核对。"))
    person = account.person
    kept = {name: getattr(details, name) or getattr(person, name) for name in ("title", "mail", "phone")}
    org.change_person(person, org.Details(person.name, details.unit_id, **kept), actor=actor)
    return person
