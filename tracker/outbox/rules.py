"""States of a message, channels, addresses, leases and the back-off between tries."""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l


class MessageState(StrEnum):
    """Where a message is."""

    QUEUED = "queued"
    HELD = "held"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    SKIPPED = "skipped"


WAITING = frozenset({MessageState.QUEUED, MessageState.FAILED})
RETRIABLE = frozenset({MessageState.FAILED, MessageState.DEAD, MessageState.SKIPPED})

STATE_LABELS: Mapping[MessageState, object] = {
    MessageState.QUEUED: _l("待发送"),
    MessageState.HELD: _l("暂缓"),
    MessageState.CLAIMED: _l("发送中"),
    MessageState.SENT: _l("已发送"),
    MessageState.FAILED: _l("失败待重试"),
    MessageState.DEAD: _l("已放弃"),
    MessageState.SKIPPED: _l("未发送"),
}


class Channel(StrEnum):
    """How a message travels."""

    INBOX = "inbox"
    MAIL = "mail"
    SMS = "sms"
    GROUP = "group"


CHANNEL_LABELS: Mapping[Channel, object] = {
    Channel.INBOX: _l("站内消息"),
    Channel.MAIL: _l("邮件"),
    Channel.SMS: _l("短信"),
    Channel.GROUP: _l("工作群"),
}
# What every kind of message is called; each has a hook ``render:<kind>`` that says what stands in it.
KIND_LABELS: Mapping[str, object] = {
    "reminder_digest": _l("提醒汇总"),
    "reminder_single": _l("逾期提醒"),
    "reports_owed": _l("填报提醒"),
    "report_returned": _l("填报退回"),
    "nudge": _l("催办"),
    "nudge_answered": _l("催办回复"),
    "supervision_notice": _l("督办单"),
    "notice_answered": _l("督办反馈"),
    "notice": _l("办理通知"),
    "extension_waits": _l("延期申请待审批"),
    "extension_decided": _l("延期申请结果"),
    "amendment_waits": _l("变更申请待审批"),
    "amendment_decided": _l("变更申请结果"),
    "correction_waits": _l("冲正申请待审批"),
    "correction_decided": _l("冲正申请结果"),
    "looks_waiting": _l("待回头看"),
    "look_rebound": _l("问题反弹"),
    "checks_due": _l("长期整改待检查"),
    "group_digest": _l("工作群汇总"),
    "substitute_named": _l("代理通知"),
    "handed_over": _l("工作交接"),
    "deadline_asked": _l("请定完成时限"),
    "meeting_ahead": _l("会前准备"),
    "forwarded": _l("代收消息"),
    "alarm": _l("系统告警"),
}
# What a message to a person travels by; short messages only when their gateway is on.
PERSONAL = (Channel.INBOX, Channel.MAIL, Channel.SMS)
# These leave through a channel that an administrator has set up, and carry number and count only.
OUTSIDE = frozenset({Channel.SMS, Channel.GROUP})


class Skip(StrEnum):
    """Why a message was not sent and will not be."""

    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    NO_SERVER = "no_server"
    NO_PHONE = "no_phone"
    OUTLET_OFF = "outlet_off"
    NO_ACCOUNT = "no_account"
    NOT_DUE = "not_due"
    NOT_READABLE = "not_readable"
    DISCARDED = "discarded"
    TOLD_SINGLY = "told_singly"


SKIP_LABELS: Mapping[str, object] = {
    Skip.NO_ADDRESS: _l("收件人没有邮件地址，只在站内提醒"),
    Skip.BAD_ADDRESS: _l("收件人的邮件地址不正确，只在站内提醒"),
    Skip.NO_SERVER: _l("没有设置邮件服务器或发件人地址"),
    Skip.NO_PHONE: _l("收件人没有手机号，只在站内提醒"),
    Skip.OUTLET_OFF: _l("外部渠道已停用"),
    Skip.NO_ACCOUNT: _l("收件人的账号已停用"),
    Skip.NOT_DUE: _l("发送前事项已办结或时限已变，不必再提醒"),
    Skip.NOT_READABLE: _l("收件人已无权查看该事项"),
    Skip.DISCARDED: _l("一次提醒的人过多，已由管理员作废"),
    Skip.TOLD_SINGLY: _l("逾期事项已按收件人的设置逐件发送"),
}

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=2)
# A clock put back by an hour frees no claim, or what is being sent would go out twice; one that was wrong by days does.
CLAIM_MAX = timedelta(days=2)
# Further apart than the clocks of several machines are.
APART_MAX = timedelta(minutes=10)
# Longer than any holidays and any back-off.
PUT_OFF_MAX = timedelta(days=60)
# For each answer of a mail server, and for a mail from connecting to its last answer: less than half a lease, so that
# what is tried does not outlive its claim.
SOCKET_SECONDS, CARRY_SECONDS = 20, 50
BATCH: Mapping[Channel, int] = {Channel.INBOX: 200, Channel.MAIL: 20, Channel.SMS: 20, Channel.GROUP: 20}

# Eight tries reach over fifteen hours: a mail server that is off for a night loses nothing.
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480))

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*", re.ASCII)


def back_off(attempts: int) -> timedelta:
    """How long to wait after the nth failed try."""
    return _PAUSES[min(attempts, len(_PAUSES)) - 1]


def after_failure(attempts: int) -> MessageState:
    """Dead after the last try, else to be tried again."""
    return MessageState.DEAD if attempts >= MAX_ATTEMPTS else MessageState.FAILED


def is_address(text: str) -> bool:
    """Whether this is one mail address and nothing else: no line break, no second address, no comment."""
    return _ADDRESS.fullmatch(text) is not None
