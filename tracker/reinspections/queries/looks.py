"""The second look at items: lists, one of them, and who may be given it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import Action, Actor, Reach, reach
from tracker.core import clock
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.corrections.models import Correction
from tracker.items.models import Item
from tracker.items.queries import within
from tracker.org.models import Person
from tracker.reinspections.models import Reinspection
from tracker.reinspections.rules import LookState
from tracker.requests.rules import RequestState


@dataclass(frozen=True)
class LookFilter:
    """What a list is narrowed to."""

    state: LookState | None = None
    is_mine: bool = False
    is_done: bool = False
    draw_id: int | None = None
    unit_id: int | None = None


def may_see(actor: Actor) -> ColumnElement[bool]:
    """Whoever reads the item, and its inspector."""
    return or_(within(reach(actor)), is_inspector(actor))


def is_inspector(actor: Actor) -> ColumnElement[bool]:
    """Whether this person is to look."""
    return func.coalesce(Reinspection.inspector_id, 0).in_(sorted(actor.identities)) if actor.identities else false()


def is_unfollowed() -> ColumnElement[bool]:
    """A rebound from which nothing follows yet, as ``rules.is_unfollowed`` says."""
    over = (RequestState.REFUSED, RequestState.RETRACTED)
    runs = exists().where(Correction.id == Reinspection.correction_id, Correction.state.not_in(over))
    return and_(Reinspection.state == LookState.REBOUND, Reinspection.recurred_id.is_(None), ~runs)


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Whether something waits for this person: to look, or as the office to assign, to press or to follow up."""
    is_mine = and_(Reinspection.state == LookState.WAITING, is_inspector(actor))
    is_open = and_(Reinspection.state == LookState.WAITING, Reinspection.inspector_id.is_(None))
    is_late = and_(Reinspection.state == LookState.WAITING, Reinspection.due_on < clock.today())
    return or_(is_mine, and_(within(reach(actor, Action.REINSPECT)), or_(is_open, is_late, is_unfollowed())))


def select_looks(actor: Actor, chosen: LookFilter) -> Select[Any]:
    """The looks a person may see: those that wait first, then the newest draw."""
    query = select(Reinspection).join(Reinspection.item).where(may_see(actor))
    if chosen.is_mine:
        query = query.where(waits_for(actor))
    if chosen.is_done:
        query = query.where(Reinspection.state != LookState.WAITING)
    for column, value in (
        (Reinspection.state, chosen.state),
        (Reinspection.draw_id, chosen.draw_id),
        (Reinspection.unit_id, chosen.unit_id),
    ):
        query = query.where(column == value) if value is not None else query
    by_draw = (Reinspection.draw_id.desc(), Reinspection.position)
    return query.order_by(*by_draw) if chosen.draw_id else query.order_by(Reinspection.state != "waiting", *by_draw)


def list_looks(session: Session, query: Select[Any]) -> Sequence[Reinspection]:
    """The looks of a query with all that a row prints."""
    item = joinedload(Reinspection.item, innerjoin=True)
    names = (
        Reinspection.draw,
        Reinspection.inspector,
        Reinspection.unit,
        Reinspection.recurred,
        Reinspection.correction,
    )
    query = query.options(item.joinedload(Item.source, innerjoin=True), item.joinedload(Item.lead_unit))
    query = query.options(joinedload(Reinspection.recorded_by), *(joinedload(each) for each in names))
    return session.scalars(query).unique().all()


def get_look(session: Session, look_id: int, actor: Actor, *, lock: bool = False) -> Reinspection:
    """One look with its item and all names; raises NotFound out of reach.

    ``lock`` holds it and its item until the end of the transaction, the item first as everybody does.
    """
    if lock:
        of_look = select(Reinspection.item_id).where(Reinspection.id == look_id).scalar_subquery()
        session.scalar(select(Item.id).where(Item.id == of_look).with_for_update())
        session.scalar(select(Reinspection.id).where(Reinspection.id == look_id).with_for_update())
    query = select(Reinspection).join(Reinspection.item).where(Reinspection.id == look_id, may_see(actor))
    item = joinedload(Reinspection.item, innerjoin=True)
    named = (
        Reinspection.draw,
        Reinspection.inspector,
        Reinspection.unit,
        Reinspection.recorded_by,
        Reinspection.recorded_for,
        Reinspection.recurred,
        Reinspection.correction,
    )
    query = query.options(
        item.joinedload(Item.source, innerjoin=True),
        *(item.joinedload(each) for each in (Item.lead_unit, Item.leader, Item.owner, Item.handler)),
        item.selectinload(Item.supports),
        *(joinedload(each) for each in named),
        selectinload(Reinspection.files),
    )
    found = session.scalars(query.execution_options(populate_existing=True)).unique().one_or_none()
    if found is None:
        raise NotFound(_l("没有找到这次回头看，或您无权查看。"))
    return found


def list_held(
    session: Session, look_ids: Collection[int], seen_by: Reach, *, lock: bool = False
) -> Sequence[Reinspection]:
    """These looks with their items, by place in the draw; raises NotFound when one is missing or out of reach."""
    query = select(Reinspection).join(Reinspection.item).where(Reinspection.id.in_(sorted(look_ids)), within(seen_by))
    if lock:
        session.execute(query.with_only_columns(Item.id).order_by(Item.id).with_for_update(of=Item)).all()
    item = joinedload(Reinspection.item, innerjoin=True).joinedload(Item.lead_unit)
    query = query.options(item, joinedload(Reinspection.draw))
    found = session.scalars(query.order_by(Reinspection.draw_id, Reinspection.position)).unique().all()
    if len(found) != len(set(look_ids)):
        raise NotFound(_l("没有找到这次回头看，或您无权查看。"))
    return found


def find_person(session: Session, person_id: int) -> Person | None:
    """A person with their account."""
    return session.scalar(select(Person).where(Person.id == person_id).options(joinedload(Person.account)))


def count_by_state(session: Session, actor: Actor, draw_id: int) -> Mapping[LookState, int]:
    """How many looks of a draw are where, as far as the person may see them."""
    query = select(Reinspection.state, func.count()).join(Reinspection.item).where(may_see(actor))
    query = query.where(Reinspection.draw_id == draw_id).group_by(Reinspection.state)
    return {row[0]: row[1] for row in session.execute(query)}


def list_of_draw(session: Session, draw_id: int, actor: Actor) -> Sequence[Reinspection]:
    """All looks of a draw that a person may see, for its record on paper."""
    query = select_looks(actor, LookFilter(draw_id=draw_id)).options(selectinload(Reinspection.files))
    return list_looks(session, query)
