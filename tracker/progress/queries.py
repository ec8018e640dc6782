"""Reading what is done about items."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import Reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import has_children, within
from tracker.org.models import Person, UnitAncestor
from tracker.progress.models import Entry, Evidence, JointHandling, Measure, Outcome
from tracker.progress.rules import COUNTING, JOINABLE, EntryStanding


def list_measures(session: Session, item_id: int) -> Sequence[Measure]:
    """The measures of an item in their order, owners loaded."""
    query = select(Measure).where(Measure.item_id == item_id).order_by(Measure.position, Measure.id)
    return session.scalars(query.options(joinedload(Measure.owner))).all()


def measures_of(session: Session, ids: Collection[int]) -> Mapping[int, Sequence[Measure]]:
    """The measures of many items in their order, by item; items without any are left out."""
    query = select(Measure).where(Measure.item_id.in_(ids)).order_by(Measure.item_id, Measure.position, Measure.id)
    return _by_item(session, query)


def entries_of(
    session: Session, ids: Collection[int], *, newest: int, before: datetime | None = None
) -> Mapping[int, Sequence[Entry]]:
    """The newest entries that count of the lead units of many items, the latest first, by item.

    ``before`` an instant tells those that were made by then.
    """
    counts = Entry.standing.in_(sorted(COUNTING))
    then = counts if before is None else and_(counts, Entry.made_at < before)
    return _by_item(session, _select_newest(ids, newest, then))


def told_last(session: Session, ids: Collection[int]) -> Mapping[int, Sequence[Entry]]:
    """What the lead units of many items told last, whether it counts yet or not, by item."""
    return _by_item(session, _select_newest(ids, 1, Entry.standing != EntryStanding.RETURNED))


def _select_newest(ids: Collection[int], newest: int, condition: ColumnElement[bool]) -> Select[Any]:
    latest = Entry.made_at.desc(), Entry.id.desc()
    place = func.row_number().over(partition_by=Entry.item_id, order_by=latest)
    own = select(Entry.id, place.label("place")).join(Item, Item.id == Entry.item_id)
    ranked = own.where(Entry.item_id.in_(ids), Entry.unit_id == Item.lead_unit_id, condition).subquery()
    query = select(Entry).join(ranked, ranked.c.id == Entry.id).where(ranked.c.place <= newest)
    return query.order_by(Entry.item_id, *latest)


def outcomes_of(
    session: Session, ids: Collection[int], *, until: date | None = None
) -> Mapping[int, Sequence[Outcome]]:
    """The counted results of many items, by item; ``until`` leaves out what counts from a later day."""
    query = select(Outcome).where(Outcome.item_id.in_(ids))
    query = query if until is None else query.where(Outcome.counted_on <= until)
    return _by_item(session, query.order_by(Outcome.item_id, Outcome.id))


def evidence_of(
    session: Session, ids: Collection[int], *, before: datetime | None = None
) -> Mapping[int, Sequence[Evidence]]:
    """The files of many items, removed ones aside, by item; ``before`` tells those that were there at an instant."""
    query = select(Evidence).where(Evidence.item_id.in_(ids))
    if before is None:
        query = query.where(Evidence.removed_at.is_(None))
    else:
        is_there = or_(Evidence.removed_at.is_(None), Evidence.removed_at >= before)
        query = query.where(Evidence.added_at < before, is_there)
    return _by_item(session, query.order_by(Evidence.item_id, Evidence.serial))


def _by_item(session: Session, query: Select[Any]) -> Mapping[int, Sequence[Any]]:
    """The rows of a query, which must come by item, by the id of the item."""
    return {item_id: list(rows) for item_id, rows in groupby(session.scalars(query), key=lambda row: row.item_id)}


def get_measure(session: Session, item_id: int, measure_id: int) -> Measure:
    """A measure of this item; raises NotFound, also for one of another item."""
    measure = session.scalar(select(Measure).where(Measure.id == measure_id, Measure.item_id == item_id))
    if measure is None:
        raise NotFound(_l("没有找到这条措施，可能已被删除。"))
    return measure


def last_position(session: Session, item_id: int) -> int:
    """The position of the last measure; 0 before the first."""
    return session.scalar(select(func.max(Measure.position)).where(Measure.item_id == item_id)) or 0


def list_entries(session: Session, item_id: int) -> Sequence[Entry]:
    """The entries of an item, newest first, authors loaded."""
    query = select(Entry).where(Entry.item_id == item_id).order_by(Entry.made_at.desc(), Entry.id.desc())
    return session.scalars(query.options(joinedload(Entry.by))).all()


def find_last_entry(session: Session, item_id: int, unit_id: int | None) -> Entry | None:
    """What a unit reported last about an item, whether it counts yet or not."""
    return session.scalar(_select_last(item_id, unit_id))


def find_counted_entry(session: Session, item_id: int, unit_id: int | None) -> Entry | None:
    """What a unit reported last about an item and counts."""
    return session.scalar(_select_last(item_id, unit_id).where(Entry.standing.in_(sorted(COUNTING))))


def _select_last(item_id: int, unit_id: int | None) -> Select[Entry]:
    query = select(Entry).where(Entry.item_id == item_id, Entry.unit_id == unit_id)
    return query.order_by(Entry.made_at.desc(), Entry.id.desc()).limit(1)


def find_same_entry(
    session: Session, item_id: int, *, unit_id: int | None, by_id: int | None, text: str, since: datetime
) -> Entry | None:
    """The same text by the same person for the same unit since an instant."""
    query = select(Entry).filter_by(item_id=item_id, unit_id=unit_id, by_id=by_id, text=text)
    return session.scalar(query.where(Entry.made_at >= since).limit(1))


def list_evidence(session: Session, item_id: int) -> Sequence[Evidence]:
    """The files of an item that were not removed, by number."""
    query = select(Evidence).where(Evidence.item_id == item_id, Evidence.removed_at.is_(None))
    return session.scalars(query.order_by(Evidence.serial).options(joinedload(Evidence.by))).all()


def count_evidence(session: Session, item_id: int) -> int:
    """How many files prove what was done, removed ones aside."""
    query = select(func.count()).where(Evidence.item_id == item_id, Evidence.removed_at.is_(None))
    return session.scalar(query) or 0


def sum_evidence(session: Session, item_id: int) -> int:
    """The bytes of the files of an item, removed ones aside."""
    query = select(func.sum(Evidence.size_bytes)).where(Evidence.item_id == item_id, Evidence.removed_at.is_(None))
    return int(session.scalar(query) or 0)


def get_evidence(session: Session, item_id: int, serial: int) -> Evidence:
    """A file of an item by its number; raises NotFound when there is none or it was removed."""
    query = select(Evidence).where(Evidence.item_id == item_id, Evidence.serial == serial)
    evidence = session.scalar(query.where(Evidence.removed_at.is_(None)))
    if evidence is None:
        raise NotFound(_l("没有找到这份佐证材料，可能已被移除。"))
    return evidence


def find_same_evidence(session: Session, item_id: int, *, name: str, sha256: str) -> Evidence | None:
    """A file of the item with the same name and the same bytes."""
    same = (Evidence.item_id == item_id, Evidence.name == name, Evidence.sha256 == sha256)
    return session.scalar(select(Evidence).where(*same, Evidence.removed_at.is_(None)).limit(1))


def last_serial(session: Session, item_id: int) -> int:
    """The last number given to a file of the item, removed ones included."""
    return session.scalar(select(func.max(Evidence.serial)).where(Evidence.item_id == item_id)) or 0


def list_carried(session: Session, carrier_ids: Collection[int]) -> Sequence[Item]:
    """The items that share measures and evidence of these, held until the end of the transaction, by id."""
    query = select(Item).where(Item.carrier_id.in_(carrier_ids)).order_by(Item.id)
    return session.scalars(query.options(selectinload(Item.supports)).with_for_update(of=Item)).all()


def list_possible_carriers(session: Session, item: Item, seen_by: Reach, *, limit: int = 200) -> Sequence[Item]:
    """The open items of the same lead unit and other sources that are joined to none, the newest source first."""
    is_other = and_(Item.source_id != item.source_id, Item.lead_unit_id == item.lead_unit_id)
    is_open = and_(Item.state.in_(sorted(JOINABLE)), Item.carrier_id.is_(None), not_(has_children()))
    query = select(Item).where(is_other, is_open, within(seen_by)).order_by(Item.source_id.desc(), Item.number)
    return session.scalars(query.limit(limit)).all()


def find_joint(session: Session, item_id: int) -> JointHandling | None:
    """The joint handling that an item is in with its carrier."""
    query = select(JointHandling).where(JointHandling.item_id == item_id, JointHandling.ended_at.is_(None))
    return session.scalar(query.options(joinedload(JointHandling.carrier)))


def list_outcomes(session: Session, item_id: int) -> Sequence[Outcome]:
    """The counted results of an item in the order they were recorded."""
    return session.scalars(select(Outcome).where(Outcome.item_id == item_id).order_by(Outcome.id)).all()


def get_outcome(session: Session, item_id: int, outcome_id: int) -> Outcome:
    """A result of this item; raises NotFound, also for one of another item."""
    outcome = session.scalar(select(Outcome).where(Outcome.id == outcome_id, Outcome.item_id == item_id))
    if outcome is None:
        raise NotFound(_l("没有找到这条成效，可能已被删除。"))
    return outcome


def list_names(session: Session, unit_ids: Sequence[int]) -> list[str]:
    """The names of the people of some units and of all below, by pinyin, each once."""
    below = select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id.in_(unit_ids))
    query = select(Person.name).where(Person.unit_id.in_(below)).order_by(Person.pinyin, Person.id)
    return list(dict.fromkeys(session.scalars(query)))
