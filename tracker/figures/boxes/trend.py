"""The total and the closed ones at the ends of the last months."""

from tracker.figures.definitions import DEFINITIONS
from tracker.figures.rules import FigureName
from tracker.figures.timelines import Timeline
from tracker.office.charts import Spec, trend_lines
from tracker.office.filling import Cell
from tracker.office.xlsx_writing import Grid


def chart(shown: Timeline) -> Spec:
    """Two lines over the months."""
    labels = (str(DEFINITIONS[FigureName.TOTAL].label), str(DEFINITIONS[FigureName.CLOSED].label))
    return trend_lines([(point.day, point.total, point.closed) for point in shown.points], labels)


def grid(shown: Timeline) -> Grid:
    """The same as a sheet, the newest first as on the page."""
    rows: list[list[Cell]] = [
        [point.day, point.total, point.closed, point.closure_rate.printed(shown.decimals) or "—"]
        for point in reversed(shown.points)
    ]
    return Grid("总数和已销号的变化", ["截至", "反馈总数", "已销号", "销号率"], rows, [2, 1, 1, 1])
