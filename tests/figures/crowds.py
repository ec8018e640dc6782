"""Many items at once, written as rows: for figures that need hundreds."""

from collections.abc import Mapping
from datetime import date
from itertools import chain, repeat
from typing import Any

from sqlalchemy import insert

from tracker.core import clock
from tracker.core.db import FOREVER, FOREVER_DAY, db
from tracker.items.models import Item, ItemChange
from tracker.items.rules import Event, ItemKind, OwnWord, State
from tracker.org.models import Unit
from tracker.sources.models import Source
from tracker.sources.rules import item_number


def a_crowd(
    source: Source, counts: Mapping[State, int], *, lead_unit: Unit | None = None, on: date, **values: Any
) -> None:
    """So many items in each state since a day, each by one change, with numbers after the source's last."""
    session = db.session()
    states = list(chain.from_iterable(repeat(state, times) for state, times in counts.items()))
    usual = {"own_word": OwnWord.NONE, "kind": ItemKind.PROBLEM, "lead_unit_id": lead_unit and lead_unit.id, **values}
    rows = [
        usual
        | {"id": source.id * 10_000 + serial, "source_id": source.id, "state": state}
        | {"closed_on": on if state is State.CLOSED else None}
        for serial, state in enumerate(states, source.last_serial + 1)
    ]
    source.last_serial += len(states)
    session.flush()
    numbers = [item_number(source.number, row["id"] % 10_000) for row in rows]
    session.execute(
        insert(Item),
        [
            row | {"number": number, "finding": f"问题{number}", "changed_on": on, "changes": 1}
            for row, number in zip(rows, numbers, strict=True)
        ],
    )
    change = {"serial": 1, "event": Event.DRAW_UP, "effective_on": on, "recorded_at": clock.now()}
    change |= {"until": FOREVER_DAY, "superseded_at": FOREVER}
    told = [
        change | {"item_id": row["id"]} | {name: value for name, value in row.items() if name != "id"} for row in rows
    ]
    session.execute(insert(ItemChange), told)
