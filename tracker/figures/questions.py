"""What a table of figures is asked: of which day, as known when, about which items."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.rules import Breakdown
from tracker.items.rules import ItemKind
from tracker.sources.rules import NEAR_DAYS, Counting

BREAKDOWN_LABELS: Mapping[Breakdown, object] = {
    Breakdown.UNIT: _l("按牵头单位"),
    Breakdown.TREE: _l("按牵头单位（含下级）"),
    Breakdown.SOURCE: _l("按来源"),
    Breakdown.ASPECT: _l("按方面"),
    Breakdown.CATEGORY: _l("按类别"),
    Breakdown.LEADER: _l("按责任领导"),
    Breakdown.OWNER: _l("按责任人"),
    Breakdown.KIND: _l("按类型"),
    Breakdown.MONTH: _l("按反馈月份"),
}
ROW_LABELS: Mapping[Breakdown, object] = {
    Breakdown.UNIT: _l("牵头单位"),
    Breakdown.TREE: _l("牵头单位（含下级）"),
    Breakdown.SOURCE: _l("来源"),
    Breakdown.ASPECT: _l("方面"),
    Breakdown.CATEGORY: _l("类别"),
    Breakdown.LEADER: _l("责任领导"),
    Breakdown.OWNER: _l("责任人"),
    Breakdown.KIND: _l("类型"),
    Breakdown.MONTH: _l("反馈月份"),
}
UNNAMED: Mapping[Breakdown, object] = {
    Breakdown.UNIT: _l("未定牵头单位"),
    Breakdown.TREE: _l("未定牵头单位"),
    Breakdown.SOURCE: _l("未定来源"),
    Breakdown.ASPECT: _l("未分方面"),
    Breakdown.CATEGORY: _l("未分类别"),
    Breakdown.LEADER: _l("未定责任领导"),
    Breakdown.OWNER: _l("未定责任人"),
    Breakdown.KIND: _l("未定类型"),
    Breakdown.MONTH: _l("未定月份"),
}


# How many questions a person may keep, how long their names and their conditions may be.
SAVED_MAX, SAVED_NAME_MAX, CONDITIONS_MAX = 30, 40, 1_000


COUNTING_SENTENCES: Mapping[Counting, object] = {
    Counting.WHOLES: _l("按总项统计，一个问题分给几个单位的只计一次。"),
    Counting.PARTS: _l("按分项统计，一个问题分给几个单位的按单位各计一次，不含没有分项的问题。"),
}


@dataclass(frozen=True)
class Question:
    """Which items are counted; empty fields do not narrow. ``unit_id`` includes everything below the unit.

    ``known_at`` None means all that is known now; ``near_days`` before its deadline an item is due soon; ``due_on`` is
    the deadline of those that are asked for.
    """

    as_of: date
    known_at: datetime | None = None
    source_ids: Collection[int] = ()
    unit_id: int | None = None
    kind: ItemKind | None = None
    counting: Counting = Counting.WHOLES
    near_days: int = NEAR_DAYS
    due_on: date | None = None


@dataclass(frozen=True)
class Group:
    """One row of a breakdown by its id; None stands for the items for which nobody or nothing is named.

    ``also`` narrows it to what is in a row of another breakdown as well.
    """

    by: Breakdown
    id: int | None
    also: "Group | None" = None


class Met(NamedTuple):
    """A meeting that had figures before it: of which day, as known when."""

    title: str
    as_of: date
    known_at: datetime


def check_knowable(as_of: date, known_at: datetime | None, *, today: date, now: datetime) -> None:
    """Raise DomainError for a day that has not come and for an instant that has not."""
    if as_of > today:
        message = _l("统计截止日 %(day)s 还没有到，只能统计到今天为止。", day=as_of)
        raise DomainError(message, field="as_of")
    if known_at is not None and known_at > now:
        raise DomainError(_l("取数时间还没有到，请填写现在以前的时间，或留空。"), field="known_at")
