"""Counting many days at once, and the days that were counted before."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Date, Select, and_, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.access.rules import Reach
from tracker.core.db import FOREVER_DAY, Instant
from tracker.figures.models import FigureDay
from tracker.figures.queries.tallies import conditions, is_asked_any_day
from tracker.figures.questions import Question
from tracker.figures.rules import FigureName
from tracker.figures.trends import Point, hash_of, key_of
from tracker.items.models import Item, ItemChange, ItemSupport
from tracker.items.queries import in_units, is_hidden
from tracker.org.models import UnitAncestor
from tracker.sources.models import Source


@dataclass(frozen=True)
class Trend:
    """The counts of some days, and those of closed months that are worth keeping, under what they are kept.

    ``known_at`` is the recording instant of the last change that stands in them. ``to_keep`` is empty where nothing had
    to be counted that is not kept already.
    """

    points: list[Point]
    key: str
    beside: str
    known_at: datetime | None
    to_keep: Sequence[Point] = ()


def find_trend(session: Session, question: Question, days: Sequence[date], reach: Reach, *, open_since: date) -> Trend:
    """The counts of some days in their order, in at most two queries however many days there are.

    Days before ``open_since`` (the first of this month) are taken from those kept, as far as they still hold.
    """
    key = key_of(question, reach)
    found = _look_up(session, question, reach, key, [day for day in days if day < open_since])
    missing = [day for day in days if day not in found.held]
    counted = {point.day: point for point in count_days(session, question, missing, reach)} if missing else {}
    points = [found.held.get(day) or counted[day] for day in days]
    closed = [point for point in points if point.day < open_since]
    to_keep = () if all(point.day in found.held for point in closed) else closed
    return Trend(points, key, found.beside, found.known_at, to_keep)


class _Found(NamedTuple):
    """The days that are kept and still hold, what the count reads beside the changes, and the last of these."""

    held: dict[date, Point]
    beside: str
    known_at: datetime | None


def _look_up(session: Session, question: Question, reach: Reach, key: str, days: Sequence[date]) -> _Found:
    row = FigureDay
    is_asked = and_(row.key == key, row.day.in_(days))
    kept = select(literal("kept"), row.total, row.closed, row.left_out, row.day, row.known_at, row.beside).where(
        is_asked
    )
    moved = func.min(ItemChange.effective_on)
    oldest = select(func.min(row.known_at)).where(is_asked).scalar_subquery()
    later = _line("moved", day=moved).where(ItemChange.recorded_at > oldest)
    if question.known_at is not None:
        later = later.where(ItemChange.recorded_at <= question.known_at)
    last = _line("last", known_at=func.max(ItemChange.recorded_at))
    rows: Any = session.execute(union_all(kept, later, last, *_beside(question, reach))).all()
    told = {what: (day, known_at) for what, _, _, _, day, known_at, _ in rows}
    beside = hash_of(sorted((row[0], row[1]) for row in rows if row[0] in BESIDE))
    moved_from = told["moved"][0] or FOREVER_DAY
    held = {
        day: Point(day, *counts)
        for what, *counts, day, _, told_beside in rows
        if what == "kept" and day < moved_from and told_beside == beside
    }
    return _Found(held, beside, told["last"][1])


BESIDE = frozenset({"below", "hidden", "supported", "leaving"})


def _beside(question: Question, reach: Reach) -> list[Select[Any]]:
    """What a count reads besides the changes of items, each with its id.

    The sources that leave out what is sustained, the units below the one asked for, the items whose readers keep them
    from this person, and those that the person's units support. The units, roles and relations of a reach are resolved
    in it already.
    """
    selects = [_line("leaving", Source.id).where(Source.leaves_out_sustained)]
    if question.unit_id is not None:
        selects.append(_line("below", UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == question.unit_id))
    if not reach.managing.everywhere:
        selects.append(_line("hidden", Item.id).where(is_hidden(reach)))
    if reach.supporting and not reach.units.everywhere:
        supported = in_units(ItemSupport.unit_id, reach.supporting)
        selects.append(_line("supported", ItemSupport.item_id).where(supported))
    return selects


def _line(what: str, id_: Any = None, *, day: Any = None, known_at: Any = None) -> Select[Any]:
    """A line of what is looked up, with the columns of a kept day."""
    no_day, no_instant = cast(null(), Date), cast(null(), Instant())
    dated = (no_day if day is None else day, no_instant if known_at is None else known_at)
    return select(literal(what), literal(0) if id_ is None else id_, literal(0), literal(0), *dated, literal(""))


def count_days(session: Session, question: Question, days: Sequence[date], reach: Reach) -> list[Point]:
    """The total and the closed ones at the end of each of some days, the earliest first, in one query.

    Each change adds an item on the day from which it counts, and takes it away on the day from which the next one does.
    """
    starts, ends = _starts(question, days, reach), _ends(question, days, reach)
    moved = (Counter[date](), Counter[date](), Counter[date]())
    for day, *numbers in session.execute(union_all(starts, ends)):
        for counter, number in zip(moved, numbers, strict=True):
            counter[day] += number
    return [Point(day, *sums) for day, *sums in zip(days, *(_until(each, days) for each in moved), strict=True)]


def _until(moved: Counter[date], days: Sequence[date]) -> list[int]:
    """What had been added up by the end of each day."""
    moves = sorted(moved.items())
    sums = [0, *accumulate(number for _, number in moves)]
    return [sums[bisect_right(moves, day, key=itemgetter(0))] for day in days]


def _starts(question: Question, days: Sequence[date], reach: Reach) -> Select[Any]:
    """How many items a change puts into the counts, by the day from which it counts."""
    on = ItemChange.effective_on
    since = case((on <= days[0], literal(days[0])), else_=on).label("day")
    return _held_between(question, days, reach, since, 1).group_by(since)


def _ends(question: Question, days: Sequence[date], reach: Reach) -> Select[Any]:
    """How many items are no longer what a change made of them, by the day from which the next one counts."""
    until = _until_column(question).label("day")
    return _held_between(question, days, reach, until, -1).where(until <= days[-1]).group_by(until)


def _held_between(question: Question, days: Sequence[date], reach: Reach, day: Any, sign: int) -> Select[Any]:
    """Changes that held at the end of any day from the first on."""
    holds, change = conditions(days[-1]), ItemChange
    counts = [func.count(), *(func.count().filter(holds[name]) for name in (FigureName.CLOSED, FigureName.LEFT_OUT))]
    query = select(day, *(sign * count for count in counts)).where(
        change.effective_on <= days[-1], holds[FigureName.TOTAL]
    )
    if question.known_at is None:
        query = query.where(change.until > days[0])
    else:
        is_last = change.superseded_at > question.known_at
        query = query.where(change.recorded_at <= question.known_at, or_(change.until > days[0], is_last))
    return query.where(*is_asked_any_day(question, reach))


def _until_column(question: Question) -> Any:
    if question.known_at is None:
        return ItemChange.until
    return case((ItemChange.superseded_at > question.known_at, literal(FOREVER_DAY)), else_=ItemChange.until)
