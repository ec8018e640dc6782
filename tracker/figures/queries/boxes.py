"""What the boxes below the figures ask for: aspects by units, what is due on which day, what drags on longest."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tracker.access.rules import Reach
from tracker.figures.queries.tallies import conditions, is_asked, select_items
from tracker.figures.questions import Question
from tracker.figures.rules import FigureName
from tracker.items.models import ItemChange
from tracker.org.models import Unit
from tracker.sources.models import Section, Source


class Cell(NamedTuple):
    """How many items of an aspect a unit leads, and how many of them are closed; None where nothing is named."""

    unit_id: int | None
    unit: str | None
    path: str | None
    aspect_id: int | None
    aspect: str | None
    source: str | None
    total: int
    closed: int


def list_cells(session: Session, question: Question, reach: Reach) -> list[Cell]:
    """Every pair of aspect and unit that has an item, in one query; the aspects as their texts order them."""
    holds, change = conditions(question.as_of), ItemChange
    unit, aspect = change.lead_unit_id.label("unit_id"), change.aspect_id.label("aspect_id")
    counts = (func.count().label("total"), func.count().filter(holds[FigureName.CLOSED]).label("closed"))
    held = select(unit, aspect, *counts).where(*is_asked(question, reach), holds[FigureName.TOTAL])
    pair = held.group_by(change.lead_unit_id, change.aspect_id).subquery()
    named = select(
        pair.c.unit_id,
        Unit.name,
        Unit.path,
        pair.c.aspect_id,
        Section.title,
        Source.number,
        pair.c.total,
        pair.c.closed,
    ).select_from(pair)
    named = named.outerjoin(Unit, Unit.id == pair.c.unit_id).outerjoin(Section, Section.id == pair.c.aspect_id)
    named = named.outerjoin(Source, Source.id == Section.source_id)
    newest = (Section.id.is_(None), Source.received_on.desc(), Source.id.desc(), Section.position, Section.id)
    return [Cell(*row) for row in session.execute(named.order_by(*newest, Unit.path.is_(None), Unit.path))]


def count_due(session: Session, question: Question, reach: Reach, until: date) -> Mapping[date, int]:
    """How many running items are due on each day from the day asked for on; days without any are left out."""
    due_on = ItemChange.due_on
    due = (conditions(question.as_of)[FigureName.RUNNING], due_on.between(question.as_of, until))
    rows = session.execute(select(due_on, func.count()).where(*is_asked(question, reach), *due).group_by(due_on))
    return {day: count for day, count in rows if day is not None}


def list_slowest(session: Session, question: Question, reach: Reach, limit: int) -> Sequence[Any]:
    """The open items that drag on: the longest overdue first, then the oldest by the day of their feedback."""
    overdue = conditions(question.as_of)[FigureName.OVERDUE]
    late_since = case((overdue, ItemChange.due_on))
    query = select_items(question, reach, FigureName.OPEN).add_columns(Source.received_on)
    query = query.join(Source, Source.id == ItemChange.source_id).order_by(None)
    order = (late_since.is_(None), late_since, Source.received_on, ItemChange.source_id, ItemChange.item_id)
    return session.execute(query.order_by(*order).limit(limit)).all()
