"""Items behind a figure as a page lists them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from tracker.core.i18n import gettext as _
from tracker.figures.wording import print_deadline
from tracker.items.rules import STATE_LABELS, Light, light


class ListedItem(NamedTuple):
    """An item behind a figure, as it was on the day."""

    number: str
    finding: str
    lead_unit: str
    leader: str
    deadline: object
    state: str
    state_label: object
    light: "ShownLight"


class ShownLight(NamedTuple):
    """A light with its word."""

    code: str
    words: object


def listed(rows: Iterable[Any], as_of: date) -> list[ListedItem]:
    """Rows of ``queries.select_items`` for a page."""
    return [
        ListedItem(
            row.number,
            row.finding,
            row.lead_unit or "",
            row.leader or "",
            print_deadline(row.deadline_kind, row.due_on),
            row.state.value,
            STATE_LABELS[row.state],
            _light(row, as_of),
        )
        for row in rows
    ]


def _light(row: Any, as_of: date) -> ShownLight:
    code = light(row.state, row.due_on, as_of)
    if code is Light.LATE:
        return ShownLight(code.value, _("逾期%(n)d天", n=(as_of - row.due_on).days))
    if code is Light.NEAR:
        return ShownLight(code.value, _("还剩%(n)d天", n=(row.due_on - as_of).days))
    words = {Light.OK: _("正常"), Light.CLOSED: _("已销号")}
    return ShownLight(code.value, words[code]) if code else ShownLight("", "")
