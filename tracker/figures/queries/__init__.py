"""Counting items as they were on a day, the items behind every figure, and what two days differ in."""

from tracker.figures.queries.boxes import Cell, count_due, list_cells, list_slowest
from tracker.figures.queries.differences import count_moved, select_moved
from tracker.figures.queries.groups import COUNTS, KIND_IDS, TallyRow, find_group_name
from tracker.figures.queries.others import (
    OtherRow,
    count_looks,
    count_measures,
    list_others,
    select_looks,
    select_measures,
)
from tracker.figures.queries.saved import count_saved, find_saved, get_saved, list_saved
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
from tracker.figures.queries.trend import Trend, count_days, find_trend
from tracker.figures.queries.years import (
    YearRow,
    count_year,
    list_year,
    list_year_counted,
    list_year_numbers,
    select_year,
)

__all__ = [
    "COUNTS",
    "KIND_IDS",
    "WHOLE",
    "Cell",
    "Choices",
    "OtherRow",
    "TallyRow",
    "Trend",
    "YearRow",
    "conditions",
    "count_days",
    "count_due",
    "count_looks",
    "count_measures",
    "count_moved",
    "count_saved",
    "count_year",
    "find_group_name",
    "find_saved",
    "find_trend",
    "get_saved",
    "is_asked",
    "is_asked_either_way",
    "list_cells",
    "list_choices",
    "list_item_numbers",
    "list_others",
    "list_saved",
    "list_slowest",
    "list_year",
    "list_year_counted",
    "list_year_numbers",
    "select_items",
    "select_looks",
    "select_measures",
    "select_moved",
    "select_year",
    "tally",
    "tally_wholes",
]
