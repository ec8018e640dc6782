"""Reading the tree of units."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import UnitSet
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.org.models import Unit, UnitAncestor
from tracker.org.rules import tree_order


@dataclass(frozen=True)
class Choice:
    """One line of a ``<datalist>``: what gets typed, and words (pinyin among them) that also find it."""

    value: str
    words: str


def get_unit(session: Session, unit_id: int) -> Unit:
    """A unit by id; raises NotFound."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFound(_l("没有找到这个单位。"))
    return unit


def find_root(session: Session) -> Unit | None:
    """The organ itself; None before the first run."""
    return session.scalar(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1))


def lock_tree(session: Session) -> Unit | None:
    """The organ, locked: nobody else plants, moves or renames a unit until this transaction ends."""
    query = select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
    return session.scalar(query.with_for_update(key_share=True).execution_options(populate_existing=True))


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


def list_called(session: Session, text: str) -> Sequence[Unit]:
    """Open units of that name, or at that path with or without the organ before it."""
    root = find_root(session)
    texts = {text} | ({f"{root.path}/{text}"} if root else set())
    query = select(Unit).where(or_(Unit.name == text, Unit.path.in_(texts)), Unit.is_active).order_by(Unit.id)
    units = session.scalars(query).all()
    return [unit for unit in units if unit.path in texts] or units


def find_below(session: Session, parent_id: int, name: str) -> Unit | None:
    """The unit of that name directly below another, shut ones included."""
    return session.scalar(select(Unit).where(Unit.parent_id == parent_id, Unit.name == name))


def list_units(session: Session) -> Sequence[Unit]:
    """All units in the order of the tree, shut ones included."""
    return tree_order(session.scalars(select(Unit)).all())


def list_unit_choices(session: Session) -> Sequence[Choice]:
    """Every open unit once, as ``find_units`` knows it: by name, or by path where two bear one name."""
    units = [unit for unit in list_units(session) if unit.is_active]
    borne = Counter(unit.name for unit in units)
    return [Choice(unit.name if borne[unit.name] == 1 else unit.path, unit.pinyin) for unit in units]


def has_open_below(session: Session, unit_id: int) -> bool:
    """Whether a unit still has an open unit directly below it."""
    return session.scalar(select(Unit.id).where(Unit.parent_id == unit_id, Unit.is_active).limit(1)) is not None


def is_below(session: Session, unit_id: int, *, above_id: int) -> bool:
    """Whether a unit is another one or lies anywhere below it."""
    return session.get(UnitAncestor, (unit_id, above_id)) is not None


def last_position(session: Session, parent_id: int) -> int:
    """The place of the last unit directly below another; 0 when there is none."""
    return session.scalar(select(func.max(Unit.position)).where(Unit.parent_id == parent_id)) or 0


def select_subtree(unit_id: int) -> Select[Any]:
    """The ids of a unit and everything below it."""
    return select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == unit_id)


def select_links_of(unit_id: int, *, parent_id: int) -> Select[int, int, int]:
    """The rows of ``unit_ancestor`` of a new leaf below a parent, its own row left out."""
    above = UnitAncestor
    return select(literal(unit_id), above.ancestor_id, above.distance + 1).where(above.unit_id == parent_id)


def select_links_between(unit_id: int, *, parent_id: int) -> Select[int, int, int]:
    """The rows of ``unit_ancestor`` that join a whole subtree to a parent and all above it."""
    below, above = aliased(UnitAncestor), aliased(UnitAncestor)
    query = select(below.unit_id, above.ancestor_id, below.distance + above.distance + 1).select_from(below)
    return query.join(above, above.unit_id == parent_id).where(below.ancestor_id == unit_id)


def longest_path(session: Session, unit_id: int) -> int:
    """The length of the longest path below a unit; 0 when nothing lies below it."""
    query = select(func.max(func.length(Unit.path))).where(Unit.id.in_(select_subtree(unit_id)), Unit.id != unit_id)
    return session.scalar(query) or 0


def path_below(old_path: str, new_path: str) -> Any:
    """The new path of whatever lies at or below the old one."""
    return literal(new_path) + func.substr(Unit.path, len(old_path) + 1)


def within(column: Any, units: UnitSet) -> ColumnElement[bool]:
    """Whether a column names one of these units; NULL only belongs to ``everywhere``."""
    if units.everywhere:
        return true()
    return column.in_(sorted(units.ids)) if units.ids else false()
