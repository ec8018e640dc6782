"""Jobs in words."""

from collections.abc import Mapping

from tracker.core.i18n import lazy_gettext as _l

RESULT_LABELS: Mapping[str, object] = {
    "opened": _l("新一期填报"),
    "queued": _l("新增提醒"),
    "dropped": _l("取消"),
    "sent": _l("已发送"),
    "failed": _l("失败待重试"),
    "skipped": _l("未发送"),
    "dead": _l("已放弃"),
    "done": _l("已完成"),
    "refused": _l("没有完成"),
    "error": _l("出错："),
}


def every_words(seconds: int) -> object:
    """How often, in the largest unit that fits."""
    if seconds % 3600 == 0:
        return _l("每 %(n)s 小时", n=seconds // 3600)
    return _l("每 %(n)s 秒", n=seconds)
