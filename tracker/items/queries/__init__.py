"""Reading items, always within somebody's reach."""

from tracker.items.queries.closed import Closed, load_closed
from tracker.items.queries.history import find_first_deadline, holds_at, list_changes
from tracker.items.queries.items import (
    count_children,
    find_open_request,
    find_same,
    get_item,
    has_children,
    is_carrier,
    list_children,
    list_chosen,
    list_for_import,
    list_items,
    list_names_below,
    list_of_source,
    list_parent_ids,
    with_names,
)
from tracker.items.queries.lists import (
    Heading,
    ItemFilter,
    Totals,
    count_list,
    list_headings,
    ordering,
    select_items,
    select_units_like,
)
from tracker.items.queries.milestones import find_milestone, get_milestone
from tracker.items.queries.parties import is_party, list_deciders, load_decider
from tracker.items.queries.reach import has_readers, in_units, is_hidden, is_let_know, is_own, within

__all__ = [
    "Closed",
    "Heading",
    "ItemFilter",
    "Totals",
    "count_children",
    "count_list",
    "find_first_deadline",
    "find_milestone",
    "find_open_request",
    "find_same",
    "get_item",
    "get_milestone",
    "has_children",
    "has_readers",
    "holds_at",
    "in_units",
    "is_carrier",
    "is_hidden",
    "is_let_know",
    "is_own",
    "is_party",
    "list_changes",
    "list_children",
    "list_chosen",
    "list_deciders",
    "list_for_import",
    "list_headings",
    "list_items",
    "list_names_below",
    "list_of_source",
    "list_parent_ids",
    "load_closed",
    "load_decider",
    "ordering",
    "select_items",
    "select_units_like",
    "with_names",
    "within",
]
