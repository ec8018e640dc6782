"""An item with all that any printed list tells of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.items.headings import Field
from tracker.items.models import Item
from tracker.progress.models import Entry, Measure, Outcome


@dataclass(frozen=True)
class PrintRow:
    """An item of a printed list; ``place`` counts from 1. ``last_entry`` is the report before ``this_entry``.

    ``printed`` is what the plan said as it was issued, of the fields that read otherwise now; ``carrier`` the number of
    the item whose measures and evidence it shares (并案).
    """

    place: int
    item: Item
    accepted_by: str = ""
    supporting: Sequence[str] = ()
    measures: Sequence[Measure] = ()
    this_entry: Entry | None = None
    last_entry: Entry | None = None
    outcomes: Sequence[Outcome] = ()
    evidence: Sequence[str] = ()
    printed: Mapping[Field, str] = field(default_factory=dict)
    carrier: str = ""
