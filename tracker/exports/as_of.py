"""Printed rows as they stood on a past day: what a change says of an item in place of what it says today."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from tracker.exports.rows import PrintRow
from tracker.items.models import ItemChange
from tracker.org.models import Person, Unit

# What a change carries of its item, by the same name.
CARRIED = ("state", "own_word", "deadline_kind", "due_on", "first_due_on", "closed_on", "confirmed_on")
PEOPLE = ("leader", "supervisor", "owner", "handler")


def people_of(change: ItemChange) -> set[int | None]:
    """The people a change names, by id."""
    return {getattr(change, f"{name}_id") for name in PEOPLE}


def as_it_stood(
    session: Session,
    row: PrintRow,
    change: ItemChange,
    *,
    units: Mapping[int, Unit],
    people: Mapping[int, Person],
    day: date,
) -> PrintRow:
    """The row with its item as the change has it, and nothing done after the day; taken out of the session."""
    item = row.item
    for each in (item, *row.measures):
        if each in session:
            session.expunge(each)
    is_same_deadline = (item.deadline_kind, item.due_on) == (change.deadline_kind, change.due_on)
    told: dict[str, Any] = {name: getattr(change, name) for name in CARRIED}
    told |= {name: people.get(getattr(change, f"{name}_id") or 0) for name in PEOPLE}
    told["lead_unit"] = units.get(change.lead_unit_id or 0)
    if not is_same_deadline:
        # The words of a deadline are kept for the present one alone.
        told |= {"due_text": "", "then_sustained": False, "extensions": 0}
    is_accepted = item.accepted_on is not None and item.accepted_on <= day
    if not is_accepted:
        told["accepted_on"] = None
    _set(item, told)
    for measure in row.measures:
        if measure.done_on is not None and measure.done_on > day:
            _set(measure, {"done_on": None})
    return replace(row, accepted_by=row.accepted_by if is_accepted else "")


def _set(row: Any, told: Mapping[str, Any]) -> None:
    """Set what was loaded; nothing of it is ever written."""
    for name, value in told.items():
        set_committed_value(row, name, value)
