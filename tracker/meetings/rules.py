"""Kinds of meetings, the points of their agenda, and what may be done until when."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l

TITLE_LIMIT, TEXT_LIMIT, NAME_LIMIT = 120, 1000, 400
POINTS_LIMIT, DECISIONS_LIMIT = 30, 100
# More are no meeting any more; a narrower scope is asked for.
FROZEN_LIMIT = 20_000


class MeetingKind(StrEnum):
    """What kind of meeting it is."""

    DISPATCH = "dispatch"
    ADVANCE = "advance"
    TOPIC = "topic"
    STANDING = "standing"


KIND_LABELS: Mapping[MeetingKind, object] = {
    MeetingKind.DISPATCH: _l("调度会"),
    MeetingKind.ADVANCE: _l("推进会"),
    MeetingKind.TOPIC: _l("专题会"),
    MeetingKind.STANDING: _l("常委会"),
}


class Paper(StrEnum):
    """What is printed for a meeting and after it."""

    BRIEF = "brief"
    OUTLINE = "outline"
    BULLETIN = "bulletin"
    MINUTES = "minutes"
    SLIDES = "slides"
    TABLES = "tables"


class PaperKind(NamedTuple):
    """The file of a paper in the address, what it is called as a download (always Chinese), its words on the page."""

    file: str
    title: str
    label: object
    help: object


PAPERS: Mapping[Paper, PaperKind] = {
    Paper.BRIEF: PaperKind(
        "brief.docx", "一页纸", _l("一页纸"), _l("会前打印，一页看全：总体、各单位、逾期、待研究。")
    ),
    Paper.OUTLINE: PaperKind(
        "outline.docx", "发言提纲", _l("各单位发言提纲"), _l("每个单位一份，逐项列进展、困难、下步。")
    ),
    Paper.SLIDES: PaperKind("slides.pptx", "汇报", _l("幻灯片"), _l("图表可在 PowerPoint、WPS 里编辑。")),
    Paper.TABLES: PaperKind("tables.xlsx", "数据表", _l("数据表"), _l("总体、各单位、逐项，可筛选。")),
    Paper.MINUTES: PaperKind("minutes.docx", "纪要", _l("会议纪要"), _l("议题、议定事项和会议所用数字。")),
    Paper.BULLETIN: PaperKind(
        "bulletin.docx", "整改情况通报", _l("整改情况通报"), _l("总体情况、点名逾期事项、附表。")
    ),
}


# Papers that tell of items one by one, and with how many of them one is made at once; longer ones in the background.
LONG_PAPERS = frozenset({Paper.OUTLINE, Paper.SLIDES})
AT_ONCE_ITEMS = 100


def is_made_at_once(items: int) -> bool:
    """Whether somebody waits at the page for a paper that tells of so many items one by one."""
    return items <= AT_ONCE_ITEMS


class PointKind(StrEnum):
    """What a point of the agenda is about; all but OWN are filled from the ledger."""

    LAST = "last"
    UNITS = "units"
    OVERDUE = "overdue"
    WAITING = "waiting"
    OWN = "own"


POINT_LABELS: Mapping[PointKind, object] = {
    PointKind.LAST: _l("上次会议议定事项落实情况"),
    PointKind.UNITS: _l("各单位未销号事项，进展慢的在前"),
    PointKind.OVERDUE: _l("逾期事项"),
    PointKind.WAITING: _l("待研究的延期申请和销号申请"),
    PointKind.OWN: _l("其他议题"),
}


def propose(*, has_last: bool, has_overdue: bool, has_waiting: bool) -> list[PointKind]:
    """The points that an agenda begins with: what there is something to say about, in the order of the meeting."""
    there = {
        PointKind.LAST: has_last,
        PointKind.UNITS: True,
        PointKind.OVERDUE: has_overdue,
        PointKind.WAITING: has_waiting,
        PointKind.OWN: True,
    }
    return [kind for kind, is_there in there.items() if is_there]


def check_days(held_on: date, as_of: date, today: date) -> None:
    """Raise DomainError for figures as of a day after the meeting."""
    if as_of > held_on:
        message = _l("统计截止日不能晚于会议日期，请改为会议当天或以前。")
        raise DomainError(message, field="as_of")
    if (held_on - today).days > 366:
        raise DomainError(_l("会议日期在一年以后，请核对。"), field="held_on")


def check_size(count: int) -> None:
    """Raise DomainError for more items than one meeting can look at."""
    if count > FROZEN_LIMIT:
        message = _l("范围内有 %(n)d 个事项，一次会议最多 %(max)d 个，请缩小范围。", n=count, max=FROZEN_LIMIT)
        raise DomainError(message, field="unit")


def check_open(minutes_issued_on: date | None) -> None:
    """Raise Conflict once the minutes are issued: nothing of the meeting changes after that."""
    if minutes_issued_on is not None:
        raise Conflict(_l("会议纪要已经印发，会议内容不能再改。"))


def check_freezable(as_of: date, today: date, *, is_again: bool, reason: str) -> None:
    """Raise DomainError for a day that has not come, and for freezing once more without saying why."""
    if as_of > today:
        raise DomainError(_l("统计截止日 %(day)s 还没有到，到那天再锁定。", day=as_of))
    if is_again and not reason.strip():
        raise DomainError(_l("数据已经锁定过，重新锁定请写明原因；原来锁定的数据仍然保留。"), field="reason")


def check_minutes(issued_on: date, held_on: date, today: date) -> None:
    """Raise DomainError for minutes from before the meeting or from a day to come."""
    if issued_on < held_on:
        raise DomainError(_l("印发日期早于会议日期，请核对。"), field="issued_on")
    if issued_on > today:
        raise DomainError(_l("印发日期还没有到。"), field="issued_on")


def words_of(key: str, value: object) -> object | None:
    """Hook: the word for a kind of meeting in the trail."""
    return KIND_LABELS[MeetingKind(str(value))] if key == "meeting_kind" and value in set(MeetingKind) else None
