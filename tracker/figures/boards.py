"""Boards of units: which get on fast and which lag behind, on and behind schedule, and their ranking.

Plain functions over rows of tallies, for the page and for the papers of meetings alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, NamedTuple, Protocol, TypeVar

from tracker.figures.rules import Tally


class Row(Protocol):
    """A unit with its counts; ``id`` None stands for the items that no unit leads."""

    @property
    def id(self) -> int | None:
        """The unit."""
        ...

    @property
    def tally(self) -> Tally:
        """What is counted of it."""
        ...


R = TypeVar("R", bound=Row)


class Limits(NamedTuple):
    """From which closure rate in percent a unit is fast, below which it lags, with fewer than how many it is small."""

    fast: int = 90
    slow: int = 85
    small: int = 5


@dataclass(frozen=True)
class Placed(Generic[R]):
    """A unit in a ranking: units with the same rate share a rank, and the next one skips as many."""

    rank: int
    row: R


@dataclass(frozen=True)
class Boards(Generic[R]):
    """The boards of some units.

    The small ones are ranked apart and stand on neither board of rates, where one item would decide; whether they are
    on schedule is told of them as of all. ``slow`` begins with the lowest rate, ``behind`` with the most overdue items.
    """

    ranking: Sequence[Placed[R]]
    small: Sequence[Placed[R]]
    fast: Sequence[Placed[R]]
    slow: Sequence[Placed[R]]
    on_schedule: Sequence[R]
    behind: Sequence[R]


def boards_of(rows: Iterable[R], limits: Limits) -> Boards[R]:
    """The boards of units in the order in which they come; who has nothing to be closed has no rank."""
    units = [row for row in rows if row.id is not None and row.tally.total]
    rated = [row for row in units if row.tally.base]
    ranking = _ranked([row for row in rated if row.tally.base >= limits.small])
    fast = [each for each in ranking if _rate(each.row) >= Fraction(limits.fast, 100)]
    slow = [each for each in ranking if each not in fast and _rate(each.row) < Fraction(limits.slow, 100)]
    late = [row for row in units if row.tally.overdue]
    return Boards(
        ranking=ranking,
        small=_ranked([row for row in rated if row.tally.base < limits.small]),
        fast=fast,
        slow=slow[::-1],
        on_schedule=[row for row in units if not row.tally.overdue],
        behind=sorted(late, key=lambda row: row.tally.overdue, reverse=True),
    )


def _ranked(rows: Sequence[R]) -> list[Placed[R]]:
    rates = [_rate(row) for row in rows]
    ordered = sorted(rows, key=_rate, reverse=True)
    return [Placed(1 + sum(other > _rate(row) for other in rates), row) for row in ordered]


def _rate(row: Row) -> Fraction:
    return Fraction(*row.tally.closure_rate)
