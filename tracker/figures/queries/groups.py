"""The rows of a breakdown: what items are grouped by, what each group is called, and which items are in it."""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    case,
    cast,
    extract,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.figures.questions import Group
from tracker.figures.rules import Breakdown, FigureName, Tally
from tracker.items.models import ItemChange
from tracker.items.rules import ItemKind
from tracker.org.models import Person, Unit, UnitAncestor
from tracker.sources.models import Section, Source

COUNTS = tuple(FigureName(field.name) for field in fields(Tally))
KIND_IDS = {kind: number for number, kind in enumerate(ItemKind, start=1)}
COLUMNS: Mapping[Breakdown, Any] = {
    Breakdown.UNIT: ItemChange.lead_unit_id,
    Breakdown.TREE: ItemChange.lead_unit_id,
    Breakdown.SOURCE: ItemChange.source_id,
    Breakdown.ASPECT: ItemChange.aspect_id,
    Breakdown.CATEGORY: ItemChange.category_id,
    Breakdown.LEADER: ItemChange.leader_id,
    Breakdown.OWNER: ItemChange.owner_id,
    Breakdown.KIND: ItemChange.kind,
    Breakdown.MONTH: ItemChange.source_id,
}


class TallyRow(NamedTuple):
    """One row of a breakdown: ``key`` is unique in it and empty where nothing is named; ``id`` finds it again.

    ``above_id`` is the unit above the one of a row of the tree.
    """

    key: str
    label: str
    tally: Tally
    id: int | None = None
    above_id: int | None = None


def in_group(group: Group) -> ColumnElement[bool]:
    """The condition that an item is counted in a row of a breakdown."""
    column = COLUMNS[group.by]
    if group.also is not None:
        return and_(in_group(replace(group, also=None)), in_group(group.also))
    if group.id is not None and group.by is Breakdown.TREE:
        found: ColumnElement[bool] = column.in_(
            select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == group.id)
        )
    elif group.id is not None and group.by is Breakdown.KIND:
        found = column.in_([kind for kind, number in KIND_IDS.items() if number == group.id])
    elif group.id is not None and group.by is Breakdown.MONTH:
        found = column.in_(select(Source.id).where(_in_month(group.id)))
    else:
        found = column.is_not_distinct_from(group.id)
    return found


def _in_month(number: int) -> ColumnElement[bool]:
    year, month = divmod(number, 100)
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return false()
    return Source.received_on.between(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def rolled_up(held: Any, unit_id: int | None) -> Any:
    """The counts of units, each with all below it; of those at or below one unit where only it is asked for."""
    sums = [func.sum(held.c[name]).label(name) for name in COUNTS]
    above = UnitAncestor.ancestor_id
    units = select(above.label("id"), *sums).join(held, UnitAncestor.unit_id == held.c.id).group_by(above)
    if unit_id is not None:
        units = units.where(above.in_(select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == unit_id)))
    nobody = select(held.c.id, *(held.c[name] for name in COUNTS)).where(held.c.id.is_(None))
    return union_all(units, nobody).subquery()


def tally_of(row: Row[Any]) -> Tally:
    """The counts of a row."""
    return Tally(**{name: int(getattr(row, name)) for name in COUNTS})


def find_group_name(session: Session, group: Group) -> str | None:
    """What a row of a breakdown is called; None where nothing is named, and for kinds and months."""
    column = _NAMES.get(group.by)
    if column is None or group.id is None:
        return None
    return session.scalar(select(column).where(column.class_.id == group.id))


_NAMES: Mapping[Breakdown, Any] = {
    Breakdown.UNIT: Unit.name,
    Breakdown.TREE: Unit.name,
    Breakdown.SOURCE: Source.title,
    Breakdown.ASPECT: Section.title,
    Breakdown.CATEGORY: Section.title,
    Breakdown.LEADER: Person.name,
    Breakdown.OWNER: Person.name,
}


