"""From a ledger that came in to new and changed items, by way of a plan that a person sees first."""

from tracker.intake.operations.ledger.carrying_out import CarriedOut, carry_out_ledger
from tracker.intake.operations.ledger.drafts import (
    begin_ledger,
    carry_out_draft,
    choices_of,
    choose,
    discard_ledger,
    get_own,
    keep_plan,
    plan_of,
    queue,
    size_bytes,
)
from tracker.intake.operations.ledger.marking import marked_workbook
from tracker.intake.operations.ledger.plan import Change, Choices, LedgerPlan, PlannedRow, RowKind
from tracker.intake.operations.ledger.planning import plan_ledger
from tracker.intake.operations.ledger.receiving import Table, is_table, kept_table, read_sheets, receive_table
from tracker.intake.operations.ledger.target import target
from tracker.intake.operations.ledger.telling import plan_as_data

__all__ = [
    "CarriedOut",
    "Change",
    "Choices",
    "LedgerPlan",
    "PlannedRow",
    "RowKind",
    "Table",
    "begin_ledger",
    "carry_out_draft",
    "carry_out_ledger",
    "choices_of",
    "choose",
    "discard_ledger",
    "get_own",
    "is_table",
    "keep_plan",
    "kept_table",
    "marked_workbook",
    "plan_as_data",
    "plan_ledger",
    "plan_of",
    "queue",
    "read_sheets",
    "receive_table",
    "size_bytes",
    "target",
]
