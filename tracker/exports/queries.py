"""Reading all that printed lists tell, in a handful of queries however many rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.exports.rows import PrintRow
from tracker.items.models import Item
from tracker.items.queries import with_names
from tracker.org.models import Person
from tracker.progress import queries as progress


def list_print_rows(session: Session, chosen: Select[Any], order: Sequence[Any], *, limit: int) -> list[PrintRow]:
    """The chosen items in that order, at most ``limit``."""
    page = chosen.with_only_columns(Item.id).order_by(*order).limit(limit)
    accepted_by = select(Person.name).where(Person.id == Item.accepted_by_id).scalar_subquery()
    query = with_names(select(Item, accepted_by).where(Item.id.in_(page)).order_by(*order))
    found = session.execute(query).unique().all()
    ids = [item.id for item, _name in found]
    measures = progress.measures_of(session, ids)
    outcomes = progress.outcomes_of(session, ids)
    entries = progress.entries_of(session, ids, newest=2)
    evidence = progress.evidence_of(session, ids)
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
