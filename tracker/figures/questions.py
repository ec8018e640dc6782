"""What a table of figures is asked: of which day, as known when, about which items."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.figures.rules import Breakdown
from tracker.items.rules import ItemKind


class Counting(StrEnum):
    """Whether a problem given to many units counts once (个问题) or once for each of them (个分项); never both."""

    WHOLES = "wholes"
    PARTS = "parts"


@dataclass(frozen=True)
class Question:
    """Which items are counted; empty fields do not narrow. ``unit_id`` includes everything below the unit.

    ``known_at`` None means all that is known now.
    """

    as_of: date
    known_at: datetime | None = None
    source_ids: Collection[int] = ()
    unit_id: int | None = None
    kind: ItemKind | None = None
    counting: Counting = Counting.WHOLES


@dataclass(frozen=True)
class Group:
    """One row of a breakdown by its id; None stands for the items for which nobody or nothing is named."""

    by: Breakdown
    id: int | None
