"""Reading corrections, always within somebody's reach."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Actor, Reach, reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.corrections.models import Correction
from tracker.corrections.rules import APPROVING, CorrectionState
from tracker.items.models import Item
from tracker.items.queries import is_party, within
from tracker.org.models import Person


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Whether this person may approve a correction now, as ``four_eyes.check_decider`` will allow it."""
    if not actor.identities:
        return false()
    may = or_(*(within(reach(actor, action)) for action in APPROVING))
    is_pending = Correction.state == CorrectionState.PENDING
    return and_(is_pending, may, not_(is_asker(actor)), not_(is_party(actor.identities, Item)))


def is_asker(actor: Actor) -> ColumnElement[bool]:
    """Whether this person asked."""
    ids = sorted(actor.identities)
    return or_(Correction.asked_by_id.in_(ids), func.coalesce(Correction.asked_for_id, 0).in_(ids))


def select_corrections(actor: Actor) -> Select[Any]:
    """The corrections a person may see: those that wait first, then the newest."""
    query = select(Correction).join(Correction.item).where(within(reach(actor)))
    waits_first = Correction.state != CorrectionState.PENDING
    return query.order_by(waits_first, Correction.asked_at.desc(), Correction.id.desc())


def list_corrections(session: Session, query: Select[Any]) -> Sequence[Correction]:
    """The corrections of a query with all that a row prints."""
    item = joinedload(Correction.item, innerjoin=True)
    query = query.options(item.joinedload(Item.source, innerjoin=True), item.joinedload(Item.lead_unit), *_names())
    return session.scalars(query).unique().all()


def _names() -> tuple[Any, ...]:
    named = (
        Correction.asked_by,
        Correction.asked_for,
        Correction.decider,
        Correction.decider_for,
        Correction.entered_by,
    )
    return tuple(joinedload(each) for each in named)


def get_correction(session: Session, correction_id: int, seen_by: Reach, *, lock: bool = False) -> Correction:
    """A correction with its item and all names; raises NotFound out of reach.

    ``lock`` holds it and its item until the end of the transaction, the item first as everybody does.
    """
    if lock:
        of_correction = select(Correction.item_id).where(Correction.id == correction_id).scalar_subquery()
        session.scalar(select(Item.id).where(Item.id == of_correction).with_for_update())
        session.scalar(select(Correction.id).where(Correction.id == correction_id).with_for_update())
    item = joinedload(Correction.item, innerjoin=True)
    query = select(Correction).join(Correction.item).where(Correction.id == correction_id, within(seen_by))
    query = query.options(
        item.joinedload(Item.source, innerjoin=True), item.joinedload(Item.lead_unit), item.selectinload(Item.supports)
    )
    found = session.scalars(query.options(*_names()).execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(_l("没有找到这份申请，或您无权查看。"))
    return found


def find_correction(session: Session, correction_id: int) -> Correction | None:
    """A correction whoever asks, for messages; they ask themselves what their reader may know."""
    query = select(Correction).where(Correction.id == correction_id).options(joinedload(Correction.item), *_names())
    return session.scalars(query).one_or_none()


def find_pending(session: Session, item_id: int) -> Correction | None:
    """The correction of an item that waits to be approved."""
    query = select(Correction).where(Correction.item_id == item_id, Correction.state == CorrectionState.PENDING)
    return session.scalar(query)


def list_told(session: Session, correction: Correction) -> Sequence[Person]:
    """Whoever asked, and the handler, who has the work again; those with an open account."""
    ids = {correction.asked_by_id, correction.asked_for_id, correction.item.handler_id} - {None}
    query = select(Person).where(Person.id.in_(sorted(each for each in ids if each is not None))).order_by(Person.id)
    found = session.scalars(query.options(joinedload(Person.account)))
    return [each for each in found if each.account is not None and each.account.is_active]
