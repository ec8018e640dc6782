"""The rows of a breakdown as bars of their closure rates; units are sorted by rate, few items counted apart."""

from collections.abc import Sequence

from tracker.core.i18n import gettext as _
from tracker.figures.pages import INDENT, Line, Overview
from tracker.office.charts import Bar, Spec, rate_bars
from tracker.office.xlsx_writing import Grid

# A picture with more bars than these is read by nobody, and may be too high to be drawn.
MOST_BARS = 60
HEADINGS = ("反馈总数", "已销号", "销号率", "整改完成率", "逾期", "临近时限", "核减", "备注")


def chart(shown: Overview) -> Spec:
    """The closure rate of each row that counts anything, in the order of the table; of very many only the first."""
    bars = [_bar(line) for line in shown.lines if line.closure.printed]
    axis = _("销号率（%）") if len(bars) <= MOST_BARS else _("销号率（%%），图中为表的前%(n)d行", n=MOST_BARS)
    return rate_bars(bars[:MOST_BARS], title="", axis=str(axis))


def _bar(line: Line) -> Bar:
    words = f"{line.closure.printed}　{line.closure.quotient}"
    if line.is_small:
        words = f"{words}　{_('样本少')}"
    return Bar(str(line.label).strip(INDENT), line.closure.percent, words, line.is_small)


def grid(shown: Overview) -> Grid:
    """The table as a sheet."""
    rows = [_row(line) for line in shown.lines]
    whole = (shown.large["total"].value, shown.large["closed"].value, shown.closure.printed or "—")
    total = "反馈总数{}，已销号{}，销号率{}".format(*whole)
    headings = [str(shown.heading), *HEADINGS]
    return Grid(
        str(shown.title), headings, rows, [4, 1.4, 1.4, 1.6, 1.6, 1.4, 1.4, 1.4, 2], sum=("合计", total), frozen=1
    )


def _row(line: Line) -> Sequence[str | int]:
    counts = [int(str(line.counts[name].value)) for name in ("total", "closed", "overdue", "due_soon", "withdrawn")]
    rates = [line.closure.printed or "—", line.completion.printed or "—"]
    return [str(line.label), *counts[:2], *rates, *counts[2:], "样本少" if line.is_small else ""]
