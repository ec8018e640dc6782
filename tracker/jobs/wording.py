"""Jobs in words."""

from collections.abc import Mapping
from datetime import timedelta

from tracker.backups.rules import GONE
from tracker.core.i18n import lazy_gettext as _l
from tracker.reminders.hours import Held

RESULT_LABELS: Mapping[str, object] = {
    "gone": GONE,
    "opened": _l("新一期填报"),
    "queued": _l("新增提醒"),
    "dropped": _l("取消"),
    "held": _l("暂缓"),
    "sent": _l("已发送"),
    "failed": _l("失败待重试"),
    "skipped": _l("未发送"),
    "dead": _l("已放弃"),
    "done": _l("已完成"),
    "refused": _l("没有完成"),
    "error": _l("出错："),
    "backed_up": _l("已备份"),
    "verified": _l("校验通过"),
    "cleared": _l("清除到期"),
}


def result_words(told: Mapping[str, object]) -> str:
    """What a run did; empty when there is nothing to be told."""
    return " · ".join(f"{RESULT_LABELS.get(name, name)} {value}" for name, value in told.items())


def length_words(length: timedelta) -> str:
    """How long a run took."""
    seconds = length.total_seconds()
    return str(_l("%(n)s 秒", n=f"{seconds:.1f}" if seconds < 10 else round(seconds)))


HELD_LABELS: Mapping[Held | None, object] = {
    Held.QUIET: _l("现在是免打扰时间，提醒暂不发出，过后自动补发。"),
    Held.DAY_OFF: _l("今天是休息日，提醒留到下一个工作日发出。"),
}


def every_words(seconds: int) -> object:
    """How often, in the largest unit that fits."""
    if seconds % 3600 == 0:
        return _l("每 %(n)s 小时", n=seconds // 3600)
    if seconds % 60 == 0 and seconds > 60:
        return _l("每 %(n)s 分钟", n=seconds // 60)
    return _l("每 %(n)s 秒", n=seconds)
