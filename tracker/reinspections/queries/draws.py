"""Draws: what they are drawn from, and their list."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, select
from sqlalchemy.orm import Session, joinedload, undefer

from tracker.access.rules import Action, Actor, reach
from tracker.core import clock
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import has_children, within
from tracker.items.rules import State
from tracker.org.models import UnitAncestor
from tracker.reinspections.models import Draw, Reinspection
from tracker.reinspections.rules import LookState, Population, Size


class Told(NamedTuple):
    """A draw with how far it is, as far as the reader may see its items."""

    draw: Draw
    seen: int
    waiting: int
    rebound: int


def _drawable(chosen: Population, actor: Actor) -> list[ColumnElement[bool]]:
    """Closed, within reach, no parent, and not waiting for a second look already."""
    waits = exists().where(Reinspection.item_id == Item.id, Reinspection.state == LookState.WAITING)
    found = [Item.state == State.CLOSED, within(reach(actor, Action.REINSPECT)), not_(has_children()), not_(waits)]
    if chosen.source_id is not None:
        found.append(Item.source_id == chosen.source_id)
    if chosen.unit_id is not None:
        below = select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == chosen.unit_id)
        found.append(Item.lead_unit_id.in_(below))
    if chosen.kind is not None:
        found.append(Item.kind == chosen.kind)
    first, last = chosen.closed_between(clock.today())
    found += [Item.closed_on >= first] if first else []
    found += [Item.closed_on <= last] if last else []
    return found


def count_population(session: Session, chosen: Population, actor: Actor) -> int:
    """How many a sample would be drawn from."""
    return session.scalar(select(func.count()).select_from(Item).where(*_drawable(chosen, actor))) or 0


def list_population(session: Session, chosen: Population, actor: Actor) -> Sequence[str]:
    """The numbers a sample is drawn from."""
    return session.scalars(select(Item.number).where(*_drawable(chosen, actor))).all()


def list_drawn(session: Session, numbers: Collection[str]) -> Sequence[Item]:
    """The items with these numbers, locked in the order in which everybody locks."""
    query = select(Item).where(Item.number.in_(sorted(numbers))).order_by(Item.id).with_for_update()
    return session.scalars(query).all()


def find_same_draw(session: Session, chosen: Population, size: Size, seed: str, actor: Actor) -> Draw | None:
    """A draw of the same person today with the same seed and conditions: a second press."""
    same = (
        *(getattr(Draw, name).is_not_distinct_from(value) for name, value in vars(chosen).items()),
        Draw.share.is_not_distinct_from(size.share),
        Draw.wanted.is_not_distinct_from(size.number),
        Draw.seed == seed,
        Draw.drawn_on == clock.today(),
        Draw.by_id == actor.person_id,
    )
    return session.scalar(select(Draw).where(*same).limit(1))


def last_serial(session: Session) -> int:
    """The number of the last draw; numbers have no gaps, so that no draw can be kept quiet."""
    return session.scalar(select(func.max(Draw.serial))) or 0


def _is_seen(actor: Actor) -> ColumnElement[bool]:
    return within(reach(actor))


def select_draws(actor: Actor) -> Select[Any]:
    """The draws of which a person may see an item, the newest first, each with how far it is."""
    state = Reinspection.state
    counts = (
        func.count(),
        func.count().filter(state == LookState.WAITING),
        func.count().filter(state == LookState.REBOUND),
    )
    query = select(Reinspection.draw_id, *counts).join(Item, Item.id == Reinspection.item_id).where(_is_seen(actor))
    seen = query.group_by(Reinspection.draw_id).subquery("seen")
    return select(Draw, *list(seen.c)[1:]).join(seen, seen.c.draw_id == Draw.id).order_by(Draw.id.desc())


def list_draws(session: Session, query: Select[Any]) -> list[Told]:
    """The draws of a query with all that a row prints."""
    query = query.options(joinedload(Draw.by, innerjoin=True), joinedload(Draw.source), joinedload(Draw.unit))
    return [Told(*row) for row in session.execute(query).unique()]


def get_draw(session: Session, draw_id: int, actor: Actor, *, whole: bool = False) -> Draw:
    """A draw of which the person may see an item; ``whole`` loads its population too. Raises NotFound."""
    seen = exists().where(Reinspection.draw_id == Draw.id, Reinspection.item_id == Item.id, _is_seen(actor))
    query = select(Draw).where(and_(Draw.id == draw_id, seen))
    query = query.options(*(joinedload(each) for each in (Draw.by, Draw.for_, Draw.source, Draw.unit)))
    found = session.scalar(query.options(undefer(Draw.members)) if whole else query)
    if found is None:
        raise NotFound(_l("没有找到这次抽查，或您无权查看。"))
    return found
