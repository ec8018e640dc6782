"""A plan as data: what a page shows of it, and all that it would write."""

from typing import Any

from tracker.intake.operations.ledger.plan import LedgerPlan, PlannedRow, RowKind
from tracker.items.headings import SETTABLE, Field
from tracker.items.rules import State

# A page shows so many rows of each kind; the workbook of errors holds them all.
SHOWN = 200


def plan_as_data(plan: LedgerPlan) -> dict[str, Any]:
    """Counts, rows, faults and names for the page; ``writes`` tells all that would be written, with versions."""
    reading = plan.reading
    return {
        "counts": plan.counts,
        "source": plan.source.number if plan.source is not None else None,
        "warnings": [str(warning) for warning in reading.warnings],
        "unknown": list(dict.fromkeys(column.words for heading in reading.headings for column in heading.unknown)),
        "new_units": {name: list(near) for name, near in plan.new_units.items()},
        "new_people": plan.new_people,
        "faults": [
            {"sheet": fault.sheet, "row": fault.row, "column": fault.column, "message": str(fault.message)}
            for fault in sorted(plan.faults, key=lambda fault: (fault.sheet, fault.row, fault.column))[:SHOWN]
        ],
        "fault_count": len(plan.faults),
        "skipped": [
            {"sheet": row.sheet, "row": row.row, "text": row.text, "why": str(row.why)}
            for row in reading.skipped[:SHOWN]
        ],
        "changed": [_changed(row) for row in plan.of_kind(RowKind.CHANGED)[:SHOWN]],
        "new": [_new(row) for row in plan.of_kind(RowKind.NEW)[:SHOWN]],
        "has_closed": any(row.row.closed for row in plan.of_kind(RowKind.NEW)),
        "has_undated": any(row.row.closed and row.row.closed_on is None for row in plan.of_kind(RowKind.NEW)),
        "has_issued": any(_is_issued(row) for row in plan.of_kind(RowKind.CHANGED)),
        "writes": [_written(row) for row in plan.rows if row.kind in (RowKind.NEW, RowKind.CHANGED)],
    }


def _is_issued(planned: PlannedRow) -> bool:
    """Whether a row changes what is changed by request by now."""
    asked = {*SETTABLE, Field.MEASURES} - {Field.CAUSE, Field.REMARK}
    return planned.item is not None and planned.item.state is not State.DRAFT and bool(asked & set(planned.changes))


def _changed(planned: PlannedRow) -> dict[str, Any]:
    return {
        "row": planned.row.row,
        "number": planned.item.number if planned.item else "",
        "finding": planned.row.finding,
        "changes": [
            {"field": field.value, "before": change.before, "after": change.after}
            for field, change in planned.changes.items()
        ],
    }


def _new(planned: PlannedRow) -> dict[str, Any]:
    row = planned.row
    return {
        "row": row.row,
        "number": row.number,
        "path": list(row.path),
        "finding": row.finding,
        "measures": len(row.measures),
        "lead_unit": row.words(Field.LEAD_UNIT),
        "owner": row.words(Field.OWNER),
        "deadline": row.words(Field.DEADLINE),
        "due_on": row.deadline.due_on.isoformat() if row.deadline and row.deadline.due_on else "",
        "closed": row.closed,
    }


def _written(planned: PlannedRow) -> list[Any]:
    if planned.item is None:
        return [planned.row.sheet, planned.row.row, planned.row.finding]
    return [planned.item.number, planned.item.version, sorted(field.value for field in planned.changes)]
