"""When a rule reaches a step, whom it tells, and the plain default rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l


class Trigger(StrEnum):
    """What a rule counts days from."""

    BEFORE_DUE = "before_due"
    ON_DUE = "on_due"
    OVERDUE_EVERY = "overdue_every"
    NOT_ACCEPTED = "not_accepted"


class Recipient(StrEnum):
    """Who is told, relative to the item."""

    OWNER = "owner"
    HANDLER = "handler"
    LIAISON = "liaison"
    UNIT_HEAD = "unit_head"
    LEADER = "leader"
    OFFICE = "office"


@dataclass(frozen=True)
class Default:
    """A rule of the plain preset."""

    key: str
    trigger: Trigger
    days: int
    recipients: tuple[Recipient, ...]


PLAIN = (
    Default("before-20", Trigger.BEFORE_DUE, 20, (Recipient.OWNER, Recipient.HANDLER, Recipient.LIAISON)),
    Default("before-10", Trigger.BEFORE_DUE, 10, (Recipient.OWNER, Recipient.HANDLER, Recipient.LIAISON)),
    Default(
        "before-3", Trigger.BEFORE_DUE, 3, (Recipient.OWNER, Recipient.HANDLER, Recipient.LIAISON, Recipient.UNIT_HEAD)
    ),
    Default("on-due", Trigger.ON_DUE, 0, (Recipient.OWNER, Recipient.HANDLER, Recipient.LIAISON, Recipient.UNIT_HEAD)),
    Default(
        "overdue-7",
        Trigger.OVERDUE_EVERY,
        7,
        (Recipient.OWNER, Recipient.HANDLER, Recipient.LIAISON, Recipient.UNIT_HEAD, Recipient.OFFICE),
    ),
    Default("not-accepted-3", Trigger.NOT_ACCEPTED, 3, (Recipient.LIAISON, Recipient.UNIT_HEAD, Recipient.OFFICE)),
)

TRIGGER_LABELS: Mapping[Trigger, object] = {
    Trigger.BEFORE_DUE: _l("到期前"),
    Trigger.ON_DUE: _l("到期当日"),
    Trigger.OVERDUE_EVERY: _l("逾期"),
    Trigger.NOT_ACCEPTED: _l("未签收"),
}
