"""One item with all its names."""

from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Reach
from tracker.archives.models import Archive
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item, ItemSupport, Milestone
from tracker.items.queries import within
from tracker.sources.models import Section
from tracker.workdays.queries import Left, left_of, select_left


def get_whole_item(
    session: Session, number: str, seen_by: Reach, *, today: date
) -> tuple[Item, Left | None, Archive | None]:
    """The item with everything its page names, the working days left and the archive it lies in, in one query.

    Raises NotFound out of reach.
    """
    filed = and_(Archive.source_id == Item.source_id, Archive.lifted_at.is_(None))
    query = select(Item, Archive, *select_left(today, Item.due_on)).outerjoin(Archive, filed)
    query = query.where(Item.number == number, within(seen_by))
    query = query.options(
        joinedload(Item.source, innerjoin=True),
        joinedload(Item.section).joinedload(Section.parent),
        joinedload(Item.parent),
        *(joinedload(each) for each in (Item.lead_unit, Item.leader, Item.supervisor, Item.owner, Item.handler)),
        joinedload(Item.supports).joinedload(ItemSupport.unit),
        joinedload(Item.milestones).joinedload(Milestone.owner),
    )
    found = session.execute(query).unique().one_or_none()
    if found is None:
        raise NotFound(_l("没有找到编号为 %(number)s 的事项，或您无权查看。", number=number))
    item, archive, working_days, guessed_from = found
    return item, left_of(working_days, guessed_from, item.due_on), archive
