"""The registry of settings: key, kind, default and the words beside it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.core.errors import DomainError
from tracker.core.filetypes import read_endings
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.places import read_places


class Kind(StrEnum):
    """How a setting is typed in, and what it is read as."""

    TEXT = "text"
    SECRET = "secret"
    NUMBER = "number"
    SWITCH = "switch"


@dataclass(frozen=True)
class Definition:
    """One setting. ``low`` and ``high`` bound a number, ``limit`` the length of a text."""

    key: str
    group: str
    kind: Kind
    default: Any
    label: object
    help: object = ""
    low: int = 0
    high: int = 1_000_000
    limit: int = 200


GROUPS: Mapping[str, object] = {
    "organ": _l("本机关"),
    "rules": _l("整改规则"),
    "reminders": _l("提醒"),
    "mail": _l("邮件服务器"),
    "outlets": _l("外部渠道"),
    "security": _l("安全"),
    "backups": _l("备份"),
}

_LIST = (
    Definition(
        "organ.name",
        "organ",
        Kind.TEXT,
        "",
        _l("机关全称"),
        _l("用于清单标题和报告，如“中共××市委市直机关工作委员会”。"),
    ),
    Definition(
        "organ.short_name", "organ", Kind.TEXT, "", _l("机关简称"), _l("显示在页面左上角，如“市直机关工委”。"), limit=40
    ),
    Definition(
        "rules.at_once_days",
        "rules",
        Kind.NUMBER,
        15,
        _l("立行立改的期限（天）"),
        _l("自反馈之日起计算；新建来源时带入。"),
        low=1,
        high=365,
    ),
    Definition(
        "rules.rate_decimals",
        "rules",
        Kind.NUMBER,
        1,
        _l("百分比小数位数"),
        _l("0、1 或 2；四舍五入，末尾的零不写。"),
        low=0,
        high=2,
    ),
    Definition(
        "rules.small_unit",
        "rules",
        Kind.NUMBER,
        5,
        _l("样本少的界限（个）"),
        _l("事项少于这个数的单位，统计页标明“样本少”，不与别的单位排名次；0 为不标。"),
        high=50,
    ),
    Definition(
        "rules.boards_shown",
        "rules",
        Kind.SWITCH,
        False,
        _l("启用进展榜"),
        _l("按单位公布进展较快、进展滞后和排名；领导要求通报时启用。"),
    ),
    Definition("rules.board_fast", "rules", Kind.NUMBER, 90, _l("进展较快：销号率不低于（%）"), low=1, high=100),
    Definition("rules.board_slow", "rules", Kind.NUMBER, 85, _l("进展滞后：销号率低于（%）"), low=0, high=100),
    Definition(
        "rules.minutes_days",
        "rules",
        Kind.NUMBER,
        3,
        _l("会议纪要印发后几个工作日内下发议定事项"),
        _l("到期前按来源节点提醒。"),
        low=1,
        high=30,
    ),
    Definition("rules.upload_mb", "rules", Kind.NUMBER, 10, _l("反馈意见文件上限（MB）"), low=1, high=50),
    Definition("rules.evidence_mb", "rules", Kind.NUMBER, 50, _l("佐证材料单个文件上限（MB）"), low=1, high=500),
    Definition(
        "rules.evidence_item_mb",
        "rules",
        Kind.NUMBER,
        1000,
        _l("一个事项的佐证材料合计上限（MB）"),
        low=1,
        high=100_000,
    ),
    Definition(
        "rules.evidence_endings",
        "rules",
        Kind.TEXT,
        "",
        _l("佐证材料允许的格式"),
        _l("扩展名，用逗号隔开，如 pdf,docx,xlsx,jpg；留空则除程序外均可。"),
        limit=400,
    ),
    Definition("reminders.accept_days", "reminders", Kind.NUMBER, 3, _l("下发后几天未签收即提醒"), low=1, high=30),
    Definition("reminders.send_hour", "reminders", Kind.NUMBER, 8, _l("每日提醒几点发出"), low=0, high=23),
    Definition(
        "reminders.quiet_from",
        "reminders",
        Kind.NUMBER,
        0,
        _l("免打扰从几点起"),
        _l("免打扰时间内不发提醒和邮件，过后补发；起止相同即不设。"),
        low=0,
        high=23,
    ),
    Definition("reminders.quiet_to", "reminders", Kind.NUMBER, 7, _l("免打扰到几点止"), low=0, high=23),
    Definition(
        "reminders.holds_days_off",
        "reminders",
        Kind.SWITCH,
        True,
        _l("休息日不发提醒"),
        _l("留到下一个工作日发出，内容按发出那天计算；工作日以工作日历为准。"),
    ),
    Definition(
        "reminders.cap_percent",
        "reminders",
        Kind.NUMBER,
        50,
        _l("一次最多提醒多少人（占账号数的百分比）"),
        _l("另加 30 人；超过时一条也不发，先请系统管理员到运行状况页决定。"),
        low=1,
        high=1000,
    ),
    Definition(
        "reminders.report_days", "reminders", Kind.NUMBER, 3, _l("填报截止前几天提醒未报的单位"), low=0, high=15
    ),
    Definition(
        "reminders.nudge_days",
        "reminders",
        Kind.NUMBER,
        3,
        _l("同一事项两次催办至少间隔几天"),
        _l("0 为不限。"),
        high=90,
    ),
    Definition(
        "reminders.notice_prefix",
        "reminders",
        Kind.TEXT,
        "督",
        _l("督办单编号的机关代字"),
        _l("如“市直工委督”，编号即为 市直工委督〔2026〕3号。"),
        limit=20,
    ),
    Definition("reminders.feedback_days", "reminders", Kind.NUMBER, 5, _l("督办单的反馈时限（天）"), low=1, high=90),
    Definition(
        "reminders.base_url",
        "reminders",
        Kind.TEXT,
        "",
        _l("系统地址"),
        _l("写在邮件里的访问地址，如 http://10.1.2.3:8000；留空则邮件不带链接。"),
    ),
    Definition("mail.host", "mail", Kind.TEXT, "", _l("SMTP 服务器"), _l("留空则不发邮件，只在站内提醒。")),
    Definition("mail.port", "mail", Kind.NUMBER, 25, _l("端口"), low=1, high=65535),
    Definition("mail.security", "mail", Kind.TEXT, "none", _l("加密方式"), _l("none、starttls 或 tls。"), limit=10),
    Definition("mail.user", "mail", Kind.TEXT, "", _l("用户名")),
    Definition("mail.password", "mail", Kind.SECRET, "", _l("密码"), _l("保存后不再显示。")),
    Definition("mail.sender", "mail", Kind.TEXT, "", _l("发件人地址")),
    Definition(
        "outlets.allowed",
        "outlets",
        Kind.TEXT,
        "",
        _l("允许访问的外部地址"),
        _l("工作群机器人和短信网关的“主机:端口”，用逗号隔开，如 qyapi.weixin.qq.com:443；留空则一个也不访问。"),
        limit=1000,
    ),
    Definition(
        "security.camera",
        "security",
        Kind.SWITCH,
        False,
        _l("允许用手机拍照上传佐证材料"),
        _l("打开后，上传页面多一个“拍照”按钮；涉密场所不得使用。"),
    ),
    Definition("security.idle_minutes", "security", Kind.NUMBER, 30, _l("无操作自动退出（分钟）"), low=5, high=480),
    Definition(
        "backups.is_on",
        "backups",
        Kind.SWITCH,
        True,
        _l("每天自动备份"),
        _l("数据库和佐证材料合为一个文件，做好后自动试恢复一次；存放的目录由安装时的环境变量决定。"),
    ),
    Definition("backups.hour", "backups", Kind.NUMBER, 2, _l("每天几点备份"), low=0, high=23),
    Definition("backups.keep_days", "backups", Kind.NUMBER, 14, _l("最近几天的备份都保留"), low=1, high=400),
    Definition(
        "backups.keep_months",
        "backups",
        Kind.NUMBER,
        6,
        _l("更早的每月留一份，留几个月"),
        _l("超过的自动清除；最近一份校验通过的始终保留。"),
        high=120,
    ),
)

SETTINGS: Mapping[str, Definition] = {definition.key: definition for definition in _LIST}

_CHOICES: Mapping[str, tuple[str, ...]] = {"mail.security": ("none", "starttls", "tls")}


def _check_host(text: str) -> None:
    try:
        text.encode("idna")
    except UnicodeError as error:
        raise DomainError(_l("这不是一个主机名：两个点之间不能空着，每段最多 63 个字符。")) from error


def _check_sign_in(text: str) -> None:
    # All that the library sends when it signs in.
    if not text.isascii():
        raise DomainError(_l("只能用半角的字母、数字和符号，不能有汉字和全角字符。"))


# What is read again where it is used.
_CHECKS: Mapping[str, Callable[[str], object]] = {
    "mail.host": _check_host,
    "mail.user": _check_sign_in,
    "mail.password": _check_sign_in,
    "outlets.allowed": read_places,
    "rules.evidence_endings": read_endings,
}
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")


def read(definition: Definition, typed: Any) -> Any:
    """The value a typed text stands for; raises DomainError naming the setting's field."""
    if definition.kind is Kind.SWITCH:
        return bool(typed)
    text = str(typed or "").strip()
    if definition.kind is Kind.NUMBER:
        return _read_number(definition, text)
    if len(text) > definition.limit or "\n" in text or "\r" in text:
        raise DomainError(_l("最多 %(max)d 个字，且不能换行。", max=definition.limit), field=definition.key)
    if definition.key in _CHOICES and text not in _CHOICES[definition.key]:
        message = _l("只能填写：%(choices)s。", choices="、".join(_CHOICES[definition.key]))
        raise DomainError(message, field=definition.key)
    if definition.key == "mail.sender" and text and not _ADDRESS.fullmatch(text):
        raise DomainError(_l("这不是一个邮件地址。"), field=definition.key)
    if definition.key in _CHECKS:
        _CHECKS[definition.key](text)
    return text


def _read_number(definition: Definition, text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if not definition.low <= number <= definition.high:
        message = _l("请填写 %(low)d 到 %(high)d 之间的整数。", low=definition.low, high=definition.high)
        raise DomainError(message, field=definition.key)
    return number


def words_of(key: str, value: Any) -> object | None:
    """The words for a setting in the trail."""
    return SETTINGS[value].label if key == "subject of change_setting" and value in SETTINGS else None
