"""The state of a list as its address: which list, which tab, narrowed to what, in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from tracker.core.addresses import read_id
from tracker.core.errors import NotFound
from tracker.core.forms import read_date, trim
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.lists import ListName, Order, View, kind_of
from tracker.items.queries import ItemFilter
from tracker.items.rules import State

Code = TypeVar("Code", bound=StrEnum)
DUE_SUFFIXES = "以前之前底前止"


@dataclass(frozen=True)
class ListAddress:
    """What stands in the address of a list; ``due`` is kept as it was typed."""

    list: ListName
    view: View = View.ALL
    source: int | None = None
    aspect: int | None = None
    unit: str = ""
    state: State | None = None
    due: str = ""
    text: str = ""
    sort: Order = Order.NUMBER
    is_descending: bool = False

    def args(self, **changes: Any) -> dict[str, str]:
        """The address as arguments, with changes; what is usual is left out."""
        here = replace(self, **changes)
        sort = f"-{here.sort}" if here.is_descending else here.sort
        found = {
            "list": here.list,
            "view": "" if here.view is View.ALL else here.view,
            "source": here.source or "",
            "aspect": here.aspect or "",
            "unit": here.unit,
            "state": here.state or "",
            "due": here.due,
            "text": here.text,
            "sort": "" if sort == Order.NUMBER else sort,
        }
        return {name: str(value) for name, value in found.items() if value}

    def due_to(self, today: date) -> date | None:
        """The day up to which items are due; None when nothing was typed, or nothing readable."""
        try:
            return read_date(self.due.rstrip(DUE_SUFFIXES), today=today) if self.due else None
        except ValueError:
            return None

    def has_bad_due(self, today: date) -> bool:
        """Whether a day was typed that can't be read."""
        return bool(self.due) and self.due_to(today) is None

    def chosen(self, today: date) -> ItemFilter:
        """The filter that the address stands for."""
        return ItemFilter(
            today=today,
            kind=kind_of(self.list),
            text=self.text,
            source_id=self.source,
            section_id=self.aspect,
            unit_text=self.unit,
            states=(self.state,) if self.state else (),
            due_to=self.due_to(today),
            view=self.view,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab narrows the list."""
        return any((self.source, self.aspect, self.unit, self.state, self.due, self.text))


def read_address(args: Mapping[str, str]) -> ListAddress:
    """The address of a list from the arguments of a request; what is unknown means the usual.

    Raises NotFound for a list that does not exist.
    """
    name = args.get("list", ListName.PROBLEMS)
    if name not in set(ListName):
        raise NotFound(_l("没有这份清单。"))
    sort = args.get("sort", "")
    return ListAddress(
        list=ListName(name),
        view=_code(View, args.get("view")) or View.ALL,
        source=read_id(args.get("source")),
        aspect=read_id(args.get("aspect")) if args.get("source") else None,
        unit=_text(args.get("unit")),
        state=_code(State, args.get("state")),
        due=_text(args.get("due")),
        text=_text(args.get("text")),
        sort=_code(Order, sort.removeprefix("-")) or Order.NUMBER,
        is_descending=sort.startswith("-") and sort != f"-{Order.NUMBER}",
    )


def _code(enum: type[Code], typed: str | None) -> Code | None:
    return enum(typed) if typed in set(enum) else None


def _text(typed: str | None) -> str:
    return str(trim(typed or ""))[:200]
