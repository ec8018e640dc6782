"""People: plain names first, details and accounts later."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tracker.access.rules import Action, Actor, Subject, can, reads_whole
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.org import queries
from tracker.org.models import Person, Unit
from tracker.org.operations.units import pinyin_key
from tracker.org.rules import check_mail, check_name, managed_units


@dataclass(frozen=True)
class Details:
    """What is written down of a person."""

    name: str
    unit_id: int | None
    title: str = ""
    mail: str = ""
    phone: str = ""


class Namesakes(Conflict):
    """People of that name are there already; whoever adds one must say that this is somebody else."""

    def __init__(self, people: Sequence[Person]) -> None:
        super().__init__(_l("已有同名人员。请确认是不是同一个人。"), field="name")
        self.people = people


def ensure_manages_person(actor: Actor, person: Person) -> None:
    """Raise Forbidden unless this administrator's grant reaches the person's unit and all that is granted to them.

    A plain name without unit, account and grants may be taken up by any administrator.
    """
    managed = managed_units(actor)
    if person.unit_id is None and person.account is None and not person.grants:
        is_managed = bool(managed)
    else:
        is_managed = all(unit_id in managed for unit_id in (person.unit_id, *(each.unit_id for each in person.grants)))
    if not is_managed:
        raise Forbidden(_l("您只能管理本单位和下级单位的人员。"))


def check_reads(person: Person, subject: Subject | None = None) -> None:
    """Raise DomainError when somebody with an account could not read what they are to decide: an item, else any.

    Whoever has no account decides on paper.
    """
    if person.account is None or not person.account.is_active:
        return
    actor = queries.load_actor(db.session(), person)
    if not (reads_whole(actor) if subject is None else can(actor, Action.READ_ITEM, subject)):
        message = _l("%(name)s看不到要审核的事项，请先由系统管理员授予相应单位的“查看”等角色。", name=person.name)
        raise DomainError(message, field="person")


def name_person(name: str, *, actor: Actor, unit: Unit | None = None) -> Person:
    """The person a plain name stands for: the only one of that name, else the one of that unit, else a new one."""
    name = check_name(name)
    there = queries.find_people(db.session(), [name]).get(name, ())
    same_unit = [person for person in there if unit is not None and person.unit_id == unit.id]
    if same_unit or len(there) == 1:
        return (same_unit or there)[0]
    if len(there) > 1:
        raise DomainError(_l("有 %(n)d 个人叫“%(name)s”，请在事项页面上选择。", n=len(there), name=name), field="name")
    return _write_down(name, unit, actor=actor)


def name_handler(name: str, *, unit: Unit, actor: Actor) -> Person:
    """The person of a unit that a plain name stands for; a new one of that unit when there is none.

    Namesakes in other units are not meant: whoever is named may read the item.
    """
    name = check_name(name)
    there = queries.list_in_unit(db.session(), name, unit.id)
    in_unit = [person for person in there if person.unit_id == unit.id]
    chosen = in_unit or [person for person in there if person.unit_id is not None] or list(there)
    if len(chosen) > 1:
        message = _l("“%(unit)s”有 %(n)d 个人叫“%(name)s”。", unit=unit.name, n=len(chosen), name=name)
        raise DomainError(message, field="name")
    return chosen[0] if chosen else _write_down(name, unit, actor=actor)


def _write_down(name: str, unit: Unit | None, *, actor: Actor) -> Person:
    person = Person(name=name, pinyin=pinyin_key(name), unit=unit)
    db.session.add(person)
    db.session.flush()
    record(actor, "person.name", name, unit=unit.path if unit else None)
    return person


def add_person(details: Details, *, actor: Actor) -> Person:
    """Add a person whose name nobody bears yet; raises Namesakes otherwise."""
    there = queries.list_namesakes(db.session(), check_name(details.name))
    if there:
        raise Namesakes(there)
    return add_namesake(details, actor=actor)


def add_namesake(details: Details, *, actor: Actor) -> Person:
    """Add a person, whoever else bears that name."""
    name = check_name(details.name)
    check_mail(details.mail)
    if details.unit_id not in managed_units(actor):
        raise Forbidden(_l("您只能管理本单位和下级单位的人员。"))
    person = Person(**{**asdict(details), "name": name, "pinyin": pinyin_key(name)})
    db.session.add(person)
    db.session.flush()
    record(actor, "person.add", name, **{key: value for key, value in asdict(details).items() if value})
    return person


def take_up(details: Details, *, actor: Actor) -> tuple[Person, bool]:
    """The person who is to get an account: the one plain name like this, else somebody new; and whether it was there.

    Only names without an account count, of the same unit or else of none. What is left empty stays as it was.
    Raises DomainError when two could be meant.
    """
    name = check_name(details.name)
    plain = [person for person in queries.list_namesakes(db.session(), name) if person.account is None]
    own = [person for person in plain if person.unit_id == details.unit_id]
    meant = own or [person for person in plain if person.unit_id is None]
    if len(meant) > 1:
        message = _l("有 %(n)d 个还没有账号的“%(name)s”，请在“人员”页面上开通。", n=len(meant), name=name)
        raise DomainError(message, field="name")
    if not meant:
        return add_namesake(details, actor=actor), False
    (person,) = meant
    kept = {column: getattr(details, column) or getattr(person, column) for column in ("title", "mail", "phone")}
    change_person(person, Details(name, details.unit_id, **kept), actor=actor)
    return person, True


def change_person(person: Person, details: Details, *, actor: Actor, seen_version: int | None = None) -> None:
    """Write down what changed of a person."""
    ensure_manages_person(actor, person)
    if details.unit_id != person.unit_id and details.unit_id not in managed_units(actor):
        raise Forbidden(_l("您只能管理本单位和下级单位的人员。"))
    labels = {"name": _l("姓名"), "title": _l("职务"), "mail": _l("邮箱"), "phone": _l("电话")}
    check_version(
        person,
        seen_version,
        typed={str(label): getattr(details, name) for name, label in labels.items()},
        stored={str(label): getattr(person, name) for name, label in labels.items()},
    )
    check_mail(details.mail)
    changed = _changed(person, details)
    for name, value in asdict(details).items():
        setattr(person, name, value)
    person.name = check_name(details.name)
    person.pinyin = pinyin_key(person.name)
    db.session.flush()
    if changed:
        record(actor, "person.change", person.name, **changed)


def _changed(person: Person, details: Details) -> Mapping[str, list[object]]:
    """Field to its value before and after, of the fields that differ."""
    pairs = {name: [getattr(person, name), value] for name, value in asdict(details).items()}
    return {name: pair for name, pair in pairs.items() if (pair[0] or "") != (pair[1] or "")}
