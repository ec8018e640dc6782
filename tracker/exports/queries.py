"""Reading all that printed lists tell, in a handful of queries however many rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.access.rules import Reach
from tracker.amendments.queries import printed_of
from tracker.core import clock
from tracker.exports.as_of import as_it_stood, people_of
from tracker.exports.rows import PrintRow
from tracker.items.lists import Order
from tracker.items.models import Item, ItemChange
from tracker.items.queries import holds_at, ordering, with_names, within
from tracker.items.rules import COUNTED
from tracker.org.models import Person, Unit
from tracker.progress import queries as progress
from tracker.progress.models import Evidence


def list_print_rows(session: Session, chosen: Select[Any], order: Sequence[Any], *, limit: int) -> list[PrintRow]:
    """The chosen items in that order, at most ``limit``."""
    return _rows(session, _with_acceptance(session, chosen.with_only_columns(Item.id), order, limit))


def list_rows_on(session: Session, source_id: int, day: date, *, seen_by: Reach, limit: int) -> list[PrintRow]:
    """The items of a source as they stood on a day, in the order of the outline, at most ``limit``.

    Whatever is recorded of a later day is left out; wordings are those of today. The rows belong to no session.
    """
    held = [holds_at(day), ItemChange.source_id == source_id, ItemChange.state.in_(sorted(COUNTED))]
    changes = select(ItemChange).where(*held, within(seen_by, ItemChange, ItemChange.item_id))
    by_item = {change.item_id: change for change in session.scalars(changes)}
    ids = changes.with_only_columns(ItemChange.item_id)
    found = _with_acceptance(session, ids, ordering(Order.NUMBER, in_outline=True), limit)
    units = _by_id(session, Unit, {change.lead_unit_id for change in by_item.values()})
    people = _by_id(session, Person, {each for change in by_item.values() for each in people_of(change)})
    rows = _rows(session, found, on=day)
    return [as_it_stood(session, row, by_item[row.item.id], units=units, people=people, day=day) for row in rows]


def list_evidence(
    session: Session, seen_by: Reach, *, source_id: int | None = None, item_id: int | None = None
) -> Sequence[Evidence]:
    """The files of a source's items, or of one item, within reach, by number; what was removed is left out."""
    query = select(Evidence).join(Item, Item.id == Evidence.item_id).where(Evidence.removed_at.is_(None))
    query = query if source_id is None else query.where(Item.source_id == source_id)
    query = query if item_id is None else query.where(Item.id == item_id)
    loads = joinedload(Evidence.item).joinedload(Item.lead_unit), joinedload(Evidence.by)
    query = query.where(within(seen_by)).order_by(Item.number, Evidence.serial).options(*loads)
    return session.scalars(query).unique().all()


def _with_acceptance(session: Session, ids: Select[Any], order: Sequence[Any], limit: int) -> Sequence[Any]:
    """Items with the name of whoever accepted them, and the number of the item they are handled jointly with."""
    page = select(Item.id).where(Item.id.in_(ids)).order_by(*order).limit(limit)
    accepted_by = select(Person.name).where(Person.id == Item.accepted_by_id).scalar_subquery()
    carrier = aliased(Item)
    carried_by = select(carrier.number).where(carrier.id == Item.carrier_id).scalar_subquery()
    query = with_names(select(Item, accepted_by, carried_by).where(Item.id.in_(page)).order_by(*order))
    return session.execute(query).unique().all()


def _by_id(session: Session, model: Any, ids: Collection[int | None]) -> Mapping[int, Any]:
    query = select(model).where(model.id.in_(sorted(each for each in ids if each is not None)))
    return {each.id: each for each in session.scalars(query)}


def _rows(session: Session, found: Sequence[Any], *, on: date | None = None) -> list[PrintRow]:
    ids = [item.id for item, *_more in found]
    before = clock.instant_at(on + timedelta(days=1)) if on is not None else None
    measures = progress.measures_of(session, ids)
    outcomes = progress.outcomes_of(session, ids, until=on)
    entries = progress.entries_of(session, ids, newest=2, before=before)
    evidence = progress.evidence_of(session, ids, before=before)
    printed = printed_of(session, [item for item, *_more in found]) if on is None else {}
    return [
        PrintRow(
            place=place,
            item=item,
            accepted_by=name or "",
            supporting=[support.unit.name for support in item.supports],
            measures=measures.get(item.id, ()),
            this_entry=next(iter(entries.get(item.id, ())), None),
            last_entry=next(iter(entries.get(item.id, ())[1:]), None),
            outcomes=outcomes.get(item.id, ()),
            evidence=[each.name for each in evidence.get(item.id, ())],
            printed=printed.get(item.id, {}),
            carrier=(carrier or "") if on is None else "",
        )
        for place, (item, name, carrier) in enumerate(found, 1)
    ]
