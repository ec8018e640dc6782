"""Counting measures and second looks as of a day, and naming those behind each count."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from tracker.access.rules import Reach
from tracker.figures.others import Looks, Measures, OtherFigure
from tracker.figures.queries.tallies import conditions, is_asked_either_way
from tracker.figures.questions import Question
from tracker.figures.rules import FigureName
from tracker.items.models import Item, ItemChange
from tracker.items.queries import within
from tracker.org.models import Unit, UnitAncestor
from tracker.progress.models import Measure
from tracker.reinspections.models import Reinspection
from tracker.reinspections.rules import LookState


def count_measures(session: Session, question: Question, reach: Reach) -> Measures:
    """The measures of the items counted and of their parts, in one query."""
    holds = _measured(question)
    wanted = (OtherFigure.MEASURES, OtherFigure.MEASURES_DONE, OtherFigure.MEASURES_OVERDUE)
    counts: list[Any] = [func.count().filter(holds[name]) for name in wanted]
    total, done, overdue = session.execute(_of_items(select(*counts), question, reach)).one()
    return Measures(total, done, overdue)


def select_measures(question: Question, reach: Reach, figure: OtherFigure) -> Select[Any]:
    """The measures that a figure counts, in the order of their items; for a rate, those in its denominator."""
    columns: list[Any] = [Item.number, Measure.text, Unit.name.label("unit"), Measure.due_on, Measure.done_on]
    query = _of_items(select(*columns), question, reach).join(Item, Item.id == Measure.item_id)
    query = query.outerjoin(Unit, Unit.id == ItemChange.lead_unit_id).where(_measured(question)[figure])
    return query.order_by(Item.source_id, Item.number, Measure.position, Measure.id)


def _of_items(query: Select[Any], question: Question, reach: Reach) -> Select[Any]:
    counted = conditions(question.as_of)[FigureName.TOTAL]
    joined = query.select_from(Measure).join(ItemChange, ItemChange.item_id == Measure.item_id)
    return joined.where(*is_asked_either_way(question, reach), counted)


def _measured(question: Question) -> dict[OtherFigure, ColumnElement[bool]]:
    as_of = question.as_of
    done, is_open = Measure.done_on <= as_of, or_(Measure.done_on.is_(None), Measure.done_on > as_of)
    return {
        OtherFigure.MEASURES: true(),
        OtherFigure.MEASURES_DONE: done,
        OtherFigure.MEASURES_OPEN: is_open,
        OtherFigure.MEASURES_OVERDUE: and_(is_open, Measure.due_on < as_of, conditions(as_of)[FigureName.OPEN]),
        OtherFigure.MEASURES_RATE: true(),
    }


def count_looks(session: Session, question: Question, reach: Reach) -> Looks:
    """The second looks with a result, in one query."""
    counts: list[Any] = [func.count(), func.count().filter(Reinspection.state == LookState.REBOUND)]
    looks, rebounds = session.execute(_looked(select(*counts), question, reach)).one()
    return Looks(looks, rebounds)


def select_looks(question: Question, reach: Reach, figure: OtherFigure) -> Select[Any]:
    """The looks that a figure counts, the newest first; for the rate, those in its denominator."""
    look = Reinspection
    columns: list[Any] = [Item.number, Item.finding.label("text"), Unit.name.label("unit"), look.inspected_on]
    columns.append(look.state)
    query = _looked(select(*columns), question, reach).outerjoin(Unit, Unit.id == look.unit_id)
    if figure is OtherFigure.REBOUNDS:
        query = query.where(look.state == LookState.REBOUND)
    return query.order_by(look.inspected_on.desc(), look.id.desc())


def _looked(query: Select[Any], question: Question, reach: Reach) -> Select[Any]:
    look = Reinspection
    query = query.select_from(look).join(Item, Item.id == look.item_id)
    query = query.where(look.state != LookState.WAITING, look.inspected_on <= question.as_of, within(reach))
    if question.known_at is not None:
        query = query.where(look.recorded_at <= question.known_at)
    if question.source_ids:
        query = query.where(Item.source_id.in_(sorted(question.source_ids)))
    if question.unit_id is not None:
        below = select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == question.unit_id)
        query = query.where(look.unit_id.in_(below))
    return query if question.kind is None else query.where(Item.kind == question.kind)
