"""What a ledger says, item by item, and what is wrong with which cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.intake.rules.ledger.columns import Heading
from tracker.items.headings import Field
from tracker.items.rules import Deadline, OwnWord


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell: its sheet, row and column as the program shows them, and what to do.

    ``column`` is empty when the whole row is meant, ``row`` 0 when the sheet is.
    """

    sheet: str
    row: int
    column: str
    message: object


@dataclass(frozen=True)
class Skipped:
    """A row that is no item, and why."""

    sheet: str
    row: int
    text: str
    why: object


@dataclass(frozen=True)
class Title:
    """A heading of the outline with the number in front of it."""

    number: str
    words: str


@dataclass(frozen=True)
class LedgerItem:
    """One item of a ledger. ``cells`` holds the words of each column the ledger has, as printed; empty ones too.

    ``number`` is the item's own, else its place as printed. ``deadline`` is None when there is none or it has a fault.
    """

    sheet: str
    row: int
    number: str
    titles: Sequence[Title]
    finding: str
    cells: Mapping[Field, str]
    measures: Sequence[str] = ()
    supporting_units: Sequence[str] = ()
    deadline: Deadline | None = None
    own_word: OwnWord = OwnWord.NONE
    closed: bool = False
    closed_on: date | None = None
    progress: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The titles above, a missing level left out."""
        return tuple(title.words for title in self.titles)

    def words(self, wanted: Field) -> str:
        """The words of a column; empty when the ledger has none."""
        return self.cells.get(wanted, "")


@dataclass(frozen=True)
class LedgerReading:
    """All sheets of a ledger; ``rows`` are the numbers of every row an item was read from, by sheet and first row."""

    items: Sequence[LedgerItem]
    faults: Sequence[Fault]
    skipped: Sequence[Skipped]
    warnings: Sequence[object]
    headings: Sequence[Heading] = field(default=())

    @property
    def bad_rows(self) -> set[tuple[str, int]]:
        """The rows with a fault."""
        return {(fault.sheet, fault.row) for fault in self.faults}
