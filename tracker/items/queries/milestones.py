"""Reading the dates inside items."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Milestone


def get_milestone(session: Session, item_id: int, milestone_id: int) -> Milestone:
    """A date of an item; raises NotFound."""
    query = select(Milestone).where(Milestone.item_id == item_id, Milestone.id == milestone_id)
    found = session.scalar(query.options(selectinload(Milestone.item), selectinload(Milestone.owner)))
    if found is None:
        raise NotFound(_l("没有找到这个节点，可能已被删除。"))
    return found


def find_milestone(session: Session, item_id: int, title: str) -> Milestone | None:
    """The date of an item of this name."""
    query = select(Milestone).where(Milestone.item_id == item_id, Milestone.title == title)
    with session.no_autoflush:
        return session.scalar(query)
