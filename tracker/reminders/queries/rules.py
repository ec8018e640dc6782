"""Reading reminder rules."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.reminders.models import ReminderRule


def list_rules(session: Session) -> Sequence[ReminderRule]:
    """All rules with their recipients, in the order they were made."""
    query = select(ReminderRule).options(joinedload(ReminderRule.recipients)).order_by(ReminderRule.id)
    return session.scalars(query).unique().all()


def lock_rules(session: Session) -> Sequence[int]:
    """Ids of all rules, locked: one scan at a time, and no rule changes during it."""
    return session.scalars(select(ReminderRule.id).order_by(ReminderRule.id).with_for_update()).all()


def get_rule(session: Session, key: str) -> ReminderRule:
    """A rule by its key; raises NotFound."""
    rule = session.scalar(select(ReminderRule).where(ReminderRule.key == key))
    if rule is None:
        raise NotFound(_l("没有找到这条提醒规则。"))
    return rule