def with_keys(rows: Sequence[Row[Any]]) -> list[TallyRow]:
    """The rows with keys that no two of them share."""
    keys = _told_apart([str(row.key or "") for row in rows], [row.belongs_to or "—" for row in rows])
    keys = _told_apart(keys, [row.id for row in rows])
    return [
        TallyRow(key, row.name or "", tally_of(row), row.id, getattr(row, "above_id", None))
        for key, row in zip(keys, rows, strict=True)
    ]


def _told_apart(keys: Sequence[str], more: Sequence[Any]) -> list[str]:
    """The keys, with more said of those that two rows bear: 王敏（组织部）."""
    borne = Counter(keys)
    return [f"{key}（{extra}）" if borne[key] > 1 else key for key, extra in zip(keys, more, strict=True)]


def _by_unit(held: Any) -> Select[Any]:
    named = select(Unit.path.label("key"), Unit.name.label("name"), Unit.path.label("belongs_to"), held)
    return named.select_from(held).outerjoin(Unit, Unit.id == held.c.id).order_by(Unit.path.is_(None), Unit.path)


def _by_tree(held: Any) -> Select[Any]:
    return _by_unit(held).add_columns(Unit.parent_id.label("above_id"))


def _by_source(held: Any) -> Select[Any]:
    named = select(Source.number.label("key"), Source.title.label("name"), Source.number.label("belongs_to"), held)
    joined = named.select_from(held).join(Source, Source.id == held.c.id)
    return joined.order_by(Source.received_on.desc(), Source.id.desc())


def _by_section(held: Any) -> Select[Any]:
    named = select(Section.title.label("key"), Section.title.label("name"), Source.number.label("belongs_to"), held)
    joined = named.select_from(held).outerjoin(Section, Section.id == held.c.id)
    ordered = (Section.id.is_(None), Source.received_on.desc(), Source.id.desc(), Section.position, Section.id)
    return joined.outerjoin(Source, Source.id == Section.source_id).order_by(*ordered)


def _by_person(held: Any) -> Select[Any]:
    named = select(Person.name.label("key"), Person.name.label("name"), Unit.path.label("belongs_to"), held)
    joined = named.select_from(held).outerjoin(Person, Person.id == held.c.id)
    ordered = (Person.id.is_(None), Person.pinyin, Person.id)
    return joined.outerjoin(Unit, Unit.id == Person.unit_id).order_by(*ordered)


def _by_kind(held: Any) -> Select[Any]:
    number = case(*((held.c.id == kind, literal(number)) for kind, number in KIND_IDS.items()))
    counts = (held.c[name] for name in COUNTS)
    code = held.c.id.label("key")
    named = select(number.label("id"), code, literal("").label("name"), literal("").label("belongs_to"), *counts)
    return named.order_by(number)


def _by_month(held: Any) -> Select[Any]:
    received = Source.received_on
    number = cast(extract("year", received) * 100 + extract("month", received), Integer)
    dated = select(number.label("id"), *(held.c[name] for name in COUNTS)).select_from(held)
    month = dated.join(Source, Source.id == held.c.id).subquery()
    sums = (func.sum(month.c[name]).label(name) for name in COUNTS)
    named = select(month.c.id, literal("").label("name"), literal("").label("belongs_to"), *sums)
    return named.add_columns(month.c.id.label("key")).group_by(month.c.id).order_by(month.c.id.desc())


NAMED: Mapping[Breakdown, Callable[[Any], Select[Any]]] = {
    Breakdown.UNIT: _by_unit,
    Breakdown.TREE: _by_tree,
    Breakdown.SOURCE: _by_source,
    Breakdown.ASPECT: _by_section,
    Breakdown.CATEGORY: _by_section,
    Breakdown.LEADER: _by_person,
    Breakdown.OWNER: _by_person,
    Breakdown.KIND: _by_kind,
    Breakdown.MONTH: _by_month,
}
