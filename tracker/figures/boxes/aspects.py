"""Aspects by units: in each cell how many items are closed of how many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for

from tracker.figures.pages import NOBODY
from tracker.figures.queries import Cell
from tracker.figures.questions import UNNAMED
from tracker.figures.rules import Breakdown, FigureName
from tracker.office.xlsx_writing import Grid


class ShownCell(NamedTuple):
    """Closed and total of a cell, and where its items are."""

    closed: int
    total: int
    url: str

    @property
    def words(self) -> str:
        """3/8."""
        return f"{self.closed}/{self.total}"


class Aspect(NamedTuple):
    """A row: the aspect, the number of its source, a cell for each unit (None where it has no item), and its sum."""

    label: str
    source: str
    cells: Sequence[ShownCell | None]
    sum: ShownCell


@dataclass(frozen=True)
class Matrix:
    """The whole table; ``units`` are the names of its columns, ``sums`` their sums."""

    units: Sequence[str]
    rows: Sequence[Aspect]
    sums: Sequence[ShownCell]


def matrix(cells: Iterable[Cell], args: Mapping[str, Any]) -> Matrix:
    """The table of what ``queries.list_cells`` found; ``args`` is the question as an address."""
    found = list(cells)
    held = {(cell.aspect_id, cell.unit_id): cell for cell in found}
    aspects = {cell.aspect_id: cell for cell in found}
    by_aspect, by_unit = defaultdict[int | None, list[Cell]](list), defaultdict[int | None, list[Cell]](list)
    for cell in found:
        by_aspect[cell.aspect_id].append(cell)
        by_unit[cell.unit_id].append(cell)
    in_tree = sorted(found, key=lambda cell: (cell.path is None, cell.path))
    units = {cell.unit_id: cell.unit or str(UNNAMED[Breakdown.UNIT]) for cell in in_tree}
    rows = [
        Aspect(
            cell.aspect or str(UNNAMED[Breakdown.ASPECT]),
            cell.source or "",
            [_shown(held.get((aspect, unit)), args) for unit in units],
            _sum(by_aspect[aspect], Breakdown.ASPECT, aspect, args),
        )
        for aspect, cell in aspects.items()
    ]
    sums = [_sum(by_unit[unit], Breakdown.UNIT, unit, args) for unit in units]
    return Matrix(list(units.values()), rows, sums)


def _shown(cell: Cell | None, args: Mapping[str, Any]) -> ShownCell | None:
    if cell is None:
        return None
    also = {"also": Breakdown.ASPECT.value, "also_of": str(cell.aspect_id or NOBODY)}
    return ShownCell(cell.closed, cell.total, _url(args, Breakdown.UNIT, cell.unit_id, **also))


def _sum(cells: Sequence[Cell], by: Breakdown, of: int | None, args: Mapping[str, Any]) -> ShownCell:
    closed, total = (sum(getattr(cell, name) for cell in cells) for name in ("closed", "total"))
    return ShownCell(closed, total, _url(args, by, of))


def _url(args: Mapping[str, Any], by: Breakdown, of: int | None, **also: str) -> str:
    group = {"figure": FigureName.TOTAL.value, "by": by.value, "of": str(of or NOBODY), **also}
    return url_for("figures.items", **{**args, **group})


def grid(table: Matrix) -> Grid:
    """The same as a sheet."""
    headings = ["方面", "来源", *table.units, "合计"]
    rows = [
        [row.label, row.source, *(cell.words if cell else "" for cell in row.cells), row.sum.words]
        for row in table.rows
    ]
    whole = [sum(getattr(row.sum, name) for row in table.rows) for name in ("closed", "total")]
    sums = ["合计", "", *(each.words for each in table.sums), "{}/{}".format(*whole)]
    widths = [4.0, 2.0, *([1.2] * len(table.units)), 1.2]
    return Grid("方面和单位", headings, [*rows, sums] if rows else [], widths, frozen=1)
