"""The open items that drag on, by name: the longest overdue first, then the oldest."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from tracker.core.i18n import gettext as _
from tracker.figures.listing import ListedItem, listed
from tracker.office.xlsx_writing import Grid

# How many a page shows; a workbook holds more.
SHOWN, TAKEN = 10, 1_000


class Slow(NamedTuple):
    """An item with the days that tell how slow it is."""

    item: ListedItem
    days: str
    is_late: bool


def slowest(rows: Iterable[Any], as_of: date) -> list[Slow]:
    """Rows of ``queries.list_slowest`` for a page."""
    found = list(rows)
    return [_slow(row, item, as_of) for row, item in zip(found, listed(found, as_of), strict=True)]


def _slow(row: Any, item: ListedItem, as_of: date) -> Slow:
    is_late = item.light.code == "late"
    if is_late:
        return Slow(item, str(item.light.words), is_late)
    return Slow(item, str(_("反馈已%(n)d天", n=(as_of - row.received_on).days)), is_late)


def grid(shown: Iterable[Slow]) -> Grid:
    """The same as a sheet."""
    headings = ["编号", "具体问题", "牵头单位", "责任领导", "整改时限", "状态", "已拖时间"]
    rows = [
        [each.item.number, each.item.finding, each.item.lead_unit, each.item.leader, str(each.item.deadline),
         str(each.item.state_label), each.days]
        for each in shown
    ]  # fmt: skip
    return Grid("最慢的事项", headings, rows, [2, 6, 2, 1.4, 2, 1.4, 1.6], frozen=1)
