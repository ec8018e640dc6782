"""How long the open items have been open."""

from tracker.core.i18n import gettext as _
from tracker.figures.pages import Overview
from tracker.office.charts import Bar, Spec, count_bars
from tracker.office.filling import Cell
from tracker.office.xlsx_writing import Grid


def chart(shown: Overview) -> Spec:
    """The open items by the days since their feedback."""
    bars = [Bar(str(each.label), int(str(each.value)), str(each.value)) for each in shown.ages]
    return count_bars(bars, title="", axis=str(_("未销号（个）")))


def grid(shown: Overview) -> Grid:
    """The same as a sheet."""
    rows: list[list[Cell]] = [[str(each.label), int(str(each.value))] for each in shown.ages]
    return Grid("未销号事项的时间", ["时间", "未销号"], rows, [3, 1], sum=("合计", f"未销号{shown.whole.open}"))
