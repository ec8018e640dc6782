"""Reading extensions, always within somebody's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.access.rules import Actor, Reach, reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.extensions.models import Extension, ExtensionStep
from tracker.extensions.rules import LEVEL_ACTIONS, LEVELS, ExtensionState
from tracker.items.models import Item
from tracker.items.queries import is_party, within


@dataclass(frozen=True)
class ExtensionFilter:
    """What a list is narrowed to; ``waits_on_me`` to what the person may decide now."""

    state: ExtensionState | None = None
    waits_on_me: bool = False


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Whether this person may decide an extension now, as ``four_eyes.check_decider`` will allow it."""
    ids, before = sorted(actor.identities), aliased(ExtensionStep)
    if not ids:
        return false()
    decided = exists().where(
        before.extension_id == Extension.id, or_(before.decider_id.in_(ids), before.decider_for_id.in_(ids))
    )
    may = or_(*(and_(Extension.waits_for == level, within(reach(actor, LEVEL_ACTIONS[level]))) for level in LEVELS))
    # Whatever waits for a level is pending; said so, its index leads past all that were ever granted.
    waits = and_(Extension.state == ExtensionState.PENDING, may)
    return and_(waits, not_(is_asker(actor)), not_(decided), not_(is_party(actor.identities, Item)))


def is_asker(actor: Actor) -> ColumnElement[bool]:
    """Whether this person asked."""
    ids = sorted(actor.identities)
    return or_(Extension.asked_by_id.in_(ids), func.coalesce(Extension.asked_for_id, 0).in_(ids))


def select_extensions(actor: Actor, chosen: ExtensionFilter) -> Select[Any]:
    """The extensions a person may see: those that wait first, then the newest."""
    query = select(Extension).join(Extension.item).where(within(reach(actor)))
    if chosen.waits_on_me:
        query = query.where(waits_for(actor))
    if chosen.state is not None:
        query = query.where(Extension.state == chosen.state)
    return query.order_by(Extension.waits_for.is_(None), Extension.asked_at.desc(), Extension.id.desc())


def list_extensions(session: Session, query: Select[Any]) -> Sequence[Extension]:
    """The extensions of a query with all that a row prints."""
    item = joinedload(Extension.item, innerjoin=True)
    names = (
        joinedload(Extension.asked_by, innerjoin=True),
        joinedload(Extension.asked_for),
        joinedload(Extension.unit),
    )
    query = query.options(item.joinedload(Item.source, innerjoin=True), *names, selectinload(Extension.steps))
    return session.scalars(query).unique().all()


def get_extension(session: Session, extension_id: int, seen_by: Reach, *, lock: bool = False) -> Extension:
    """An extension with its levels, item and all names; raises NotFound out of reach.

    ``lock`` holds it and its item until the end of the transaction, the item first as everybody does.
    """
    if lock:
        of_extension = select(Extension.item_id).where(Extension.id == extension_id).scalar_subquery()
        session.scalar(select(Item.id).where(Item.id == of_extension).with_for_update())
        session.scalar(select(Extension.id).where(Extension.id == extension_id).with_for_update())
    item, steps = joinedload(Extension.item, innerjoin=True), selectinload(Extension.steps)
    query = select(Extension).join(Extension.item).where(Extension.id == extension_id, within(seen_by))
    query = query.options(
        joinedload(Extension.asked_by, innerjoin=True),
        joinedload(Extension.asked_for),
        joinedload(Extension.unit),
        item.joinedload(Item.source, innerjoin=True),
        item.joinedload(Item.lead_unit),
        item.joinedload(Item.leader),
        item.selectinload(Item.supports),
        *(
            steps.joinedload(each)
            for each in (ExtensionStep.decider, ExtensionStep.decider_for, ExtensionStep.entered_by)
        ),
    )
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(_l("没有找到这份延期申请，或您无权查看。"))
    return found


def find_extension(session: Session, extension_id: int) -> Extension | None:
    """An extension whoever asks, for messages; they ask themselves what their reader may know."""
    steps = selectinload(Extension.steps)
    query = select(Extension).where(Extension.id == extension_id)
    query = query.options(
        joinedload(Extension.item), joinedload(Extension.asked_by), steps.joinedload(ExtensionStep.decider)
    )
    return session.scalars(query).one_or_none()


def find_pending(session: Session, item_id: int) -> Extension | None:
    """The extension of an item that waits for a decision."""
    query = select(Extension).where(Extension.item_id == item_id, Extension.state == ExtensionState.PENDING)
    return session.scalar(query)


def find_granted(session: Session, item_id: int) -> Extension | None:
    """The extension of an item that was granted last and still holds."""
    query = select(Extension).where(Extension.item_id == item_id, Extension.state == ExtensionState.GRANTED)
    return session.scalar(query.order_by(Extension.nth.desc()).limit(1))
