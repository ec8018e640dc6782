"""The rows of a list with all that they print, in one query however many rows."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.access.rules import Actor
from tracker.amendments.queries import told_steps
from tracker.closure.models import Application
from tracker.closure.rules import ApplicationState
from tracker.items.models import Item, ItemSupport
from tracker.items.rules import State
from tracker.org.models import Unit
from tracker.progress.models import Entry, Measure
from tracker.progress.rules import COUNTING
from tracker.sources.models import Section, Source
from tracker.sources.queries import select_sources


class ListRow(NamedTuple):
    """An item of a list; ``this_entry`` is what was reported last and counts, ``last_entry`` the time before.

    ``carrier`` is the number of the item it is handled jointly with, ``carried`` how many it carries. ``steps`` tells
    where it differs from the printed plan, for ``read_steps``.
    """

    item: Item
    measures: int
    done: int
    this_entry: str | None
    last_entry: str | None
    supporting: str | None
    last_application: ApplicationState | None
    steps: str | None
    carrier: str | None = None
    carried: int = 0

    @property
    def is_returned(self) -> bool:
        """Whether the item is back at work because its last application was sent back."""
        return self.item.state is State.WORKING and self.last_application is ApplicationState.RETURNED


def list_rows(
    session: Session, chosen: Select[Any], order: Sequence[Any], *, limit: int, offset: int = 0
) -> list[ListRow]:
    """One page of the chosen items, in that order."""
    # The page is cut first: neither database may join or count anything for rows that are not shown. It stands first in
    # FROM, since PostgreSQL does not reorder more than eight joins: it read all 100,000 items for 50.
    page = chosen.with_only_columns(Item.id).order_by(*order).limit(limit).offset(offset).subquery()
    query = select(Item, *_told()).select_from(page).join(Item, Item.id == page.c.id)
    people = (Item.leader, Item.supervisor, Item.owner, Item.handler)
    query = query.options(
        joinedload(Item.source, innerjoin=True),
        joinedload(Item.section).joinedload(Section.parent),
        joinedload(Item.lead_unit),
        *(joinedload(each) for each in people),
    )
    return [ListRow(*row) for row in session.execute(query.order_by(*order))]


@cache
def _told() -> tuple[Any, ...]:
    """What ListRow tells beside the item, put together once: that takes longer than executing it."""
    measures = select(func.count()).where(Measure.item_id == Item.id)
    carrier = aliased(Item)
    application = select(Application.state).where(Application.item_id == Item.id).order_by(Application.round.desc())
    return (
        measures.scalar_subquery(),
        measures.where(Measure.done_on.is_not(None)).scalar_subquery(),
        _entry(0),
        _entry(1),
        _supporting(),
        application.limit(1).scalar_subquery(),
        told_steps(),
        select(carrier.number).where(carrier.id == Item.carrier_id).scalar_subquery(),
        select(func.count()).where(carrier.carrier_id == Item.id).scalar_subquery(),
    )


def _entry(before: int) -> Any:
    counted = (Entry.item_id == Item.id, Entry.unit_id == Item.lead_unit_id, Entry.standing.in_(sorted(COUNTING)))
    told = select(Entry.text).where(*counted)
    return told.order_by(Entry.made_at.desc(), Entry.id.desc()).limit(1).offset(before).scalar_subquery()


def _supporting() -> Any:
    named = select(Unit.name).join(ItemSupport, ItemSupport.unit_id == Unit.id)
    ordered = named.where(ItemSupport.item_id == Item.id).order_by(ItemSupport.position).correlate(Item).subquery()
    return select(func.aggregate_strings(ordered.c.name, "、")).scalar_subquery()


def list_source_choices(
    session: Session, actor: Actor, *, chosen_id: int | None, limit: int = 100
) -> list[tuple[int, str]]:
    """The newest sources that a person may know of, and the chosen one, as (id, number and title)."""
    known = select_sources(actor).with_only_columns(Source.id, Source.number, Source.title)
    newest = known.with_only_columns(Source.id).limit(limit).subquery()
    rows = session.execute(known.where(Source.id.in_(select(newest.c.id)) | (Source.id == chosen_id)))
    return [(source_id, f"{number} {title}") for source_id, number, title in rows]
