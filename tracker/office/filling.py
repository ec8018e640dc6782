"""What fillers of blank forms are told: where the rows go, and what to write into the words around them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Space:
    """Where a blank form takes its rows.

    ``sheet`` is the name of a sheet, for a Word file that of its table. ``first`` to ``last`` are the rows, counted
    from 1, that are there to be written over; more are put in where they do not suffice. ``columns`` are the numbers,
    from 1, in which the cells of a row belong; ``merged`` those of them in which equal cells below each other are one.
    """

    sheet: str
    first: int
    last: int
    columns: Sequence[int]
    merged: Collection[int] = ()

    @property
    def size(self) -> int:
        """How many rows there are room for."""
        return self.last - self.first + 1


class Change(NamedTuple):
    """The signs from ``start`` to ``end`` of a text, and what stands there instead."""

    start: int
    end: int
    text: str


# The blanks of a text, in order and apart from each other.
Words = Callable[[str], Sequence[Change]]


def changed(text: str, changes: Sequence[Change]) -> str:
    """The text with its blanks filled in."""
    for change in reversed(changes):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def runs_of_equal(rows: Sequence[Sequence[Cell]], merged: Sequence[int]) -> dict[tuple[int, int], int]:
    """How many rows the cells of merged places reach down, by row and place; 0 for one that is part of another.

    A cell reaches no further than the merged cell to its left; empty ones stay apart.
    """
    found: dict[tuple[int, int], int] = {}
    for depth, place in enumerate(merged):
        before = merged[: depth + 1]
        start = 0
        for _key, run in groupby(rows, key=lambda row: [row[each] for each in before]):
            size = len(list(run))
            if rows[start][place]:
                for offset in range(size):
                    found[start + offset, place] = 0 if offset else size
            start += size
    return found
