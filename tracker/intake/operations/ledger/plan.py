"""What carrying a ledger out would do, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.core.files import StoredFile
from tracker.intake.rules.ledger import Fault, LedgerItem, LedgerReading
from tracker.items.headings import Field
from tracker.items.models import Item
from tracker.items.operations import Approval, approval_of
from tracker.items.rules import State
from tracker.sources.models import Source


class RowKind(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    CONFLICT = "conflict"
    FAULTY = "faulty"


@dataclass(frozen=True)
class Choices:
    """What the person chose for the whole ledger.

    ``state`` is where new items begin: DRAFT, WORKING for a ledger of work that goes on, None to go by what the ledger
    tells. ``closed_on`` is for closed rows without a day. ``names`` maps names of units in the ledger to those meant.
    ``why`` and the paper are for items that were issued already: they change by request.
    """

    creates_missing: bool = False
    only_good: bool = False
    state: State | None = None
    closed_on: date | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    decider: str = ""
    body: str = ""
    paper_on: date | None = None
    scan_sha256: str = ""
    scan_name: str = ""

    @property
    def approval(self) -> Approval:
        """Why issued items are changed, and who approved it; raises DomainError for half a paper."""
        kept = (StoredFile(self.scan_sha256, 0), self.scan_name) if self.scan_sha256 else None
        return approval_of(self.why, decider=self.decider, body=self.body, paper_on=self.paper_on, kept=kept)


@dataclass(frozen=True)
class Change:
    """One cell that would change: the words that stand there and the words in the ledger."""

    before: str
    after: str


@dataclass
class PlannedRow:
    """A row of the ledger and what would become of it; ``item`` is the one it changes, None for a new one."""

    row: LedgerItem
    kind: RowKind
    item: Item | None = None
    changes: dict[Field, Change] = field(default_factory=dict)


@dataclass
class LedgerPlan:
    """All that a ledger would do to a source, or to the items it names when there is no source.

    ``new_units`` maps unknown names of units to known ones that are like them.
    """

    reading: LedgerReading
    source: Source | None
    rows: list[PlannedRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    new_units: dict[str, Sequence[str]] = field(default_factory=dict)
    new_people: list[str] = field(default_factory=list)

    def of_kind(self, kind: RowKind) -> list[PlannedRow]:
        """The rows of which this becomes."""
        return [row for row in self.rows if row.kind is kind]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each kind."""
        return {kind.value: len(self.of_kind(kind)) for kind in RowKind}
