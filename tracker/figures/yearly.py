"""What the page of a year shows and its workbook holds: every number with the address of its items."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for

from tracker.core.i18n import gettext as _
from tracker.figures.counted import ShownRow
from tracker.figures.pages import NOBODY, Shown
from tracker.figures.queries import YearRow
from tracker.figures.questions import COUNTING_SENTENCES, ROW_LABELS, UNNAMED, Question
from tracker.figures.rules import Breakdown
from tracker.figures.years import YEAR_DEFINITIONS, YearFigure, YearTally
from tracker.office.filling import Cell
from tracker.office.xlsx_writing import Grid

TOLD = (YearFigure.CARRIED_OVER, YearFigure.NEW_IN_YEAR, YearFigure.DUE_IN_YEAR, YearFigure.WITHDRAWN_IN_YEAR)
TITLE = "上年结转和本年应整改"


def shown(name: YearFigure, tally: YearTally, address: Mapping[str, Any]) -> Shown:
    """A count with the address of exactly its items, if there are any."""
    value = getattr(tally, name.value)
    url = url_for("figures.year_items", figure=name.value, **address) if value else ""
    return Shown(YEAR_DEFINITIONS[name].label, value, url)


def rows_of(found: Iterable[YearRow], by: Breakdown, address: Mapping[str, Any]) -> list[ShownRow]:
    """The rows of the table; the name leads to the same page for the row alone."""
    return [_row(each, by, address) for each in found]


def _row(row: YearRow, by: Breakdown, address: Mapping[str, Any]) -> ShownRow:
    group = {**address, "by": by.value, "of": str(row.id or NOBODY)}
    url = url_for("figures.carry_over", **{**address, by.value: str(row.id)}) if row.id is not None else ""
    return ShownRow(row.name or str(UNNAMED[by]), url, [shown(name, row.tally, group) for name in YearFigure])


def definition(question: Question) -> str:
    """The 口径 printed under the figures."""
    sentences = [f"{YEAR_DEFINITIONS[name].label}：{YEAR_DEFINITIONS[name].sentence}" for name in TOLD]
    placed = _("单位、来源以统计截止日为准。")
    return "".join((*sentences, str(COUNTING_SENTENCES[question.counting]), str(placed)))


def grid(whole: YearTally, rows: Iterable[ShownRow], by: Breakdown) -> Grid:
    """The table as a sheet, the sum below it."""
    labels = [str(YEAR_DEFINITIONS[name].label) for name in YearFigure]
    cells: list[list[Cell]] = [[row.label, *(int(str(each.value)) for each in row.figures)] for row in rows]
    total = "，".join(f"{label}{count}" for label, count in zip(labels, whole, strict=True))
    return Grid(TITLE, [str(ROW_LABELS[by]), *labels], cells, [4, *[1.6] * len(labels)], sum=("合计", total), frozen=1)
