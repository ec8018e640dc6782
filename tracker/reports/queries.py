"""Gathering the facts of the section: items, counts, measures and results as of the day, whatever their number."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.access.rules import Reach
from tracker.closure.models import Application
from tracker.closure.rules import ApplicationState
from tracker.core import clock
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.queries import COUNTS, conditions, is_asked, tally
from tracker.figures.questions import Question
from tracker.figures.rules import Breakdown, FigureName, Tally
from tracker.items.models import Item, ItemChange
from tracker.items.queries import within
from tracker.items.rules import OPEN, ItemKind
from tracker.org.models import Person, Unit
from tracker.progress.models import Measure, Outcome
from tracker.reports import gathering
from tracker.reports.models import ReportTemplate
from tracker.reports.naming import NAMED_IN_TEXT
from tracker.reports.rules import Facts, Outcomes, TypicalItem, UnfinishedItem
from tracker.settings.queries import load
from tracker.sources.models import Section, Source
from tracker.sources.queries import is_known

TYPICAL = 3


def gather_facts(session: Session, year: int, question: Question, reach: Reach, *, taken_at: datetime) -> Facts:
    """All that the section of a year may say, as of the question's day and knowledge, of what is within reach.

    It is about the sources fed back or open at any time in the year. ``taken_at`` is the time to print. Measures keep
    no history: they are those of now, done by the day asked for.
    """
    facts = Facts(year, question.as_of, clock.local(taken_at))
    sources = _list_sources(session, year, question, reach)
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
        outcomes=_outcomes(session, _days(year, question.as_of), question, reach),
        typical=_typical(session, _days(year, question.as_of), question, reach),
        unfinished=_unfinished(session, question, [row for row in rows if row.open]),
    )


def find_source_ids(session: Session, names: Collection[str]) -> list[int]:
    """The sources with these numbers or titles; raises NotFound naming one that nobody knows."""
    found: list[int] = []
    for name in names:
        ids = session.scalars(select(Source.id).where(or_(Source.number == name, Source.title == name))).all()
        if not ids:
            raise NotFound(_l("没有编号或标题为“%(name)s”的来源。", name=name))
        found += ids
    return found


def _days(year: int, as_of: date) -> tuple[date, date]:
    return date(year, 1, 1), min(date(year, 12, 31), as_of)


def _list_sources(session: Session, year: int, question: Question, reach: Reach) -> Sequence[Source]:
    first, last = _days(year, question.as_of)
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


def _outcomes(session: Session, days: tuple[date, date], question: Question, reach: Reach) -> Outcomes:
    """The results of the year; who was dealt with is told with zeros once anybody is recorded."""
    query = select(Outcome.kind, func.sum(Outcome.amount)).group_by(Outcome.kind)
    query = query.where(Outcome.counted_on.between(*days), _of_counted(Outcome.item_id, question, reach))
    if question.known_at is not None:
        query = query.where(Outcome.recorded_at <= question.known_at)
    return gathering.outcomes({row[0]: row[1] for row in session.execute(query)})


def _typical(session: Session, days: tuple[date, date], question: Question, reach: Reach) -> tuple[TypicalItem, ...]:
    """The last closed in the year whose application tells what was done, one from each source."""
    change = ItemChange
    query = (
        select(change.source_id, Item.number, Item.finding, Application.statement)
        .select_from(change)
        .join(Item, Item.id == change.item_id)
        .join(Application, Application.item_id == change.item_id)
        .where(*is_asked(question, reach), conditions(question.as_of)[FigureName.CLOSED])
        .where(change.closed_on.between(*days), Application.state == ApplicationState.CLOSED)
        .order_by(change.closed_on.desc(), Item.id, Application.round.desc())
    )
    if question.known_at is not None:
        query = query.where(Application.filed_at <= question.known_at)
    by_source: dict[int, TypicalItem] = {}
    for source_id, number, finding, statement in session.execute(query.limit(10 * TYPICAL)):
        by_source.setdefault(source_id, TypicalItem(number, finding, gathering.in_short(statement)))
    return tuple(by_source.values())[:TYPICAL]


def _unfinished(session: Session, question: Question, rows: Sequence[Row[Any]]) -> tuple[UnfinishedItem, ...]:
    steps: dict[int, str] = {}
    if len(rows) <= NAMED_IN_TEXT:
        is_to_do = or_(Measure.done_on.is_(None), Measure.done_on > question.as_of)
        query = select(Measure.item_id, Measure.text).where(Measure.item_id.in_([row.id for row in rows]), is_to_do)
        for item_id, text in session.execute(query.order_by(Measure.item_id, Measure.position)):
            steps.setdefault(item_id, text)
    return tuple(gathering.unfinished_item(row, steps.get(row.id, "")) for row in rows)


def list_templates(session: Session) -> Sequence[ReportTemplate]:
    """All templates of the office by name, those in use first."""
    query = select(ReportTemplate).order_by(ReportTemplate.is_retired, ReportTemplate.name, ReportTemplate.id)
    return session.scalars(query.options(joinedload(ReportTemplate.kept_by))).all()


def get_template(session: Session, template_id: int, *, lock: bool = False) -> ReportTemplate:
    """A template by id; raises NotFound."""
    query = select(ReportTemplate).where(ReportTemplate.id == template_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(_l("没有找到这个模板。"))
    return found


def find_template(session: Session, name: str) -> ReportTemplate | None:
    """The template in use that is called so."""
    return session.scalar(select(ReportTemplate).where(ReportTemplate.name == name, ~ReportTemplate.is_retired))
