"""The screens of a meeting on the wall: one thought each, as much as can be read at six metres."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.core.i18n import gettext as _
from tracker.meetings.pages import UnitBlock, View

ITEMS, UNITS, WAITS = 3, 10, 6


@dataclass(frozen=True)
class Screen:
    """A screen: its kind (also its template), what it is called, what stands on it, and which of several it is.

    ``unit`` is the number that leads to the unit of a screen, from 1; 0 for the others.
    """

    kind: str
    title: str
    rows: list[Any]
    unit: int = 0
    block: UnitBlock | None = None
    part: int = 1
    parts: int = 1


def screens(view: View) -> list[Screen]:
    """All screens in the order of the meeting: the whole, the units, each unit, the last decisions, what waits."""
    found = [Screen("whole", view.frozen.title, [])]
    found += _split("units", _("各单位"), view.units, UNITS)
    for nth, block in enumerate(view.units_behind, 1):
        found += _split("unit", block.name, block.rows, ITEMS, unit=nth, block=block)
    found += _split("last", _("上次会议议定事项"), view.last, WAITS)
    found += _split("waiting", _("待研究的申请"), list(view.waits), WAITS)
    return found


def _split(kind: str, title: str, rows: list[Any], size: int, **told: Any) -> Iterator[Screen]:
    parts = -(-len(rows) // size)
    for part in range(parts):
        yield Screen(kind, title, rows[part * size : (part + 1) * size], part=part + 1, parts=parts, **told)
