"""The reader of ledgers: pure functions from the sheets of a workbook to rows that say what each item is."""

from tracker.intake.rules.ledger.base import Base, read_base
from tracker.intake.rules.ledger.columns import Column, Heading
from tracker.intake.rules.ledger.headings import Mapped
from tracker.intake.rules.ledger.outcome import as_json
from tracker.intake.rules.ledger.reading import read_ledger
from tracker.intake.rules.ledger.rows import Fault, LedgerItem, LedgerReading, Skipped
from tracker.intake.rules.ledger.texts import is_ledger_text

__all__ = [
    "Base",
    "Column",
    "Fault",
    "Heading",
    "LedgerItem",
    "LedgerReading",
    "Mapped",
    "Skipped",
    "as_json",
    "is_ledger_text",
    "read_base",
    "read_ledger",
]
