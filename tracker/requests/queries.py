"""Reading requests of any kind, always within somebody's reach."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Actor, Reach, reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import is_party, within
from tracker.org.models import Person
from tracker.requests.models import Asked
from tracker.requests.rules import RequestState

R = TypeVar("R", bound=Asked)


def waits_for(kind: type[Asked], actor: Actor, may: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether this person may decide a request now, as ``four_eyes.check_decider`` will allow it.

    ``may`` is whether the permission table lets them.
    """
    if not actor.identities:
        return false()
    is_pending = kind.state == RequestState.PENDING
    return and_(is_pending, may, not_(is_asker(kind, actor)), not_(is_party(actor.identities, Item)))


def is_asker(kind: type[Asked], actor: Actor) -> ColumnElement[bool]:
    """Whether this person asked."""
    ids = sorted(actor.identities)
    return or_(kind.asked_by_id.in_(ids), func.coalesce(kind.asked_for_id, 0).in_(ids))


def select_requests(kind: type[Asked], actor: Actor) -> Select[Any]:
    """The requests a person may see: those that wait first, then the newest."""
    query = select(kind).join(kind.item).where(within(reach(actor)))
    waits_first = kind.state != RequestState.PENDING
    return query.order_by(waits_first, kind.asked_at.desc(), kind.id.desc())


def list_requests(session: Session, kind: type[R], query: Select[Any], *more: Any) -> Sequence[R]:
    """The requests of a query with all that a row prints; ``more`` is to be loaded with them."""
    item = joinedload(kind.item, innerjoin=True)
    query = query.options(item.joinedload(Item.source, innerjoin=True), item.joinedload(Item.lead_unit))
    return session.scalars(query.options(*_names(kind), *more)).unique().all()


def _names(kind: type[Asked]) -> tuple[Any, ...]:
    named = (kind.asked_by, kind.asked_for, kind.decider, kind.decider_for, kind.entered_by)
    return tuple(joinedload(each) for each in named)


def get_request(session: Session, kind: type[R], request_id: int, seen_by: Reach, *more: Any, lock: bool = False) -> R:
    """A request with its item and all names; raises NotFound out of reach.

    ``lock`` holds it and its item until the end of the transaction, the item first as everybody does.
    """
    if lock:
        of_request = select(kind.item_id).where(kind.id == request_id).scalar_subquery()
        session.scalar(select(Item.id).where(Item.id == of_request).with_for_update())
        session.scalar(select(kind.id).where(kind.id == request_id).with_for_update())
    item = joinedload(kind.item, innerjoin=True)
    query = select(kind).join(kind.item).where(kind.id == request_id, within(seen_by))
    query = query.options(
        item.joinedload(Item.source, innerjoin=True), item.joinedload(Item.lead_unit), item.selectinload(Item.supports)
    )
    query = query.options(*_names(kind), *more).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_l("没有找到这份申请，或您无权查看。"))
    return found


def find_request(session: Session, kind: type[R], request_id: int) -> R | None:
    """A request whoever asks, for messages; they ask themselves what their reader may know."""
    query = select(kind).where(kind.id == request_id).options(joinedload(kind.item), *_names(kind))
    return session.scalars(query).one_or_none()


def find_pending(session: Session, kind: type[R], item_id: int) -> R | None:
    """The request of an item that waits to be decided."""
    return session.scalar(select(kind).where(kind.item_id == item_id, kind.state == RequestState.PENDING))


def list_pending(session: Session, kind: type[Asked], item_ids: Sequence[int]) -> Sequence[int]:
    """Those of these items that have a request of a kind waiting."""
    return session.scalars(
        select(kind.item_id).where(kind.state == RequestState.PENDING, kind.item_id.in_(item_ids))
    ).all()


def list_told(session: Session, asked_by: frozenset[int | None], item: Item) -> Sequence[Person]:
    """Whoever asked, and the handler, who has the work again; those with an open account."""
    ids = sorted(each for each in {*asked_by, item.handler_id} if each is not None)
    found = session.scalars(
        select(Person).where(Person.id.in_(ids)).order_by(Person.id).options(joinedload(Person.account))
    )
    return [each for each in found if each.account is not None and each.account.is_active]
