"""A ledger's reading in the shape that ``intake read --json`` prints."""

from datetime import date, timedelta
from typing import Any

from tracker.intake.rules.ledger.rows import LedgerItem, LedgerReading
from tracker.items.headings import Field
from tracker.items.rules import Deadline, DeadlineKind


def as_json(reading: LedgerReading, *, received_on: date | None = None, at_once_days: int = 15) -> dict[str, Any]:
    """Items, errors and all that was left out; counts are of different titles and of items.

    With ``received_on`` an item to be put right at once is due ``at_once_days`` later.
    """
    at_once = received_on + timedelta(days=at_once_days) if received_on else None
    placed = [(item.path, len(item.path) > 1, _has_categories_alone(item)) for item in reading.items if item.path]
    aspects = {path[0] for path, is_deep, is_category in placed if is_deep or not is_category}
    categories = {path for path, is_deep, is_category in placed if is_deep or is_category}
    counted = {"aspects": len(aspects), "categories": len(categories), "problems": len(reading.items)}
    return {
        "declared": {"aspects": None, "categories": None, "problems": None},
        "counted": counted,
        "problems": [{"number": item.number, "path": list(item.path), "text": item.finding} for item in reading.items],
        "items": [_item(item, at_once) for item in reading.items],
        "ignored": [{"text": row.text, "why": str(row.why)} for row in reading.skipped],
        "errors": [
            {"sheet": fault.sheet, "row": fault.row, "column": fault.column, "message": str(fault.message)}
            for fault in reading.faults
        ],
        "warnings": [str(warning) for warning in reading.warnings],
    }


def _has_categories_alone(item: LedgerItem) -> bool:
    """Whether the ledger's only headings are those of a column of categories."""
    return Field.CATEGORY in item.cells and Field.ASPECT not in item.cells


def _item(item: LedgerItem, at_once: date | None) -> dict[str, Any]:
    return {
        "number": item.number,
        "path": list(item.path),
        "text": item.finding,
        "measures": list(item.measures),
        "leader": item.words(Field.LEADER),
        "lead_unit": item.words(Field.LEAD_UNIT),
        "supporting_units": list(item.supporting_units),
        "owner": item.words(Field.OWNER),
        "deadline": _deadline(item.deadline, item.words(Field.DEADLINE), at_once),
        "own_word": item.own_word.value,
        "closed": item.closed,
        "row": item.row,
    }


def _deadline(deadline: Deadline | None, words: str, at_once: date | None) -> dict[str, Any]:
    if deadline is None:
        return {"kind": None, "then_sustained": False, "due_on": None, "text": words}
    due_on = deadline.due_on or (at_once if deadline.kind is DeadlineKind.AT_ONCE else None)
    return {
        "kind": deadline.kind.value,
        "then_sustained": deadline.then_sustained,
        "due_on": due_on.isoformat() if due_on else None,
        "text": deadline.text or words,
    }
