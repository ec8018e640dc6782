"""Gathering the facts of the section: items, counts, measures and results as of the day, whatever their number."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Reach
from tracker.closure.models import Application
from tracker.closure.rules import ApplicationState
from tracker.core import clock
from tracker.figures.queries import COUNTS, conditions, is_asked, list_year_counted, tally
from tracker.figures.questions import Question
from tracker.figures.rules import Breakdown, FigureName, Tally
from tracker.figures.years import YearFigure
from tracker.items.models import Item, ItemChange
from tracker.items.queries import within
from tracker.items.rules import OPEN, ItemKind
from tracker.org.models import Person, Unit
from tracker.progress.models import Measure, Outcome
from tracker.reports import gathering
from tracker.reports.rules import Answer, Facts, Outcomes, TypicalItem, UnfinishedItem, YearCount
from tracker.reports.vocabulary import NAMED_IN_TEXT
from tracker.settings.queries import load
from tracker.sources.models import Section, Source
from tracker.sources.queries import is_known
from tracker.sources.rules import SourceKind

TYPICAL = 3


Days = tuple[date, date]


def days_of(year: int, as_of: date) -> Days:
    """The days of a year that a report as of a day is about."""
    return date(year, 1, 1), min(date(year, 12, 31), as_of)


def gather_facts(
    session: Session,
    days: Days,
    question: Question,
    reach: Reach,
    *,
    taken_at: datetime,
    typical: Collection[str] = (),
) -> Facts:
    """All that a report on these days may say, as of the question's day and knowledge, of what is within reach.

    It is about the sources fed back or open at any time in them. ``taken_at`` is the time to print, ``typical`` the
    numbers of the items that were chosen as typical. Measures keep no history: they are those of now, done by the day
    asked for.
    """
    facts = Facts(days[1].year, question.as_of, clock.local(taken_at))
    sources = _list_sources(session, days, question, reach)
    if not sources:
        return facts
    question = replace(question, source_ids=[source.id for source in sources])
    rows = session.execute(_select_items(question, reach)).all()
    own_names = {load(session)[key] for key in ("organ.name", "organ.short_name")}
    tallies = {kind: _tallies(session, question, reach, kind) for kind in ItemKind}
    done, measures = _count_measures(session, question, reach)
    return replace(
        facts,
        sources=gathering.source_facts(sources, rows, tallies, own_names),
        measures_done=done,
        measures_total=measures,
        outcomes=_outcomes(session, days, question, reach),
        typical=_typical(session, days, question, reach, typical),
        unfinished=_unfinished(session, question, [row for row in rows if row.open]),
        answers=_answers(session, question, reach, sources, rows),
        yearly=_yearly(session, days, question, reach),
    )


def _list_sources(session: Session, days: Days, question: Question, reach: Reach) -> Sequence[Source]:
    first, last = days
    change = ItemChange
    lasted = change.until > first
    was_open = [change.state.in_(sorted(OPEN)), change.effective_on <= last, within(reach, change, change.item_id)]
    if question.known_at is not None:
        was_open.append(change.recorded_at <= question.known_at)
        lasted = or_(lasted, change.superseded_at > question.known_at)
    carried = Source.id.in_(select(change.source_id).where(*was_open, lasted))
    query = select(Source).where(Source.received_on <= last, or_(Source.received_on >= first, carried))
    if question.source_ids:
        query = query.where(Source.id.in_(sorted(question.source_ids)))
    if not reach.managing.everywhere:
        query = query.where(is_known(reach.person_id))
    return session.scalars(query.order_by(Source.received_on, Source.id)).all()


def _select_items(question: Question, reach: Reach) -> Select[Any]:
    change, aspect, category = ItemChange, aliased(Section), aliased(Section)
    holds = conditions(question.as_of)
    columns: list[Any] = [
        Item.id,
        Item.number,
        Item.finding,
        Item.due_text,
        Item.then_sustained,
        Item.is_withheld,
        (Item.due_on.is_not_distinct_from(change.due_on)).label("is_due_as_now"),
        *(change.source_id, change.kind, change.state, change.deadline_kind, change.due_on, change.closed_on),
        *(change.aspect_id, change.category_id, aspect.title.label("aspect"), category.title.label("category")),
        *(Person.name.label("leader"), Unit.name.label("lead_unit")),
        *(holds[name].label(name) for name in (*COUNTS, FigureName.OPEN)),
    ]
    joined = select(*columns).select_from(change).join(Item, Item.id == change.item_id)
    joined = joined.outerjoin(aspect, aspect.id == change.aspect_id)
    joined = joined.outerjoin(category, category.id == change.category_id)
    joined = joined.outerjoin(Person, Person.id == change.leader_id).outerjoin(Unit, Unit.id == change.lead_unit_id)
    return joined.where(*is_asked(question, reach)).order_by(change.source_id, Item.number)


def _tallies(session: Session, question: Question, reach: Reach, kind: ItemKind) -> Mapping[int | None, Tally]:
    return {row.id: row.tally for row in tally(session, replace(question, kind=kind), reach, Breakdown.SOURCE)}


def _of_counted(column: Any, question: Question, reach: Reach) -> ColumnElement[bool]:
    """Whether a row belongs to an item that is counted, or to a part of one."""
    wholes = select(ItemChange.item_id).where(*is_asked(question, reach), conditions(question.as_of)[FigureName.TOTAL])
    parts = select(Item.id).where(Item.parent_id.in_(wholes))
    return or_(column.in_(wholes), column.in_(parts))


def _count_measures(session: Session, question: Question, reach: Reach) -> tuple[int, int]:
    done = func.count().filter(Measure.done_on <= question.as_of)
    query = select(done, func.count()).where(_of_counted(Measure.item_id, question, reach))
    counted = session.execute(query).one()
    return counted[0], counted[1]


def _outcomes(session: Session, days: Days, question: Question, reach: Reach) -> Outcomes:
    """The results of the year; who was dealt with is told with zeros once anybody is recorded."""
    query = select(Outcome.kind, func.sum(Outcome.amount)).group_by(Outcome.kind)
    query = query.where(Outcome.counted_on.between(*days), _of_counted(Outcome.item_id, question, reach))
    if question.known_at is not None:
        query = query.where(Outcome.recorded_at <= question.known_at)
    return gathering.outcomes({row[0]: row[1] for row in session.execute(query)})


def _typical(
    session: Session, days: Days, question: Question, reach: Reach, chosen: Collection[str]
) -> tuple[TypicalItem, ...]:
    """Those chosen by hand; else the last closed in the period whose application tells what was done, one a source."""
    rows = session.execute(_select_done(question, reach, days, chosen)).all()
    by_source: dict[object, TypicalItem] = {}
    for source_id, number, finding, statement in rows:
        told = TypicalItem(number, finding, gathering.in_short(statement))
        by_source.setdefault(number if chosen else source_id, told)
    return tuple(by_source.values())[: None if chosen else TYPICAL]


def _select_done(question: Question, reach: Reach, days: Days | None, chosen: Collection[str]) -> Select[Any]:
    """Closed items with what their last application says was done, the last closed first."""
    change = ItemChange
    told: tuple[Any, ...] = (change.source_id, Item.number, Item.finding, Application.statement)
    query = (
        select(*told)
        .select_from(change)
        .join(Item, Item.id == change.item_id)
        .join(Application, Application.item_id == change.item_id)
        .where(*is_asked(question, reach), conditions(question.as_of)[FigureName.CLOSED])
        .where(Application.state == ApplicationState.CLOSED)
        .order_by(change.closed_on.desc(), Item.id, Application.round.desc())
    )
    if question.known_at is not None:
        query = query.where(Application.filed_at <= question.known_at)
    if chosen:
        return query.where(Item.number.in_(chosen))
    return query.where(change.closed_on.between(*days)).limit(10 * TYPICAL) if days else query


def _answers(
    session: Session, question: Question, reach: Reach, sources: Sequence[Source], rows: Sequence[Row[Any]]
) -> tuple[Answer, ...]:
    """What became of every point of an appraisal, in the order of the feedback."""
    ids = [source.id for source in sources if source.kind is SourceKind.APPRAISAL]
    if not ids:
        return ()
    asked = replace(question, source_ids=ids)
    done: dict[str, str] = {}
    for _source_id, number, _finding, statement in session.execute(_select_done(asked, reach, None, ())):
        done.setdefault(number, gathering.in_short(statement))
    points = [row for row in rows if row.source_id in ids and (row.open or row.closed)]
    steps = _next_steps(session, question, [row for row in points if row.open])
    return tuple(gathering.answer(row, done.get(row.number, ""), steps.get(row.id, "")) for row in points)


def _yearly(session: Session, days: Days, question: Question, reach: Reach) -> tuple[YearCount, ...]:
    """What was carried over, is new and is due in the year; only where the days are the year of the figures."""
    if days[0] != date(question.as_of.year, 1, 1):
        return ()
    rows = list_year_counted(session, question, reach)
    return tuple(
        YearCount(kind, name, tuple(row.number for row in rows if row.kind is kind and getattr(row, name)))
        for kind in ItemKind
        for name in YearFigure
    )


def _unfinished(session: Session, question: Question, rows: Sequence[Row[Any]]) -> tuple[UnfinishedItem, ...]:
    steps = _next_steps(session, question, rows if len(rows) <= NAMED_IN_TEXT else ())
    return tuple(gathering.unfinished_item(row, steps.get(row.id, "")) for row in rows)


def _next_steps(session: Session, question: Question, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """The first measure of each item that is not done."""
    steps: dict[int, str] = {}
    if rows:
        is_to_do = or_(Measure.done_on.is_(None), Measure.done_on > question.as_of)
        query = select(Measure.item_id, Measure.text).where(Measure.item_id.in_([row.id for row in rows]), is_to_do)
        for item_id, text in session.execute(query.order_by(Measure.item_id, Measure.position)):
            steps.setdefault(item_id, text)
    return steps


def list_tellable(session: Session, question: Question, reach: Reach) -> list[TypicalItem]:
    """The closed items whose application tells what was done, the last closed first, to choose typical ones of."""
    found: dict[str, TypicalItem] = {}
    for _source_id, number, finding, statement in session.execute(_select_done(question, reach, None, ()).limit(400)):
        found.setdefault(number, TypicalItem(number, finding, gathering.in_short(statement)))
    return list(found.values())[:200]


def count_asked(session: Session, question: Question, reach: Reach) -> int:
    """How many items a report would list."""
    return session.scalar(select(func.count()).select_from(ItemChange).where(*is_asked(question, reach))) or 0
