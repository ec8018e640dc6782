"""What every reader of tables gives back: sheets of rows, with the areas whose cells are merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Value = str | int | float | bool | date | datetime | time | timedelta | None

ROWS_LIMIT = 20_000
COLUMNS_LIMIT = 200


@dataclass(frozen=True)
class Area:
    """Merged cells, from the upper left to the lower right one; rows and columns count from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Row:
    """A row with something in it; ``number`` counts from 1 as the program shows it, ``cells`` begin in column A."""

    number: int
    cells: Sequence[Value]

    def value(self, column: int) -> Value:
        """The cell of a column, counted from 1; None beyond the last one."""
        return self.cells[column - 1] if column <= len(self.cells) else None


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows that hold anything, in order, and its merged areas.

    ``uncounted`` are cells (row, column) with a formula whose result was never stored. ``above`` are the lines between
    the table before and this one where the table stands in a text, None where it does not.
    """

    name: str
    rows: Sequence[Row]
    merged: Sequence[Area] = ()
    uncounted: Sequence[tuple[int, int]] = ()
    is_hidden: bool = False
    above: Sequence[str] | None = None
    by_number: Mapping[int, Row] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_number", {row.number: row for row in self.rows})


def letters(column: int) -> str:
    """A column's letters: 1 is A, 28 is AB."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
