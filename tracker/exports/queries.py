"""Reading all that printed lists tell, in a handful of queries however many rows."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.exports.rows import PrintRow
from tracker.items.models import Item
from tracker.items.queries import with_names
from tracker.org.models import Person
from tracker.progress.models import Entry, Evidence, Measure, Outcome


def list_print_rows(session: Session, chosen: Select[Any], order: Sequence[Any], *, limit: int) -> list[PrintRow]:
    """The chosen items in that order, at most ``limit``."""
    page = chosen.with_only_columns(Item.id).order_by(*order).limit(limit)
    accepted_by = select(Person.name).where(Person.id == Item.accepted_by_id).scalar_subquery()
    query = with_names(select(Item, accepted_by).where(Item.id.in_(page)).order_by(*order))
    found = session.execute(query).unique().all()
    ids = [item.id for item, _name in found]
    measures = _by_item(session, select(Measure).order_by(Measure.item_id, Measure.position, Measure.id), ids)
    outcomes = _by_item(session, select(Outcome).order_by(Outcome.item_id, Outcome.id), ids)
    entries = _by_item(session, _last_two(ids), ids)
    evidence = _by_item(
        session,
        select(Evidence).where(Evidence.removed_at.is_(None)).order_by(Evidence.item_id, Evidence.serial),
        ids,
    )
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
        )
        for place, (item, name) in enumerate(found, 1)
    ]


def _by_item(session: Session, query: Select[Any], ids: Sequence[int]) -> Mapping[int, Sequence[Any]]:
    """The rows of a query, which must come by item, of these items."""
    entity = query.column_descriptions[0]["entity"]
    rows = session.scalars(query.where(entity.item_id.in_(ids)))
    return {item_id: list(found) for item_id, found in groupby(rows, key=lambda row: row.item_id)}


def _last_two(ids: Sequence[int]) -> Select[Any]:
    """The two newest entries of each item's lead unit, newest first."""
    newest = Entry.made_at.desc(), Entry.id.desc()
    place = func.row_number().over(partition_by=Entry.item_id, order_by=newest)
    own = select(Entry.id, place.label("place")).join(Item, Item.id == Entry.item_id)
    ranked = own.where(Entry.item_id.in_(ids), Entry.unit_id == Item.lead_unit_id).subquery()
    query = select(Entry).join(ranked, ranked.c.id == Entry.id).where(ranked.c.place <= 2)
    return query.order_by(Entry.item_id, *newest)
