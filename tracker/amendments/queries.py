"""Reading change requests, always within somebody's reach."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import Actor, Reach, reach
from tracker.amendments.models import Amendment
from tracker.amendments.rules import AmendmentState, approved_by
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import is_party, within
from tracker.org.models import Person


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Whether this person may approve a change request now, as ``four_eyes.check_decider`` will allow it."""
    if not actor.identities:
        return false()
    may = or_(
        *(
            and_(Amendment.is_by_office.is_(by_office), within(reach(actor, approved_by(is_by_office=by_office))))
            for by_office in (False, True)
        )
    )
    is_pending = Amendment.state == AmendmentState.PENDING
    return and_(is_pending, may, not_(is_asker(actor)), not_(is_party(actor.identities, Item)))


def is_asker(actor: Actor) -> ColumnElement[bool]:
    """Whether this person asked."""
    ids = sorted(actor.identities)
    return or_(Amendment.asked_by_id.in_(ids), func.coalesce(Amendment.asked_for_id, 0).in_(ids))


def select_amendments(actor: Actor) -> Select[Any]:
    """The change requests a person may see: those that wait first, then the newest."""
    query = select(Amendment).join(Amendment.item).where(within(reach(actor)))
    waits_first = Amendment.state != AmendmentState.PENDING
    return query.order_by(waits_first, Amendment.asked_at.desc(), Amendment.id.desc())


def list_amendments(session: Session, query: Select[Any]) -> Sequence[Amendment]:
    """The change requests of a query with all that a row prints."""
    item = joinedload(Amendment.item, innerjoin=True)
    query = query.options(item.joinedload(Item.source, innerjoin=True), item.joinedload(Item.lead_unit), *_names())
    query = query.options(selectinload(Amendment.lines))
    return session.scalars(query).unique().all()


def _names() -> tuple[Any, ...]:
    named = (
        Amendment.asked_by,
        Amendment.asked_for,
        Amendment.decider,
        Amendment.decider_for,
        Amendment.entered_by,
    )
    return tuple(joinedload(each) for each in named)


def get_amendment(session: Session, amendment_id: int, seen_by: Reach, *, lock: bool = False) -> Amendment:
    """A change request with its item and all names; raises NotFound out of reach.

    ``lock`` holds it and its item until the end of the transaction, the item first as everybody does.
    """
    if lock:
        of_amendment = select(Amendment.item_id).where(Amendment.id == amendment_id).scalar_subquery()
        session.scalar(select(Item.id).where(Item.id == of_amendment).with_for_update())
        session.scalar(select(Amendment.id).where(Amendment.id == amendment_id).with_for_update())
    item = joinedload(Amendment.item, innerjoin=True)
    query = select(Amendment).join(Amendment.item).where(Amendment.id == amendment_id, within(seen_by))
    query = query.options(
        item.joinedload(Item.source, innerjoin=True), item.joinedload(Item.lead_unit), item.selectinload(Item.supports)
    )
    query = query.options(selectinload(Amendment.lines))
    found = session.scalars(query.options(*_names()).execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(_l("没有找到这份申请，或您无权查看。"))
    return found


def find_amendment(session: Session, amendment_id: int) -> Amendment | None:
    """A change request whoever asks, for messages; they ask themselves what their reader may know."""
    query = select(Amendment).where(Amendment.id == amendment_id).options(joinedload(Amendment.item), *_names())
    return session.scalars(query).one_or_none()


def find_pending(session: Session, item_id: int) -> Amendment | None:
    """The change request of an item that waits to be approved."""
    query = select(Amendment).where(Amendment.item_id == item_id, Amendment.state == AmendmentState.PENDING)
    return session.scalar(query)


def list_told(session: Session, amendment: Amendment) -> Sequence[Person]:
    """Whoever asked, and the handler, who has the work again; those with an open account."""
    ids = {amendment.asked_by_id, amendment.asked_for_id, amendment.item.handler_id} - {None}
    query = select(Person).where(Person.id.in_(sorted(each for each in ids if each is not None))).order_by(Person.id)
    found = session.scalars(query.options(joinedload(Person.account)))
    return [each for each in found if each.account is not None and each.account.is_active]
