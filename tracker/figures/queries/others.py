"""Counting measures and second looks as of a day, and naming those behind each count."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from tracker.access.rules import Reach
from tracker.figures.others import Looks, Measures, OtherFigure
from tracker.figures.queries.tallies import conditions, is_asked_either_way
from tracker.figures.questions import Group, Question
from tracker.figures.rules import Breakdown, FigureName
from tracker.items.models import Item, ItemChange
from tracker.items.queries import within
from tracker.org.models import Unit, UnitAncestor
from tracker.progress.models import Measure
from tracker.reinspections.models import Reinspection
from tracker.reinspections.rules import LookState
from tracker.sources.models import Source


def count_measures(session: Session, question: Question, reach: Reach) -> Measures:
    """The measures of the items counted and of their parts, in one query."""
    return Measures(*session.execute(_of_items(select(*_measure_counts(question)), question, reach)).one())


def _measure_counts(question: Question) -> list[Any]:
    holds = _measured(question)
    wanted = (OtherFigure.MEASURES, OtherFigure.MEASURES_DONE, OtherFigure.MEASURES_OVERDUE)
    return [func.count().filter(holds[name]) for name in wanted]


def select_measures(question: Question, reach: Reach, figure: OtherFigure, group: Group | None = None) -> Select[Any]:
    """The measures that a figure counts, in the order of their items; for a rate, those in its denominator."""
    columns: list[Any] = [Item.number, Measure.text, Unit.name.label("unit"), Measure.due_on, Measure.done_on]
    query = _of_items(select(*columns), question, reach).join(Item, Item.id == Measure.item_id)
    query = query.outerjoin(Unit, Unit.id == ItemChange.lead_unit_id).where(_measured(question)[figure])
    if group is not None:
        query = query.where(GROUPED[group.by][0].is_not_distinct_from(group.id))
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
    return Looks(*session.execute(_looked(select(*_look_counts()), question, reach)).one())


def _look_counts() -> list[Any]:
    return [func.count(), func.count().filter(Reinspection.state == LookState.REBOUND)]


class OtherRow(NamedTuple):
    """A unit or a source with what is counted in it by measures and by second looks; ``id`` None has no name."""

    id: int | None
    name: str
    measures: Measures
    looks: Looks


def list_others(session: Session, question: Question, reach: Reach, by: Breakdown) -> list[OtherRow]:
    """The same of each lead unit, in the order of the tree, or of each source, the newest first; in three queries.

    A look belongs to the unit from which it was drawn, as in its own figures.
    """
    of_measures, of_looks = GROUPED[by]
    measured = _of_items(select(of_measures, *_measure_counts(question)), question, reach).group_by(of_measures)
    measures = {row[0]: Measures(*row[1:]) for row in session.execute(measured)}
    looked = _looked(select(of_looks, *_look_counts()), question, reach).group_by(of_looks)
    looks = {row[0]: Looks(*row[1:]) for row in session.execute(looked)}
    ids = measures.keys() | looks.keys()
    names = {row[0]: row[1] for row in session.execute(_names(by, [each for each in ids if each is not None]))}
    ordered = [*names, *([None] if None in ids else [])]
    nothing = (Measures(0, 0, 0), Looks(0, 0))
    return [
        OtherRow(each, names.get(each, ""), measures.get(each, nothing[0]), looks.get(each, nothing[1]))
        for each in ordered
    ]


GROUPED: Mapping[Breakdown, tuple[Any, Any]] = {
    Breakdown.UNIT: (ItemChange.lead_unit_id, Reinspection.unit_id),
    Breakdown.SOURCE: (ItemChange.source_id, Item.source_id),
}


def _names(by: Breakdown, ids: Sequence[int]) -> Select[Any]:
    named: Any = (Unit.id, Unit.name) if by is Breakdown.UNIT else (Source.id, Source.title)
    ordered: Any = (Unit.path,) if by is Breakdown.UNIT else (Source.received_on.desc(), Source.id.desc())
    return select(*named).where(named[0].in_(ids)).order_by(*ordered)


def select_looks(question: Question, reach: Reach, figure: OtherFigure, group: Group | None = None) -> Select[Any]:
    """The looks that a figure counts, the newest first; for the rate, those in its denominator."""
    look = Reinspection
    columns: list[Any] = [Item.number, Item.finding.label("text"), Unit.name.label("unit"), look.inspected_on]
    columns.append(look.state)
    query = _looked(select(*columns), question, reach).outerjoin(Unit, Unit.id == look.unit_id)
    if group is not None:
        query = query.where(GROUPED[group.by][1].is_not_distinct_from(group.id))
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
