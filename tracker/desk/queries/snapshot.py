"""Items as they were on a day, for scripts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Reach
from tracker.items.models import Item, ItemChange, ItemSupport
from tracker.items.queries import holds_at, select_units_like, within
from tracker.items.rules import RUNNING, DeadlineKind, ItemKind, State
from tracker.org.models import Person, Unit
from tracker.sources.models import Section, Source


class Wanted(NamedTuple):
    """What the list is narrowed to; None does not narrow. ``source`` is a number, or a part of a title."""

    kind: ItemKind | None = None
    unit: str | None = None
    source: str | None = None
    state: State | None = None
    is_overdue: bool = False


class Snapshot(NamedTuple):
    """One item as it was."""

    id: int
    number: str
    kind: ItemKind
    text: str
    source: str
    aspect: str | None
    category: str | None
    state: State
    leader: str | None
    lead_unit: str | None
    owner: str | None
    handler: str | None
    deadline_kind: DeadlineKind | None
    then_sustained: bool
    due_on: date | None
    due_text: str
    closed_on: date | None
    parent: str | None


def list_snapshots(
    session: Session, wanted: Wanted, *, as_of: date, known_at: datetime, seen_by: Reach
) -> Sequence[Snapshot]:
    """The items that held on a day, by number; void ones are left out unless they are asked for."""
    change, parent, aspect, category = ItemChange, aliased(Item), aliased(Section), aliased(Section)
    people = {name: aliased(Person) for name in ("leader", "owner", "handler")}
    columns: list[Any] = [Item.id, Item.number, change.kind, Item.finding, Source.title, aspect.title, category.title]
    columns += [change.state, people["leader"].name, Unit.name, people["owner"].name, people["handler"].name]
    # Changes carry kind and day of a deadline; its words are the item's, and hold only for the present deadline.
    same = change.deadline_kind.is_not_distinct_from(Item.deadline_kind)
    same &= change.due_on.is_not_distinct_from(Item.due_on)
    sustained, words = and_(same, Item.then_sustained), case((same, Item.due_text), else_="")
    columns += [change.deadline_kind, sustained, change.due_on, words, change.closed_on]
    query = (
        select(*columns, parent.number)
        .select_from(change)
        .join(Item, Item.id == change.item_id)
        .join(Source, Source.id == change.source_id)
        .outerjoin(aspect, aspect.id == change.aspect_id)
        .outerjoin(category, category.id == change.category_id)
        .outerjoin(Unit, Unit.id == change.lead_unit_id)
        .outerjoin(parent, parent.id == change.parent_id)
    )
    for name, person in people.items():
        query = query.outerjoin(person, person.id == getattr(change, f"{name}_id"))
    query = query.where(holds_at(as_of, known_at), within(seen_by, change, change.item_id), *_narrowed(wanted, as_of))
    return [Snapshot._make(row) for row in session.execute(query.order_by(Item.source_id, Item.number))]


def _narrowed(wanted: Wanted, as_of: date) -> list[Any]:
    change = ItemChange
    found: list[Any] = [change.state == wanted.state if wanted.state else change.state != State.VOID]
    if wanted.kind:
        found.append(change.kind == wanted.kind)
    if wanted.unit:
        found.append(change.lead_unit_id.in_(select_units_like(wanted.unit)))
    if wanted.source:
        is_meant = (Source.number == wanted.source) | Source.title.contains(wanted.source, autoescape=True)
        found.append(is_meant)
    if wanted.is_overdue:
        found += [change.state.in_(sorted(RUNNING)), change.due_on < as_of]
    return found


def list_supporting(session: Session, item_ids: Sequence[int]) -> dict[int, list[str]]:
    """The names of the cooperating units by item."""
    query = select(ItemSupport.item_id, Unit.name).join(Unit).order_by(ItemSupport.item_id, ItemSupport.position)
    found: dict[int, list[str]] = {}
    wanted = set(item_ids)
    for item_id, name in session.execute(query):
        if item_id in wanted:
            found.setdefault(item_id, []).append(name)
    return found
