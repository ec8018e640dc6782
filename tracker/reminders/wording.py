"""Reminders in words."""

from collections.abc import Mapping
from datetime import date

from tracker.core.i18n import lazy_gettext as _l
from tracker.reminders.rules import Counts, Recipient, Trigger

RECIPIENT_LABELS: Mapping[Recipient, object] = {
    Recipient.OWNER: _l("责任人"),
    Recipient.HANDLER: _l("经办人"),
    Recipient.LIAISON: _l("联络员"),
    Recipient.UNIT_HEAD: _l("单位负责人"),
    Recipient.LEADER: _l("责任领导"),
    Recipient.OFFICE: _l("整改办"),
}


COUNTS_LABELS: Mapping[Counts, object] = {Counts.NATURAL: _l("自然日"), Counts.WORKING: _l("工作日")}


def rule_words(trigger: Trigger, days: int, counts: Counts = Counts.NATURAL) -> object:
    """When a rule speaks, e.g. 到期前 20 天."""
    if counts is Counts.WORKING:
        return _working_rule_words(trigger, days)
    if trigger is Trigger.BEFORE_DUE:
        return _l("到期前 %(days)d 天", days=days)
    if trigger is Trigger.OVERDUE_EVERY:
        return _l("逾期第 1 天起，每 %(days)d 天", days=days)
    if trigger is Trigger.NOT_ACCEPTED:
        return _l("下发 %(days)d 天未签收", days=days)
    return _l("到期当日")


def _working_rule_words(trigger: Trigger, days: int) -> object:
    if trigger is Trigger.BEFORE_DUE:
        return _l("到期前 %(days)d 个工作日", days=days)
    if trigger is Trigger.OVERDUE_EVERY:
        return _l("逾期第 1 个工作日起，每 %(days)d 个工作日", days=days)
    if trigger is Trigger.NOT_ACCEPTED:
        return _l("下发 %(days)d 个工作日未签收", days=days)
    return _l("到期当日（遇休息日提前到上一个工作日）")


def due_words(trigger: Trigger, base: date, today: date) -> object:
    """How an item stands today, counted from the date its reminder was reckoned from."""
    days = (base - today).days
    if trigger is Trigger.NOT_ACCEPTED:
        return _l("下发 %(days)d 天未签收", days=-days)
    if days > 0:
        return _l("还剩 %(days)d 天", days=days)
    if days < 0:
        return _l("逾期 %(days)d 天", days=-days)
    return _l("今天到期")
