"""The tables of a Word document as sheets, like those of a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.office.docx_numbering import BULLET
from tracker.office.sheets import COLUMNS_LIMIT, ROWS_LIMIT, Area, Row, Sheet
from tracker.office.unreadable import Unreadable, UnreadableFile


@dataclass
class _Span:
    """A cell as far as it reaches; rows and columns count from 1."""

    top: int
    left: int
    bottom: int
    right: int


class Grid:
    """One table while it is read, cell by cell. ``above`` are the lines between the table before and this one."""

    def __init__(self, above: Sequence[str]) -> None:
        self.above = tuple(above)
        self._texts: dict[tuple[int, int], list[str]] = {}
        self._spans: dict[tuple[int, int], _Span] = {}
        self._last: _Span | None = None

    def begin(self, row: int, column: int, *, width: int) -> None:
        """A cell begins at a row and column, counted from 0, over so many columns."""
        if row >= ROWS_LIMIT:
            raise UnreadableFile(Unreadable.too_many_rows)
        if column + width > COLUMNS_LIMIT:
            raise UnreadableFile(Unreadable.too_many_columns)
        self._last = _Span(row + 1, column + 1, row + 1, column + width)
        self._spans[row, column] = self._last

    def reach_down(self, row: int, column: int) -> None:
        """The cell above reaches down into this one."""
        above = self._spans.get((row - 1, column))
        if above is not None:
            above.bottom = row + 1
            self._spans[row, column] = above

    def reach_right(self, row: int, column: int, *, width: int) -> None:
        """The cell to the left reaches over to this one."""
        if self._last is not None and (self._last.top, self._last.right) == (row + 1, column):
            self._last.right = column + width

    def write(self, row: int, column: int, number: str, text: str) -> None:
        """One more paragraph in a cell, with its automatic number."""
        words = text if number == BULLET else f"{number}{text}"
        if words:
            self._texts.setdefault((row, column), []).append(words)

    def sheet(self, name: str) -> Sheet:
        """The table with its words; rows are numbered as they stand in it, empty ones too."""
        rows: dict[int, dict[int, str]] = {}
        for (row, column), words in self._texts.items():
            rows.setdefault(row, {})[column] = "\n".join(words)
        merged = {id(span): span for span in self._spans.values()}.values()
        return Sheet(
            name,
            [Row(row + 1, _cells(rows[row])) for row in sorted(rows)],
            merged=[
                Area(span.top, span.left, span.bottom, span.right)
                for span in merged
                if (span.bottom, span.right) != (span.top, span.left)
            ],
            above=self.above,
        )


def _cells(told: dict[int, str]) -> tuple[str | None, ...]:
    return tuple(told.get(column) for column in range(max(told) + 1))
