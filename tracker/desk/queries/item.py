"""One item with all its names."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item, ItemSupport, Milestone
from tracker.items.queries import within
from tracker.sources.models import Section
from tracker.workdays.queries import Left, left_of, select_left


def get_whole_item(session: Session, number: str, seen_by: Reach, *, today: date) -> tuple[Item, Left | None]:
    """The item with everything its page names and the working days left, in one query; raises NotFound out of reach."""
    query = select(Item, *select_left(today, Item.due_on)).where(Item.number == number, within(seen_by))
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
    item, working_days, guessed_from = found
    return item, left_of(working_days, guessed_from, item.due_on)
