"""What two days differ in, item by item: where each stood on the one and on the other."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Reach
from tracker.figures.differences import WAYS, Moved, Movement, Standing
from tracker.figures.queries.tallies import is_asked
from tracker.figures.questions import Question
from tracker.items.models import Item, ItemChange
from tracker.items.queries import holds_at
from tracker.items.rules import Event, State
from tracker.org.models import Person, Unit
from tracker.sources.models import Source


def count_moved(
    session: Session, earlier: Question, laters: Sequence[Question], reach: Reach
) -> list[tuple[Moved, ...]]:
    """How many items of each source went which way from one day to each of the others, in one query."""
    selects = [_select_counts(earlier, later, reach, nth) for nth, later in enumerate(laters)]
    found: list[list[Moved]] = [[] for _later in laters]
    for nth, before, after, *told in session.execute(union_all(*selects)):
        found[nth].append(Moved(Standing(before), Standing(after), *told))
    return [tuple(sorted(each, key=lambda moved: (moved.received_on, moved.source_id))) for each in found]


def _select_counts(earlier: Question, later: Question, reach: Reach, nth: int) -> Select[Any]:
    way = _ways(earlier, later, reach)
    columns = (way.c.before, way.c.after, Source.id, Source.title, Source.received_on)
    query = select(literal(nth).label("nth"), *columns, func.count().label("items"))
    return query.join(Source, Source.id == way.c.source_id).where(_has_moved(way)).group_by(*columns)


def select_moved(
    earlier: Question, later: Question, reach: Reach, movement: Movement | None = None, source_id: int | None = None
) -> Select[Any]:
    """The items that made a movement, or any, with both their states, in order."""
    way = _ways(earlier, later, reach)
    columns: list[Any] = [Item.number, Item.finding, Unit.name.label("lead_unit"), Person.name.label("leader"), *way.c]
    query = select(*columns).select_from(way).join(Item, Item.id == way.c.item_id)
    query = query.outerjoin(Unit, Unit.id == way.c.lead_unit_id).outerjoin(Person, Person.id == way.c.leader_id)
    query = query.where(_has_moved(way, movement)).order_by(way.c.source_id, Item.number)
    return query if source_id is None else query.where(way.c.source_id == source_id)


def _has_moved(way: Subquery, movement: Movement | None = None) -> ColumnElement[bool]:
    wanted = WAYS[movement] if movement else frozenset[tuple[Standing, Standing]]().union(*WAYS.values())
    return tuple_(way.c.before, way.c.after).in_(sorted((str(before), str(after)) for before, after in wanted))


def _ways(earlier: Question, later: Question, reach: Reach) -> Subquery:
    """Every item asked for on one of the two days that is another row on the other, with its standing on both."""
    one, other = _asked(earlier, reach, later), _asked(later, reach, earlier)
    either = union(select(one.c.item_id), select(other.c.item_id)).subquery()
    before = _standing(one, _is_there(either, earlier))
    reopened = and_(other.c.state.is_not(None), one.c.state == State.CLOSED, _was_reopened(one, other))
    after = _standing(other, _is_there(either, later), (reopened, literal(Standing.REOPENED.value)))
    later_first = (func.coalesce(other.c[name], one.c[name]).label(name) for name in ("source_id", "lead_unit_id"))
    columns: list[Any] = [before.label("before"), after.label("after"), *later_first]
    columns += [func.coalesce(other.c.leader_id, one.c.leader_id).label("leader_id")]
    columns += [one.c.state.label("state_before"), other.c.state.label("state_after")]
    joined = select(either.c.item_id, *columns).select_from(either)
    joined = joined.outerjoin(one, one.c.item_id == either.c.item_id)
    return joined.outerjoin(other, other.c.item_id == either.c.item_id).subquery()


def _asked(question: Question, reach: Reach, compared: Question) -> Subquery:
    """The rows of a day without those that hold on the other day as well: who is the same row has not moved."""
    change = ItemChange
    same = holds_at(compared.as_of, compared.known_at)
    columns = (change.item_id, change.serial, change.state, change.source_id, change.lead_unit_id, change.leader_id)
    return select(*columns).where(*is_asked(question, reach), not_(same)).subquery()


def _standing(side: Subquery, is_there: ColumnElement[bool], *whens: tuple[Any, Any]) -> Any:
    return case(
        (side.c.state == State.CLOSED, literal(Standing.CLOSED.value)),
        (side.c.state == State.WITHDRAWN, literal(Standing.WITHDRAWN.value)),
        *whens,
        (side.c.state.is_not(None), literal(Standing.OPEN.value)),
        (is_there, literal(Standing.OUTSIDE.value)),
        else_=literal(Standing.NOWHERE.value),
    )


def _is_there(either: Subquery, question: Question) -> ColumnElement[bool]:
    """Whether an item was there at all on a day, asked for or not; nothing else of it is told."""
    held = holds_at(question.as_of, question.known_at)
    return exists().where(ItemChange.item_id == either.c.item_id, held, ItemChange.state != State.VOID)


def _was_reopened(one: Subquery, other: Subquery) -> ColumnElement[bool]:
    told = aliased(ItemChange)
    between = told.serial.between(one.c.serial + 1, other.c.serial)
    return exists().where(told.item_id == one.c.item_id, told.event == Event.REOPEN, between)
