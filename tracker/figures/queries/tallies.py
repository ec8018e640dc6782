"""Counting items as they were on a day, and naming the items behind every figure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from tracker.access.rules import Reach
from tracker.figures.models import SavedQuestion
from tracker.figures.queries.groups import COLUMNS, COUNTS, NAMED, TallyRow, in_group, rolled_up, tally_of, with_keys
from tracker.figures.questions import Group, Question
from tracker.figures.rules import AGES, Breakdown, FigureName, Tally
from tracker.items.models import Item, ItemChange
from tracker.items.queries import holds_at, in_units, is_left_out, within
from tracker.items.rules import COUNTED, OPEN, RUNNING, DeadlineKind, OwnWord, State
from tracker.org.models import Person, Unit, UnitAncestor
from tracker.sources.models import Source
from tracker.sources.queries import is_known
from tracker.sources.rules import NEAR_DAYS, Counting

WHOLE = "all"


def tally(session: Session, question: Question, reach: Reach, by: Breakdown = Breakdown.ALL) -> list[TallyRow]:
    """The counts of each unit, source, aspect or leader with at least one item, in one query.

    Units come in the order of the tree, the newest source first, aspects as their texts order them, leaders by
    pinyin; what has no name comes last.
    """
    counts = _counts(question)
    if by is Breakdown.ALL:
        rows = session.execute(_held(question, reach, *counts))
        return [TallyRow(WHOLE, WHOLE, found) for found in map(tally_of, rows) if found != Tally()]
    column = COLUMNS[by]
    held = _held(question, reach, column.label("id"), *counts).group_by(column).subquery()
    if by is Breakdown.TREE:
        held = rolled_up(held, question.unit_id)
    return with_keys(session.execute(NAMED[by](held)).all())


def tally_wholes(session: Session, questions: Sequence[Question], reach: Reach) -> list[Tally]:
    """The counts of all that each question asks for, in one query; an empty tally where nothing is."""
    selects = [
        _held(question, reach, literal(number).label("nth"), *_counts(question))
        for number, question in enumerate(questions)
    ]
    rows = session.execute(union_all(*selects)).all()
    return [tally_of(row) for row in sorted(rows, key=lambda row: row.nth)]


def list_item_numbers(
    session: Session, question: Question, reach: Reach, figure: FigureName, group: Group | None = None
) -> Sequence[str]:
    """The numbers of exactly the items that a figure counts, in order; a rate is about those in its denominator."""
    chosen = select_items(question, reach, figure, group).with_only_columns(Item.number)
    return session.scalars(chosen).all()


def select_items(question: Question, reach: Reach, figure: FigureName, group: Group | None = None) -> Select[Any]:
    """The items that a figure counts with what a list prints of them, as they were on the day, in order."""
    wanted = conditions(question.as_of, question.near_days)[figure]
    query = printed_items().where(*is_asked(question, reach), wanted)
    if group is not None and group.by is not Breakdown.ALL:
        query = query.where(in_group(group))
    return query


def printed_items() -> Select[Any]:
    """Items beside their changes, with what a list prints of them, in order; which changes is for the caller to say."""
    change = ItemChange
    printed: list[Any] = [Item.number, Item.finding, Unit.name.label("lead_unit"), Person.name.label("leader")]
    printed += [change.state, change.deadline_kind, change.due_on, change.first_due_on, change.closed_on]
    return (
        select(*printed)
        .select_from(Item)
        .join(change, change.item_id == Item.id)
        .outerjoin(Unit, Unit.id == change.lead_unit_id)
        .outerjoin(Person, Person.id == change.leader_id)
        .order_by(Item.source_id, Item.number)
    )


class Choices(NamedTuple):
    """What a person may narrow figures to: sources (the newest first) and units (in the order of the tree), by id.

    ``closing_when_sustained`` are the sources whose items, kept up for ever, may be closed at their date,
    ``leaving_out_sustained`` those whose sustained items are in no denominator, ``counting_parts`` those whose figures
    are counted by parts; ``saved`` the questions kept by this
    person or shared with everybody.
    """

    sources: list[tuple[int, str]]
    units: list[tuple[int, str]]
    closing_when_sustained: frozenset[int] = frozenset()
    leaving_out_sustained: frozenset[int] = frozenset()
    counting_parts: frozenset[int] = frozenset()
    saved: tuple[tuple[int, str], ...] = ()


def list_choices(session: Session, reach: Reach) -> Choices:
    """The sources with an item within reach, the units within reach and kept questions, in one query."""
    counts_parts = Source.counting == Counting.PARTS
    switches = (Source.closes_when_sustained, Source.leaves_out_sustained, counts_parts)
    source = select(literal("source"), Source.id, Source.title, *switches)
    unit = select(literal("unit"), Unit.id, Unit.path, true(), true(), true())
    kept = select(literal("saved"), SavedQuestion.id, SavedQuestion.name, SavedQuestion.is_shared, true(), true())
    kept = kept.where(or_(SavedQuestion.owner_id == reach.person_id, SavedQuestion.is_shared))
    if not reach.managing.everywhere:
        source = source.where(is_known(reach.person_id))
    if not reach.units.everywhere:
        source = source.where(exists().where(Item.source_id == Source.id, within(reach)))
        unit = unit.where(in_units(Unit.id, reach.units))
    rows = session.execute(union_all(source, unit, kept)).all()
    found = [row for row in rows if row[0] == "source"]
    sources = sorted(((id_, title) for _, id_, title, *_ in found), reverse=True)
    units, saved = (
        sorted(((id_, words) for what, id_, words, *_ in rows if what == each), key=lambda row: row[1])
        for each in ("unit", "saved")
    )
    closing, leaving, parts = (frozenset(row[1] for row in found if row[place]) for place in (3, 4, 5))
    return Choices(sources, units, closing, leaving, parts, tuple(saved))


def conditions(as_of: date, near_days: int = NEAR_DAYS) -> Mapping[FigureName, ColumnElement[bool]]:
    """What makes an item count in each figure on a day; for a rate, in its denominator."""
    row = ItemChange
    running, is_open = row.state.in_(sorted(RUNNING)), row.state.in_(sorted(OPEN))
    counted, closed = row.state.in_(sorted(COUNTED)), row.state == State.CLOSED
    left_out = is_left_out(row)
    found: dict[FigureName, ColumnElement[bool]] = {
        FigureName(state): row.state == state for state in State if state is not State.VOID
    }
    found |= {
        FigureName.TOTAL: counted,
        FigureName.OPEN: is_open,
        FigureName.RUNNING: running,
        FigureName.BASICALLY_COMPLETED: and_(is_open, row.own_word == OwnWord.BASICALLY_COMPLETED),
        FigureName.COMPLETED_BY_UNIT: and_(is_open, row.own_word == OwnWord.COMPLETED),
        FigureName.CONFIRMED: and_(closed, row.confirmed_on.is_not(None)),
        FigureName.OVERDUE: and_(running, row.due_on < as_of),
        FigureName.OVERDUE_FIRST_DEADLINE: and_(running, row.first_due_on < as_of),
        FigureName.DUE_SOON: and_(running, row.due_on.between(as_of, as_of + timedelta(days=near_days))),
        FigureName.CLOSED_ON_TIME: and_(closed, _not_after(row.due_on)),
        FigureName.CLOSED_ON_TIME_FIRST_DEADLINE: and_(closed, _not_after(row.first_due_on)),
        FigureName.AT_ONCE: and_(counted, row.deadline_kind == DeadlineKind.AT_ONCE),
        FigureName.EXTENDED: and_(counted, row.due_on != row.first_due_on),
        FigureName.LEFT_OUT: left_out,
        FigureName.LEFT_OUT_COMPLETED: and_(left_out, row.own_word == OwnWord.COMPLETED),
    }
    found |= {name: and_(is_open, _fed_back(as_of, *days)) for name, days in AGES.items()}
    return found | {
        FigureName.CLOSURE_RATE: and_(counted, ~left_out),
        FigureName.COMPLETION_RATE: and_(counted, ~left_out),
        FigureName.ON_TIME_RATE: or_(closed, found[FigureName.OVERDUE]),
        FigureName.ON_TIME_RATE_FIRST_DEADLINE: or_(closed, found[FigureName.OVERDUE_FIRST_DEADLINE]),
    }


def _fed_back(as_of: date, since: int, until: int | None) -> ColumnElement[bool]:
    """Whether the feedback came so many days before; the days of sources never change."""
    dated = select(Source.id).where(Source.received_on <= as_of - timedelta(days=since))
    if until is not None:
        dated = dated.where(Source.received_on >= as_of - timedelta(days=until))
    return ItemChange.source_id.in_(dated)


def _not_after(due_on: Any) -> ColumnElement[bool]:
    return or_(due_on.is_(None), ItemChange.closed_on <= due_on)


def _counts(question: Question) -> list[Any]:
    holds = conditions(question.as_of, question.near_days)
    return [func.count().filter(holds[name]).label(name) for name in COUNTS]


def _held(question: Question, reach: Reach, *columns: Any) -> Select[Any]:
    return select(*columns).select_from(ItemChange).where(*is_asked(question, reach))


def is_asked(question: Question, reach: Reach) -> list[ColumnElement[bool]]:
    """The conditions that a change held on the day, is within reach and is asked for; void items never are."""
    return [holds_at(question.as_of, question.known_at), *is_asked_any_day(question, reach)]


def is_asked_any_day(question: Question, reach: Reach) -> list[ColumnElement[bool]]:
    """The same of whatever day. What this reads besides the changes must be told in ``queries.trend`` as well."""
    is_part = ItemChange.parent_id.is_not(None)
    return [*_narrowed(question, reach), is_part if question.counting is Counting.PARTS else ~is_part]


def is_asked_either_way(question: Question, reach: Reach) -> list[ColumnElement[bool]]:
    """The same of problems and of their parts alike: for what is counted by neither."""
    return [holds_at(question.as_of, question.known_at), *_narrowed(question, reach)]


def _narrowed(question: Question, reach: Reach) -> list[ColumnElement[bool]]:
    change = ItemChange
    asked = [within(reach, change, change.item_id), change.state != State.VOID]
    if question.source_ids:
        asked.append(change.source_id.in_(sorted(question.source_ids)))
    if question.unit_id is not None:
        below = select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == question.unit_id)
        asked.append(change.lead_unit_id.in_(below))
    if question.kind is not None:
        asked.append(change.kind == question.kind)
    if question.due_on is not None:
        asked.append(change.due_on == question.due_on)
    return asked
