"""What the pages of measures and second looks show: every number with the address of what it counts."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask import url_for

from tracker.core.i18n import gettext as _
from tracker.figures.others import OF_LOOKS, OF_MEASURES, OTHER_DEFINITIONS, Looks, Measures, OtherFigure
from tracker.figures.pages import NOBODY, Shown
from tracker.figures.queries import OtherRow
from tracker.figures.questions import UNNAMED
from tracker.figures.rules import Breakdown, Rate
from tracker.figures.wording import print_day
from tracker.reinspections.rules import LOOK_LABELS


class ShownBox(NamedTuple):
    """Figures that are counted alike, and the 口径 of their rate."""

    title: str
    note: str
    figures: list[Shown]
    sentence: str


def of_measures(found: Measures, address: Mapping[str, Any], decimals: int) -> ShownBox:
    """The figures counted by measures."""
    figures = [_shown(name, found, address, decimals) for name in OF_MEASURES]
    sentences = (OTHER_DEFINITIONS[name].sentence for name in (OtherFigure.MEASURES, OtherFigure.MEASURES_RATE))
    return ShownBox(_("按措施统计"), _("单位：条"), figures, "".join(map(str, sentences)))


def of_looks(found: Looks, address: Mapping[str, Any], decimals: int) -> ShownBox:
    """The figures counted by second looks."""
    figures = [_shown(name, found, address, decimals) for name in OF_LOOKS]
    sentence = str(OTHER_DEFINITIONS[OtherFigure.REBOUND_RATE].sentence)
    return ShownBox(_("按回头看统计"), _("单位：件次"), figures, sentence)


def _shown(name: OtherFigure, found: Measures | Looks, address: Mapping[str, Any], decimals: int) -> Shown:
    value = getattr(found, name)
    printed = value.printed(decimals) if isinstance(value, Rate) else value
    url = url_for("figures.other_items", figure=name.value, **address) if printed else ""
    return Shown(OTHER_DEFINITIONS[name].label, printed, url)


class ShownRow(NamedTuple):
    """A unit or source: its name leads to the same page for it alone, every number to what it counts."""

    label: str
    url: str
    figures: list[Shown]


ROW_FIGURES = (
    *(OtherFigure.MEASURES, OtherFigure.MEASURES_DONE, OtherFigure.MEASURES_OVERDUE, OtherFigure.MEASURES_RATE),
    *OF_LOOKS,
)


def rows_of(found: Iterable[OtherRow], by: Breakdown, address: Mapping[str, Any], decimals: int) -> list[ShownRow]:
    """The rows of the table; where nothing is named there is nothing to narrow to."""
    return [_row(each, by, address, decimals) for each in found]


def _row(row: OtherRow, by: Breakdown, address: Mapping[str, Any], decimals: int) -> ShownRow:
    group = {**address, "by": by.value, "of": str(row.id or NOBODY)}
    figures = [_shown(name, row.looks if name in OF_LOOKS else row.measures, group, decimals) for name in ROW_FIGURES]
    url = url_for("figures.others", **{**address, by.value: str(row.id)}) if row.id is not None else ""
    return ShownRow(row.name or str(UNNAMED[by]), url, figures)


class CountedRow(NamedTuple):
    """A measure or a second look in a list: its day, and when it was done or what was found."""

    number: str
    text: str
    unit: str
    when: str
    what: object


def headings(figure: OtherFigure) -> tuple[str, str, str]:
    """What the columns of the text, of the day and of the result are called."""
    if figure in OF_LOOKS:
        return _("具体问题"), _("回头看日期"), _("结果")
    return _("整改措施"), _("措施时限"), _("完成日期")


def listed(rows: Iterable[Any]) -> list[CountedRow]:
    """Rows of ``queries.select_measures`` or ``queries.select_looks`` for a page."""
    return [_look(row) if hasattr(row, "inspected_on") else _measure(row) for row in rows]


def _look(row: Any) -> CountedRow:
    return CountedRow(row.number, row.text, row.unit or "", print_day(row.inspected_on), LOOK_LABELS[row.state])


def _measure(row: Any) -> CountedRow:
    due, done = (print_day(day) if day else "—" for day in (row.due_on, row.done_on))
    return CountedRow(row.number, row.text, row.unit or "", due, done)
