"""Reminders in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import Light
from tracker.outbox.rules import CHANNEL_LABELS
from tracker.reminders.covering import Covered
from tracker.reminders.rules import BASES, REPEATING, Basis, Counts, Recipient, RuleLight, Trigger

RECIPIENT_LABELS: Mapping[Recipient, object] = {
    Recipient.OWNER: _l("责任人"),
    Recipient.HANDLER: _l("经办人"),
    Recipient.LIAISON: _l("联络员"),
    Recipient.UNIT_HEAD: _l("单位负责人"),
    Recipient.SUPPORTING: _l("配合单位"),
    Recipient.UPPER_HEAD: _l("上级单位负责人"),
    Recipient.SUPERVISOR: _l("分管领导"),
    Recipient.LEADER: _l("责任领导"),
    Recipient.DECIDER: _l("当前审核人"),
    Recipient.OFFICE: _l("整改办"),
    Recipient.PERSON: _l("指定人员"),
}

TRIGGER_LABELS: Mapping[Trigger, object] = {
    Trigger.BEFORE_DUE: _l("到期前 N 天"),
    Trigger.ON_DUE: _l("到期当日"),
    Trigger.OVERDUE_BY: _l("逾期第 N 天，提醒一次"),
    Trigger.OVERDUE_EVERY: _l("逾期第 1 天起，每 N 天"),
    Trigger.NOT_ACCEPTED: _l("下发 N 天未签收"),
    Trigger.REVIEW_PENDING: _l("销号申请待审核满 N 天"),
    Trigger.UNCHECKED: _l("长期坚持事项每 N 天没有进展"),
}

LIGHT_LABELS: Mapping[RuleLight, object] = {
    RuleLight.GREEN: _l("绿"),
    RuleLight.YELLOW: _l("黄"),
    RuleLight.RED: _l("红"),
}

# The lights of rules as the pages draw them.
SHOWN_LIGHTS: Mapping[RuleLight, Light] = {
    RuleLight.GREEN: Light.OK,
    RuleLight.YELLOW: Light.NEAR,
    RuleLight.RED: Light.LATE,
}

COUNTS_LABELS: Mapping[Counts, object] = {Counts.NATURAL: _l("自然日"), Counts.WORKING: _l("工作日")}


_CODES: Mapping[str, Mapping[Any, object]] = {
    "trigger": TRIGGER_LABELS,
    "counts": COUNTS_LABELS,
    "light": LIGHT_LABELS,
    "channels": CHANNEL_LABELS,
}


def words_of(key: str, value: Any) -> object | None:
    """The word for a code of a rule in the trail; a recipient stands there with the repetition it begins at."""
    if key == "recipients":
        recipient, _colon, begins_at = str(value).partition(":")
        return recipient_words(Recipient(recipient), int(begins_at or 0))
    return _CODES.get(key, {}).get(value)


def rule_words(trigger: Trigger, days: int, counts: Counts = Counts.NATURAL) -> object:
    """When a rule speaks, e.g. 到期前 20 天."""
    if counts is Counts.WORKING:
        return _working_rule_words(trigger, days)
    if trigger is Trigger.BEFORE_DUE:
        return _l("到期前 %(days)d 天", days=days)
    if trigger is Trigger.OVERDUE_BY:
        return _l("逾期第 %(days)d 天", days=days)
    if trigger is Trigger.OVERDUE_EVERY:
        return _l("逾期第 1 天起，每 %(days)d 天", days=days)
    if trigger is Trigger.NOT_ACCEPTED:
        return _l("下发 %(days)d 天未签收", days=days)
    if trigger is Trigger.REVIEW_PENDING:
        return _l("销号申请待审核满 %(days)d 天", days=days)
    if trigger is Trigger.UNCHECKED:
        return _l("每 %(days)d 天没有进展", days=days)
    return _l("到期当日")


def _working_rule_words(trigger: Trigger, days: int) -> object:
    if trigger is Trigger.BEFORE_DUE:
        return _l("到期前 %(days)d 个工作日", days=days)
    if trigger is Trigger.OVERDUE_BY:
        return _l("逾期第 %(days)d 个工作日", days=days)
    if trigger is Trigger.OVERDUE_EVERY:
        return _l("逾期第 1 个工作日起，每 %(days)d 个工作日", days=days)
    if trigger is Trigger.NOT_ACCEPTED:
        return _l("下发 %(days)d 个工作日未签收", days=days)
    if trigger is Trigger.REVIEW_PENDING:
        return _l("销号申请待审核满 %(days)d 个工作日", days=days)
    if trigger is Trigger.UNCHECKED:
        return _l("每 %(days)d 个工作日没有进展", days=days)
    return _l("到期当日（遇休息日提前到上一个工作日）")


def recipient_words(recipient: Recipient, begins_at: int, names: Sequence[str] = ()) -> str:
    """Whom a rule tells, e.g. 责任领导（第3次起）, or the names of those it names."""
    words = "、".join(names) if recipient is Recipient.PERSON and names else str(RECIPIENT_LABELS[recipient])
    return str(_("%(who)s（第 %(n)d 次起）", who=words, n=begins_at + 1)) if begins_at else words


def due_words(trigger: Trigger, base: date, today: date) -> object:
    """How an item stands today, counted from the date its reminder was reckoned from."""
    days = (base - today).days
    basis = BASES[trigger]
    if basis is Basis.ACCEPTANCE:
        return _l("下发 %(days)d 天未签收", days=-days)
    if basis is Basis.REVIEW:
        return _l("销号申请已等待审核 %(days)d 天", days=-days)
    if basis is Basis.CHECK:
        return _l("已 %(days)d 天没有进展", days=-days)
    if days > 0:
        return _l("还剩 %(days)d 天", days=days)
    if days < 0:
        return _l("逾期 %(days)d 天", days=-days)
    return _l("今天到期")


def covered_words(covered: Sequence[Covered]) -> str:
    """The steps that a reminder stands for, e.g. 本条含此前未发的20天、10天提醒; empty when there are none."""
    if not covered:
        return ""
    return str(_("本条含此前未发的%(steps)s提醒", steps=_("、").join(str(_covered(each)) for each in covered)))


def _covered(covered: Covered) -> object:
    trigger, days, counts = covered.rule.trigger, covered.rule.days, covered.rule.counts
    if trigger in REPEATING and len(covered.steps) > 1:
        return _l("%(rule)s的 %(count)d 次", rule=rule_words(trigger, days, counts), count=len(covered.steps))
    if trigger is not Trigger.BEFORE_DUE:
        return rule_words(trigger, days, counts)
    return _l("%(days)d个工作日", days=days) if counts is Counts.WORKING else _l("%(days)d天", days=days)


def late_words(reached_on: date, day: date) -> str:
    """That a reminder comes after its day; empty when it does not."""
    return str(_("补发：本应于%(date)s提醒", date=reached_on.isoformat())) if reached_on < day else ""
