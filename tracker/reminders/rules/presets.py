"""The sets of rules that are shipped: a plain one, and three found in force in other places.

Found were 江津's three colours, 西安's three days and the order of 临颍's five slips; the days of the five slips, and
the rules on acceptance, review and what comes after the deadline where a place says nothing, are ours.
"""

from dataclasses import dataclass

from tracker.core.i18n import lazy_gettext as _l
from tracker.reminders.rules.recipients import Recipient as R
from tracker.reminders.rules.speech import RuleLight, Speech, from_first
from tracker.reminders.rules.steps import OVERDUE
from tracker.reminders.rules.steps import Trigger as T

GREEN, YELLOW, RED = RuleLight.GREEN, RuleLight.YELLOW, RuleLight.RED


@dataclass(frozen=True)
class Default:
    """A rule of a preset."""

    key: str
    speech: Speech


@dataclass(frozen=True)
class Preset:
    """A set of rules as shipped; its name is part of the record, so it is Chinese in every language."""

    key: str
    name: str
    note: object
    rules: tuple[Default, ...]


_DOERS = (R.OWNER, R.HANDLER, R.LIAISON)
_UNIT = (R.LIAISON, R.UNIT_HEAD)


def _rule(
    key: str, trigger: T, days: int, recipients: tuple[R, ...], light: RuleLight, label: str = "", slip: str = ""
) -> Default:
    is_late = light is RED and trigger in OVERDUE
    told = from_first(recipients)
    return Default(key, Speech(trigger, days, told, light=light, label=label, slip=slip, drafts_notice=is_late))


def _alongside(prefix: str) -> tuple[Default, ...]:
    """What every set says besides the deadline."""
    return (
        _rule(f"{prefix}not-accepted-3", T.NOT_ACCEPTED, 3, (*_UNIT, R.OFFICE), YELLOW),
        _rule(f"{prefix}review-5", T.REVIEW_PENDING, 5, (R.DECIDER,), YELLOW),
        _rule(f"{prefix}unchecked-90", T.UNCHECKED, 90, (R.HANDLER, R.LIAISON), YELLOW),
    )


PLAIN = Preset(
    "plain",
    "通用规则",
    _l("没有另选规则的来源都用这一套。"),
    (
        _rule("before-20", T.BEFORE_DUE, 20, _DOERS, GREEN),
        _rule("before-10", T.BEFORE_DUE, 10, _DOERS, YELLOW),
        _rule("before-3", T.BEFORE_DUE, 3, (*_DOERS, R.UNIT_HEAD), YELLOW),
        _rule("on-due", T.ON_DUE, 0, (*_DOERS, R.UNIT_HEAD), YELLOW),
        _rule("overdue-7", T.OVERDUE_EVERY, 7, (*_DOERS, R.UNIT_HEAD, R.OFFICE), RED),
        *_alongside(""),
    ),
)
THREE_COLOURS = Preset(
    "three-colours",
    "江津三色",
    _l("剩 20 天绿灯提醒责任人，剩 10 天黄灯提醒责任人和分管领导，逾期红灯提醒单位和单位负责人。"),
    (
        _rule("three-colours-before-20", T.BEFORE_DUE, 20, (R.OWNER,), GREEN, "绿灯"),
        _rule("three-colours-before-10", T.BEFORE_DUE, 10, (R.OWNER, R.SUPERVISOR), YELLOW, "黄灯"),
        _rule("three-colours-overdue-7", T.OVERDUE_EVERY, 7, _UNIT, RED, "红灯"),
        *_alongside("three-colours-"),
    ),
)
THREE_DAYS = Preset(
    "three-days",
    "西安三日",
    _l("到期前 3 天提醒一次；逾期后每 7 天提醒。"),
    (
        _rule("three-days-before-3", T.BEFORE_DUE, 3, (*_DOERS, R.UNIT_HEAD), YELLOW),
        _rule("three-days-overdue-7", T.OVERDUE_EVERY, 7, (*_DOERS, R.UNIT_HEAD, R.OFFICE), RED),
        *_alongside("three-days-"),
    ),
)
FIVE_SLIPS = Preset(
    "five-slips",
    "临颍五书",
    _l("通知书、指导书、提醒书、告诫书、问责书逐级加重；各书的天数可复制后按本地规定修改。"),
    (
        _rule("five-slips-before-20", T.BEFORE_DUE, 20, _DOERS, GREEN, "", "通知书"),
        _rule("five-slips-before-10", T.BEFORE_DUE, 10, _DOERS, GREEN, "", "指导书"),
        _rule("five-slips-before-3", T.BEFORE_DUE, 3, (*_DOERS, R.UNIT_HEAD), YELLOW, "", "提醒书"),
        _rule("five-slips-overdue-1", T.OVERDUE_BY, 1, (R.OWNER, *_UNIT, R.SUPERVISOR), RED, "", "告诫书"),
        _rule(
            "five-slips-overdue-15",
            T.OVERDUE_BY,
            15,
            (R.OWNER, *_UNIT, R.UPPER_HEAD, R.SUPERVISOR, R.OFFICE),
            RED,
            "",
            "问责书",
        ),
        *_alongside("five-slips-"),
    ),
)
PRESETS = (PLAIN, THREE_COLOURS, THREE_DAYS, FIVE_SLIPS)
# The set of every source for which no other was chosen; the only shipped one that may be changed in place.
DEFAULT_SET = PLAIN.key
