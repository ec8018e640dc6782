"""One item with all its names."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item, ItemSupport, Milestone
from tracker.items.queries import within
from tracker.sources.models import Section


def get_whole_item(session: Session, number: str, seen_by: Reach) -> Item:
    """The item with everything its page names, in one query; raises NotFound out of reach."""
    query = select(Item).where(Item.number == number, within(seen_by))
    query = query.options(
        joinedload(Item.source, innerjoin=True),
        joinedload(Item.section).joinedload(Section.parent),
        joinedload(Item.parent),
        *(joinedload(each) for each in (Item.lead_unit, Item.leader, Item.supervisor, Item.owner, Item.handler)),
        joinedload(Item.supports).joinedload(ItemSupport.unit),
        joinedload(Item.milestones).joinedload(Milestone.owner),
    )
    item: Item | None = session.scalars(query).unique().one_or_none()
    if item is None:
        raise NotFound(_l("没有找到编号为 %(number)s 的事项，或您无权查看。", number=number))
    return item
