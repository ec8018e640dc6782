"""Whom change requests wait for, and where items differ from the plan they were issued with."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Actor, reach
from tracker.amendments.models import Amendment, AmendmentLine
from tracker.amendments.rules import NAMED, WORDED, Printed, Step, approved_by, differing
from tracker.items.headings import Field
from tracker.items.models import Item, ItemChange
from tracker.items.queries import within
from tracker.items.rules import Event
from tracker.office.numerals import chinese_date
from tracker.org.models import Person, Unit
from tracker.requests import queries as requests
from tracker.requests.rules import RequestState

# What began the life of an item as its plan was printed.
ISSUING = (Event.ISSUE, Event.TAKE_OVER)
# Control characters, which no form lets in.
BETWEEN_WORDS, BETWEEN_STEPS = "\x1f", "\x1e"


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Whether this person may decide a change request now."""
    by_office, by_unit = (
        and_(Amendment.is_by_office.is_(each), within(reach(actor, approved_by(is_by_office=each))))
        for each in (True, False)
    )
    return requests.waits_for(Amendment, actor, or_(by_office, by_unit))


def printed_of(session: Session, items: Sequence[Item]) -> Mapping[int, Printed]:
    """What the plan said as it was issued, by item, of the fields that read otherwise now; one query for all items."""
    ids = sorted(item.id for item in items)
    told = select_told(lambda item_id: item_id.in_(ids)).subquery()
    steps: dict[int, list[Step]] = {}
    for item_id, *step in session.execute(select(told)) if ids else ():
        steps.setdefault(item_id, []).append(Step(*step))
    found = {item.id: printed_from(item, steps.get(item.id, ())) for item in items}
    return {item_id: printed for item_id, printed in found.items() if printed}


def printed_from(item: Item, steps: Iterable[Step]) -> Printed:
    """What the plan of an item said, from the steps that ``select_told`` or ``told_steps`` read."""
    return differing(sorted(steps), deadline=(_day(item.first_due_on), _day(item.due_on)))


def _day(day: date | None) -> str:
    return chinese_date(day) if day else ""


def select_told(is_of: Callable[[Any], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Item, and the columns of Step: what approved requests changed, and whom the issued item named.

    ``is_of`` narrows a column of item ids.
    """
    return union_all(_amended(is_of), *(_named(is_of, name) for name in NAMED))


def told_steps() -> Any:
    """The steps of the item of a row as one text, for a list that asks for all in one query."""
    told = select_told(lambda item_id: item_id == Item.id).subquery()
    words = (cast(told.c.position, String), told.c.field, told.c.before, told.c.after)
    return select(func.aggregate_strings(reduce(_between, words), BETWEEN_STEPS)).scalar_subquery()


def read_steps(text: str | None) -> list[Step]:
    """What ``told_steps`` told."""
    rows = [each.split(BETWEEN_WORDS) for each in (text or "").split(BETWEEN_STEPS) if each]
    return [Step(int(position), *words) for position, *words in rows]


def _between(left: Any, right: Any) -> Any:
    return left + BETWEEN_WORDS + right


def _amended(is_of: Callable[[Any], ColumnElement[bool]]) -> Select[Any]:
    line = AmendmentLine
    columns = (Amendment.item_id.label("item_id"), Amendment.id.label("position"))
    told: tuple[Any, ...] = (*columns, type_coerce(line.field, String()).label("field"), line.before, line.after)
    is_approved = Amendment.state == RequestState.APPROVED
    query = select(*told).join(line.amendment).where(is_of(Amendment.item_id), is_approved, line.field.in_(WORDED))
    return query.correlate(Item)


def _named(is_of: Callable[[Any], ColumnElement[bool]], name: Field) -> Select[Any]:
    """Whom an item named as it was issued, where it names somebody else now."""
    model: Any = Unit if name is Field.LEAD_UNIT else Person
    was, now, here = aliased(model), aliased(model), aliased(Item)
    before, after = getattr(ItemChange, f"{name}_id"), getattr(here, f"{name}_id")
    words = (func.coalesce(was.name, ""), func.coalesce(now.name, ""))
    query = select(ItemChange.item_id, literal(0), literal(name.value, String()), *words)
    query = query.join(here, here.id == ItemChange.item_id)
    query = query.outerjoin(was, was.id == before).outerjoin(now, now.id == after)
    is_first = ItemChange.event.in_(ISSUING)
    return query.where(is_of(ItemChange.item_id), is_first, before.is_distinct_from(after)).correlate(Item)
