"""A list as a table of texts: headings, rows with merged cells, and the sum below."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from tracker.exports.columns import COLUMNS, Column
from tracker.exports.rows import PrintRow
from tracker.items.lists import ListName
from tracker.items.rules import State


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
    columns = COLUMNS[name]
    texts = [[column.value(row) for column in columns] for row in rows]
    heights = _heights(columns, texts)
    cells = [
        [Cell(text, height) for text, height in zip(row, below, strict=True) if height]
        for row, below in zip(texts, heights, strict=True)
    ]
    return Table(columns, cells, sum_of(name, rows))


def _heights(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> list[list[int]]:
    """How far each cell reaches down; 0 for one that is part of the cell above.

    A cell is never merged beyond a merged cell before it: a category ends with its aspect.
    """
    heights = [[1] * len(columns) for _row in texts]
    merged = [place for place, column in enumerate(columns) if column.is_merged]
    for depth, place in enumerate(merged):
        before = merged[: depth + 1]
        start = 0
        for _key, run in groupby(texts, key=lambda row: [row[each] for each in before]):
            size = len(list(run))
            if texts[start][place]:
                for offset in range(size):
                    heights[start + offset][place] = 0 if offset else size
            start += size
    return heights


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
