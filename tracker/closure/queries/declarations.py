"""Reading what units declared."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Reach
from tracker.closure.models import Declaration
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import within


def find_open_declaration(session: Session, item_id: int) -> Declaration | None:
    """The declaration of an item that the office has not answered."""
    query = select(Declaration).where(Declaration.item_id == item_id, Declaration.is_accepted.is_(None))
    return session.scalar(query)


def get_declaration(session: Session, declaration_id: int, seen_by: Reach, *, lock: bool = False) -> Declaration:
    """A declaration with its item and people; raises NotFound out of reach. ``lock`` holds it until the end."""
    query = select(Declaration).join(Declaration.item).where(Declaration.id == declaration_id, within(seen_by))
    if lock:
        session.scalar(query.with_for_update(of=(Declaration, Item)))
    item = joinedload(Declaration.item, innerjoin=True)
    names = (joinedload(Declaration.declared_by), joinedload(Declaration.decided_by))
    query = query.options(item.joinedload(Item.source), item.joinedload(Item.lead_unit), *names)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_l("没有找到这份申报，或您无权查看。"))
    return found
