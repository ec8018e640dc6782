"""A list as a table of texts: headings, rows with merged cells, and the sum below."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.exports.columns import COLUMNS, Column, with_changes
from tracker.exports.rows import PrintRow
from tracker.items.lists import ListName
from tracker.items.rules import State
from tracker.office.filling import runs_of_equal


@dataclass(frozen=True)
class Cell:
    """A cell that reaches ``rows`` rows down."""

    text: str
    rows: int = 1


@dataclass(frozen=True)
class Table:
    """A list ready to be printed: each row holds the cells that begin in it."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    sum: str

    @property
    def headings(self) -> list[str]:
        """The headings in order."""
        return [column.heading for column in self.columns]


def table_of(name: ListName, rows: Sequence[PrintRow]) -> Table:
    """The list with these rows; equal neighbours in merged columns become one cell, as in printed forms."""
    columns = with_changes(COLUMNS[name], rows)
    texts = [[column.value(row) for column in columns] for row in rows]
    heights = runs_of_equal(texts, [place for place, column in enumerate(columns) if column.is_merged])
    cells = [
        [Cell(text, height) for place, text in enumerate(row) if (height := heights.get((at, place), 1))]
        for at, row in enumerate(texts)
    ]
    return Table(columns, cells, sum_of(name, rows))


def sum_of(name: ListName, rows: Sequence[PrintRow]) -> str:
    """The last line: how many problems (or tasks), how many of them closed, and parts on their own."""
    noun = "项任务" if name is ListName.TASKS else "个问题"
    wholes = [row.item for row in rows if row.item.parent_id is None]
    parts = [row.item for row in rows if row.item.parent_id is not None]
    told = [
        f"{len(items)}{word}，已销号{_closed(items)}个" for items, word in ((wholes, noun), (parts, "个分项")) if items
    ]
    return "；".join(told) or f"0{noun}"


def _closed(items: Sequence[object]) -> int:
    return sum(getattr(item, "state", None) is State.CLOSED for item in items)
