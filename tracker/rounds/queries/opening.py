"""What a round asks of whom, derived from the items as they are."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, false, literal, or_, select, true, union, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.items.models import Item, ItemSupport
from tracker.items.rules import State
from tracker.progress.models import Entry
from tracker.progress.rules import EntryStanding
from tracker.rounds.models import OwedReport, ReportingRound, Rhythm
from tracker.rounds.rules import OWING, SAID_BY_APPLICATION, UNREPORTED, ReportState

COLUMNS = ("round_id", "item_id", "unit_id", "is_lead")


def list_rhythms(session: Session) -> Sequence[Rhythm]:
    """All rhythms, locked: one opening at a time, and no rhythm changes during it."""
    return session.scalars(select(Rhythm).order_by(Rhythm.source_id).with_for_update()).all()


def find_rhythm(session: Session, source_id: int, *, lock: bool = False) -> Rhythm | None:
    """The rhythm of a source."""
    query = select(Rhythm).where(Rhythm.source_id == source_id)
    return session.scalar(query.with_for_update() if lock else query)


def list_running(session: Session, day: date) -> Sequence[tuple[int, date, date]]:
    """Source, day of the rhythm and present day of every round of which one of them has not passed."""
    has_not_passed = or_(ReportingRound.nominal_on >= day, ReportingRound.due_on >= day)
    columns = (ReportingRound.source_id, ReportingRound.nominal_on, ReportingRound.due_on)
    return [tuple(row) for row in session.execute(select(*columns).where(has_not_passed))]  # type: ignore[misc]


def list_running_ids(session: Session, day: date) -> Sequence[int]:
    """Ids of the rounds whose day has not passed."""
    return session.scalars(select(ReportingRound.id).where(ReportingRound.due_on >= day)).all()


def list_stale(session: Session, day: date) -> Sequence[int]:
    """Ids of the rounds whose day has not passed and that do not ask for just what the items owe; takes no lock."""
    ids = list_running_ids(session, day)
    required = select_required(ids).subquery()
    same = and_(*(getattr(OwedReport, name) == required.c[name] for name in ("round_id", "item_id", "unit_id")))
    wanting = select(required.c.round_id).outerjoin(OwedReport, same).where(OwedReport.id.is_(None))
    wrong = (select_unasked(ids), select_settled(ids), select_unsettled(ids))
    return session.scalars(
        union(wanting, *(select(OwedReport.round_id).where(OwedReport.id.in_(each)) for each in wrong))
    ).all()


def select_required(round_ids: Collection[int], *more: Any) -> Select[Any]:
    """Rows of COLUMNS: who owes what in these rounds by what the items are now, and what else is literal."""
    lead = _asked(round_ids, Item.lead_unit_id, is_lead=True).where(Item.lead_unit_id.is_not(None))
    support = _asked(round_ids, ItemSupport.unit_id, is_lead=False).join(ItemSupport, ItemSupport.item_id == Item.id)
    support = support.where(ItemSupport.unit_id.is_distinct_from(Item.lead_unit_id))
    asked = union_all(lead, support).subquery()
    # SQLite takes ON CONFLICT after a SELECT only when that has a WHERE.
    return select(*(asked.c[name] for name in COLUMNS), *more).where(asked.c.item_id.is_not(None))


def _asked(round_ids: Collection[int], unit_id: Any, *, is_lead: bool) -> Select[Any]:
    child = aliased(Item)
    # What was closed in the time of the round was still worked on in it.
    runs = or_(
        Item.state.in_(sorted(OWING)),
        and_(Item.state == State.CLOSED, Item.closed_on >= ReportingRound.begins_on),
    )
    columns = (
        ReportingRound.id.label("round_id"),
        Item.id.label("item_id"),
        unit_id.label("unit_id"),
        (true() if is_lead else false()).label("is_lead"),
    )
    query = select(*columns).select_from(ReportingRound).join(Item, Item.source_id == ReportingRound.source_id)
    # A parent's work is told of its children.
    return query.where(ReportingRound.id.in_(round_ids), runs, ~exists().where(child.parent_id == Item.id))


def select_unasked(round_ids: Collection[int]) -> Select[Any]:
    """Ids of reports that nobody gave and that are not asked for any more."""
    required = select_required(round_ids).subquery()
    same = and_(*(getattr(OwedReport, name) == required.c[name] for name in COLUMNS))
    return (
        select(OwedReport.id)
        .outerjoin(required, same)
        .where(
            OwedReport.round_id.in_(round_ids),
            OwedReport.state.in_(sorted(UNREPORTED | {ReportState.SETTLED})),
            required.c.item_id.is_(None),
        )
    )


def select_settled(round_ids: Collection[int]) -> Select[Any]:
    """Ids of reports that an application for closure makes needless."""
    query = select(OwedReport.id).join(Item, Item.id == OwedReport.item_id)
    open_ones = (OwedReport.round_id.in_(round_ids), OwedReport.state.in_(sorted(UNREPORTED)))
    return query.where(*open_ones, Item.state.in_(sorted(SAID_BY_APPLICATION)))


def select_unsettled(round_ids: Collection[int]) -> Select[Any]:
    """Ids of reports that are owed again, because the application was sent back."""
    query = select(OwedReport.id).join(Item, Item.id == OwedReport.item_id)
    settled = (OwedReport.round_id.in_(round_ids), OwedReport.state == ReportState.SETTLED)
    return query.where(*settled, Item.state.not_in(sorted(SAID_BY_APPLICATION)))


def list_untouched_ids(session: Session, source_id: int, day: date) -> Sequence[int]:
    """Ids of a source's rounds whose day has not passed and for which nobody has written anything."""
    touched = exists().where(
        OwedReport.round_id == ReportingRound.id,
        or_(OwedReport.entry_id.is_not(None), OwedReport.draft != literal("")),
    )
    query = select(ReportingRound.id).where(ReportingRound.source_id == source_id, ReportingRound.due_on >= day)
    return session.scalars(query.where(~touched)).all()


def list_open(session: Session, item_id: int, unit_id: int | None, on: date) -> Sequence[OwedReport]:
    """A unit's reports on an item in the rounds that take texts on a day, the latest round first, locked."""
    query = (
        select(OwedReport)
        .join(OwedReport.round)
        .where(OwedReport.item_id == item_id, OwedReport.unit_id == unit_id)
        .where(ReportingRound.begins_on <= on, ReportingRound.closes_on >= on)
        .order_by(ReportingRound.due_on.desc())
        .options(joinedload(OwedReport.round))
    )
    return session.scalars(query.with_for_update(of=OwedReport)).all()


def find_present_round(session: Session, source_id: int, on: date) -> ReportingRound | None:
    """The latest round of a source that takes texts on a day."""
    query = select(ReportingRound).where(ReportingRound.source_id == source_id)
    query = query.where(ReportingRound.begins_on <= on, ReportingRound.closes_on >= on)
    return session.scalar(query.order_by(ReportingRound.due_on.desc()).limit(1))


def select_waiting_of_source(source_id: int) -> Select[Any]:
    """Ids of the texts on a source's items that wait for a review."""
    query = select(Entry.id).join(Item, Item.id == Entry.item_id)
    return query.where(Item.source_id == source_id, Entry.standing == EntryStanding.WAITING)
