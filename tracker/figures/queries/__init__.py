"""Counting items as they were on a day, the items behind every figure, and what two days differ in."""

from tracker.figures.queries.differences import count_moved, select_moved
from tracker.figures.queries.groups import COUNTS, KIND_IDS, TallyRow, find_group_name
from tracker.figures.queries.others import count_looks, count_measures, select_looks, select_measures
from tracker.figures.queries.tallies import (
    WHOLE,
    Choices,
    conditions,
    is_asked,
    is_asked_either_way,
    list_choices,
    list_item_numbers,
    select_items,
    tally,
    tally_wholes,
)

__all__ = [
    "COUNTS",
    "KIND_IDS",
    "WHOLE",
    "Choices",
    "TallyRow",
    "conditions",
    "count_looks",
    "count_measures",
    "count_moved",
    "find_group_name",
    "is_asked",
    "is_asked_either_way",
    "list_choices",
    "list_item_numbers",
    "select_items",
    "select_looks",
    "select_measures",
    "select_moved",
    "tally",
    "tally_wholes",
]
