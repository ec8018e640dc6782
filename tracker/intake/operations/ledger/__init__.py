"""From a ledger that came in to new and changed items, by way of a plan that a person sees first."""

from tracker.intake.operations.ledger.carrying_out import CarriedOut, carry_out_ledger
from tracker.intake.operations.ledger.plan import Change, Choices, LedgerPlan, PlannedRow, RowKind
from tracker.intake.operations.ledger.planning import plan_ledger
from tracker.intake.operations.ledger.receiving import Table, is_table, kept_table, read_sheets, receive_table
from tracker.intake.operations.ledger.target import target

__all__ = [
    "CarriedOut",
    "Change",
    "Choices",
    "LedgerPlan",
    "PlannedRow",
    "RowKind",
    "Table",
    "carry_out_ledger",
    "is_table",
    "kept_table",
    "plan_ledger",
    "read_sheets",
    "receive_table",
    "target",
]
