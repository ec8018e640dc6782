"""What a list page is made of: tabs, chips, sorting, groups, rows with their light."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from flask import url_for

from tracker.amendments.queries import printed_from, read_steps
from tracker.amendments.rules import Printed
from tracker.core.i18n import gettext as _
from tracker.core.i18n import ngettext, pgettext
from tracker.desk.queries.lists import ListRow
from tracker.items.addresses import ListAddress
from tracker.items.headings import Field
from tracker.items.lists import VIEW_LABELS, ListName, Order, View
from tracker.items.models import Item
from tracker.items.queries import Heading, Totals
from tracker.items.rules import DEADLINE_LABELS, STATE_LABELS
from tracker.items.wording import ShownLight, deadline_note, deadline_of, light_of, short_date
from tracker.workdays.queries import Left
from tracker.workdays.wording import left_words

# How many columns the template shows of each list.
COLUMNS: Mapping[ListName, int] = {
    ListName.PROBLEMS: 7,
    ListName.RESPONSIBILITY: 8,
    ListName.RECTIFICATION: 9,
    ListName.TASKS: 8,
}

# Tabs that are left out while they are empty.
OCCASIONAL = frozenset({View.MINE, View.DRAFT})


@dataclass(frozen=True)
class Tab:
    """One tab of a list."""

    label: object
    url: str
    is_current: bool
    count: int


class Chip(NamedTuple):
    """A condition of a list, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Line:
    """A row of a list as a page shows it; ``printed`` is what the plan said of what reads otherwise now."""

    row: ListRow
    light: ShownLight | None
    deadline: str
    deadline_note: str
    accepted_on: str
    left: str = ""
    printed: Printed = field(default_factory=dict)

    @property
    def item(self) -> Item:
        """The item itself."""
        return self.row.item

    @property
    def kind(self) -> object:
        """By which kind of deadline it is put right (整改类别)."""
        return DEADLINE_LABELS[self.item.deadline_kind] if self.item.deadline_kind else None

    @property
    def state(self) -> tuple[str, object]:
        """The code and the words of the state's chip."""
        return state_of(self.row)


@dataclass(frozen=True)
class Group:
    """Rows below one heading; no title when the list is not in the order of the outline."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Sorting:
    """Which heading a list is sorted by, and the addresses of the others."""

    address: ListAddress

    def direction(self, key: str) -> str | None:
        """How a heading is sorted now."""
        if self.address.sort != key:
            return None
        return "descending" if self.address.is_descending else "ascending"

    def url(self, key: str) -> str:
        """The address with this heading sorted, the other way round if it is already."""
        turns = self.address.sort == key and not self.address.is_descending and key != Order.NUMBER
        return list_url(self.address, sort=Order(key), is_descending=turns)


def list_url(address: ListAddress, **changes: Any) -> str:
    """The address of the list, changed."""
    args: dict[str, Any] = address.args(**changes)
    return url_for("desk.item_list", **args)


def tabs(address: ListAddress, totals: Totals) -> list[Tab]:
    """The tabs with their counts; the present one is always there."""
    shown = [view for view in View if view not in OCCASIONAL or totals.by_view[view] or view is address.view]
    return [
        Tab(VIEW_LABELS[view], list_url(address, view=view), view is address.view, totals.by_view[view])
        for view in shown
    ]


def chips(address: ListAddress, *, sources: Mapping[int, str], aspects: Mapping[int, str]) -> list[Chip]:
    """The conditions that narrow the list, each with the address without it."""
    found: list[tuple[str, dict[str, Any]]] = []
    if address.source:
        found.append((sources.get(address.source, _("来源")), {"source": None, "aspect": None}))
    if address.aspect:
        found.append((aspects.get(address.aspect, _("方面")), {"aspect": None}))
    if address.unit:
        found.append((_("牵头单位：%(unit)s", unit=address.unit), {"unit": ""}))
    if address.state:
        found.append((_("状态：%(state)s", state=STATE_LABELS[address.state]), {"state": None}))
    if address.due:
        found.append((_("整改时限：%(due)s 以前", due=address.due.rstrip("以前")), {"due": ""}))
    if address.text:
        found.append((_("含“%(text)s”", text=address.text), {"text": ""}))
    return [Chip(label, list_url(address, **without)) for label, without in found]


def groups(
    rows: Sequence[ListRow], address: ListAddress, *, today: date, headings: Mapping[int, Heading]
) -> list[Group]:
    """The rows as a page shows them, below the headings of the outline as long as they come in its order."""
    if address.sort is not Order.NUMBER:
        return [Group("", [line_of(row, today) for row in rows])]
    return [
        Group(_title(next_rows[0].item, headings.get(aspect_id or 0)), [line_of(row, today) for row in next_rows])
        for (_source_id, aspect_id), found in groupby(rows, key=lambda row: (row.item.source_id, aspect_of(row.item)))
        for next_rows in [list(found)]
    ]


def aspect_of(item: Item) -> int | None:
    """The id of the aspect an item stands below; a category alone stands for one."""
    return (item.section.parent_id or item.section.id) if item.section else None


def line_of(row: ListRow, today: date, left: Mapping[date, Left] | None = None) -> Line:
    """A row with its light and deadline in words, and the working days left where they were counted.

    What a deadline was stands below it already.
    """
    item = row.item
    counted = left.get(item.due_on) if left and item.due_on else None
    note, printed = deadline_note(item, today), printed_from(item, read_steps(row.steps))
    return Line(
        row=row,
        light=light_of(item, today),
        deadline=deadline_of(item, today),
        deadline_note=note,
        printed={name: was for name, was in printed.items() if name is not Field.DEADLINE or not note},
        accepted_on=short_date(item.accepted_on, today) if item.accepted_on else "",
        left=left_words(counted) if counted else "",
    )


def state_of(row: ListRow) -> tuple[str, object]:
    """The code and the words of a state's chip; what was sent back says so."""
    if row.is_returned:
        return "returned", pgettext("state", "退回补充整改")
    return row.item.state.value, STATE_LABELS[row.item.state]


def _title(item: Item, heading: Heading | None) -> str:
    if heading is None:
        return f"{item.source.number} {item.source.title}"
    counted = ngettext("%(num)d个事项", "%(num)d个事项", heading.total)
    title: str = _(
        "%(heading)s（%(counted)s，销号%(closed)d个）",
        heading=f"{heading.number}{heading.title}",
        counted=counted,
        closed=heading.closed,
    )
    return title
