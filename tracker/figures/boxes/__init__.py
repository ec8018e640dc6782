"""The boxes of the overview: each shows one table, may be drawn as a chart, and can be taken away as a workbook."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l


class Box(StrEnum):
    """The boxes, by their names in addresses."""

    BREAKDOWN = "breakdown"
    AGES = "ages"
    TREND = "trend"
    ASPECTS = "aspects"
    DEADLINES = "deadlines"
    SLOWEST = "slowest"


BOX_LABELS: Mapping[Box, object] = {
    Box.BREAKDOWN: _l("分组统计"),
    Box.AGES: _l("未销号事项的时间"),
    Box.TREND: _l("总数和已销号的变化"),
    Box.ASPECTS: _l("方面和单位"),
    Box.DEADLINES: _l("未来60天到期"),
    Box.SLOWEST: _l("最慢的事项"),
}
# Those that come with the page, and those below: each is asked for by itself, so that the first screen waits for none.
AT_ONCE = (Box.BREAKDOWN, Box.AGES)
BELOW = (Box.TREND, Box.DEADLINES, Box.SLOWEST, Box.ASPECTS)
# What is drawn; the others are tables alone.
DRAWN = frozenset({Box.BREAKDOWN, Box.AGES, Box.TREND, Box.DEADLINES})
