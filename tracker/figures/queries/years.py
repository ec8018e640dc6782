"""Counting what a year has to put right, and naming the items behind each count."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Reach
from tracker.figures.queries.groups import COLUMNS, NAMED, in_group
from tracker.figures.queries.tallies import is_asked, printed_items
from tracker.figures.questions import Group, Question
from tracker.figures.rules import Breakdown
from tracker.figures.years import YearFigure, YearTally, eve_of
from tracker.items.models import Item, ItemChange
from tracker.items.queries import holds_at
from tracker.items.rules import COUNTED, OPEN, State

# An item as it stood when the year before ended.
_BEGUN = aliased(ItemChange)


class YearRow(NamedTuple):
    """A unit or a source with what its year has to put right; ``id`` None has no name."""

    id: int | None
    name: str
    tally: YearTally


def count_year(session: Session, question: Question, reach: Reach) -> YearTally:
    """What the year of the question's day has to put right up to that day, in one query.

    Raises DomainError when the parts do not add up.
    """
    row = session.execute(_with_eve(select(*_counts(question)), question, reach)).one()
    return YearTally(*row).check()


def list_year(session: Session, question: Question, reach: Reach, by: Breakdown) -> list[YearRow]:
    """The same by what the items belonged to on the day, with at least one item, in the order of the other tables."""
    column = COLUMNS[by]
    held = _with_eve(select(column.label("id"), *_counts(question)), question, reach).group_by(column).subquery()
    rows = [
        YearRow(row.id, row.name or "", YearTally(*(getattr(row, each.value) for each in YearFigure)))
        for row in session.execute(NAMED[by](held))
    ]
    return [row for row in rows if row.tally != YearTally()]


def select_year(question: Question, reach: Reach, figure: YearFigure, group: Group | None = None) -> Select[Any]:
    """The items that a figure counts with what a list prints of them, as they were on the day, in order."""
    query = printed_items().outerjoin(_BEGUN, _is_eve(question))
    query = query.where(*is_asked(question, reach), _conditions(question)[figure])
    return query if group is None else query.where(in_group(group))


def list_year_counted(session: Session, question: Question, reach: Reach) -> Sequence[Row[Any]]:
    """Every item with its number, its kind, and under the name of each figure whether that counts it, in order."""
    columns: list[Any] = [Item.number, ItemChange.kind]
    columns += [condition.label(name.value) for name, condition in _conditions(question).items()]
    query = select(*columns).order_by(ItemChange.source_id, Item.number)
    joined = query.select_from(ItemChange).join(Item, Item.id == ItemChange.item_id)
    joined = joined.outerjoin(_BEGUN, _is_eve(question))
    return session.execute(joined.where(*is_asked(question, reach))).all()


def list_year_numbers(session: Session, question: Question, reach: Reach, figure: YearFigure) -> list[str]:
    """The numbers of exactly the items that a figure counts, in order."""
    return list(session.scalars(select_year(question, reach, figure).with_only_columns(Item.number)))


def _with_eve(query: Select[Any], question: Question, reach: Reach) -> Select[Any]:
    joined = query.select_from(ItemChange).outerjoin(_BEGUN, _is_eve(question))
    return joined.where(*is_asked(question, reach))


def _is_eve(question: Question) -> ColumnElement[bool]:
    held = holds_at(eve_of(question.as_of.year), question.known_at, _BEGUN)
    return and_(_BEGUN.item_id == ItemChange.item_id, held)


def _counts(question: Question) -> list[Any]:
    holds = _conditions(question)
    return [func.count().filter(holds[name]).label(name.value) for name in YearFigure]


def _conditions(question: Question) -> Mapping[YearFigure, ColumnElement[bool]]:
    """What makes an item count; an item that was not there when the year before ended has no row in ``_BEGUN``."""
    row, was = ItemChange, _BEGUN.state
    counted, was_there = row.state.in_(sorted(COUNTED)), was.is_not(None)
    is_closed = row.state == State.CLOSED
    was_done = and_(was_there, was == State.CLOSED, is_closed, row.closed_on <= eve_of(question.as_of.year))
    due = and_(counted, not_(was_done))
    again = and_(due, was_there, was.not_in(sorted(OPEN)))
    return {
        YearFigure.CARRIED_OVER: and_(counted, was.in_(sorted(OPEN))),
        YearFigure.NEW_IN_YEAR: or_(and_(counted, was.is_(None)), again),
        YearFigure.TAKEN_UP_AGAIN: again,
        YearFigure.DUE_IN_YEAR: due,
        YearFigure.CLOSED_IN_YEAR: and_(due, is_closed),
        YearFigure.STILL_OPEN: row.state.in_(sorted(OPEN)),
        YearFigure.WITHDRAWN_IN_YEAR: and_(row.state == State.WITHDRAWN, or_(was.is_(None), was != State.WITHDRAWN)),
    }
