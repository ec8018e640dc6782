"""Steps for which the draft of a supervision notice is due."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.items.models import Item
from tracker.reminders.models import NoticeDrafted, Occurrence, ReminderRule
from tracker.reminders.rules import Subject

NOTICE_COLUMNS = ("item_id", "rule_id", "repetition", "deadline")


def select_notices_due() -> Select[Any]:
    """Rows of NOTICE_COLUMNS: the steps of items noted and not gathered yet, whose rule drafts a notice."""
    columns = (getattr(Occurrence, name) for name in NOTICE_COLUMNS)
    query = select(*columns).join(ReminderRule, ReminderRule.id == Occurrence.rule_id)
    return query.where(
        Occurrence.digest == "", Occurrence.subject == Subject.ITEM, ReminderRule.drafts_notice
    ).distinct()


def list_drafted(session: Session, ids: Collection[int]) -> Sequence[tuple[ReminderRule, Item]]:
    """Rule and item of each of these steps, rule by rule, in the order of the items."""
    query = select(ReminderRule, Item).select_from(NoticeDrafted)
    query = query.join(ReminderRule, ReminderRule.id == NoticeDrafted.rule_id).join(
        Item, Item.id == NoticeDrafted.item_id
    )
    rows = session.execute(query.where(NoticeDrafted.id.in_(ids)).order_by(ReminderRule.id, Item.number))
    return [(rule, item) for rule, item in rows]
