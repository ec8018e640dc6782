"""Units and people: adding, naming, binding."""

from pypinyin import lazy_pinyin
from sqlalchemy import insert, literal, select

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.org import queries
from tracker.org.models import Person, Unit, UnitAncestor


def pinyin_key(name: str) -> str:
    """What a name is sorted and searched by: full pinyin, a space, the first letters."""
    syllables = lazy_pinyin(name)
    return f"{''.join(syllables)} {''.join(each[:1] for each in syllables)}".lower()


def add_unit(name: str, *, parent: Unit | None, actor: Actor, position: int = 0) -> Unit:
    """Add a unit below another; only the first one, the root, has no parent."""
    name = name.strip()
    if not name:
        raise DomainError(_l("请填写单位名称。"), field="name")
    session = db.session()
    path = f"{parent.path}/{name}" if parent else name
    unit = Unit(name=name, pinyin=pinyin_key(name), parent=parent, path=path, position=position)
    session.add(unit)
    session.flush()
    ancestor = UnitAncestor
    if parent is not None:
        above = select(literal(unit.id), ancestor.ancestor_id, ancestor.distance + 1).where(
            ancestor.unit_id == parent.id
        )
        session.execute(insert(ancestor).from_select(["unit_id", "ancestor_id", "distance"], above))
    session.add(ancestor(unit_id=unit.id, ancestor_id=unit.id, distance=0))
    record(actor, "unit.add", path)
    return unit


def name_person(name: str, *, actor: Actor, unit: Unit | None = None) -> Person:
    """The person a plain name stands for: the only one of that name, else the one of that unit, else a new one."""
    name = name.strip()
    if not name:
        raise DomainError(_l("请填写姓名。"), field="name")
    if len(name) > 40:
        raise DomainError(_l("姓名“%(name)s”超过 40 个字。", name=name[:20]), field="name")
    session = db.session()
    there = queries.find_people(session, [name]).get(name, ())
    same_unit = [person for person in there if unit is not None and person.unit_id == unit.id]
    if same_unit or len(there) == 1:
        return (same_unit or there)[0]
    if len(there) > 1:
        raise DomainError(_l("有 %(n)d 个人叫“%(name)s”，请在事项页面上选择。", n=len(there), name=name), field="name")
    person = Person(name=name, pinyin=pinyin_key(name), unit=unit)
    session.add(person)
    session.flush()
    record(actor, "person.name", name, unit=unit.path if unit else None)
    return person
