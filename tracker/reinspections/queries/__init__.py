"""Reading draws and second looks, always within somebody's reach."""

from tracker.reinspections.queries.checks import (
    find_same_check,
    get_check,
    is_due,
    list_checks,
    list_lasting,
    select_lasting,
)
from tracker.reinspections.queries.draws import (
    Told,
    count_population,
    find_same_draw,
    get_draw,
    last_serial,
    list_drawn,
    list_draws,
    list_population,
    select_draws,
)
from tracker.reinspections.queries.fitness import list_candidates, map_closers, map_fit
from tracker.reinspections.queries.looks import (
    LookFilter,
    count_by_state,
    find_person,
    get_look,
    list_held,
    list_looks,
    list_of_draw,
    may_see,
    select_looks,
    waits_for,
)
from tracker.reinspections.queries.rates import Rebounds, list_rebounds

__all__ = [
    "LookFilter",
    "Rebounds",
    "Told",
    "count_by_state",
    "count_population",
    "find_person",
    "find_same_check",
    "find_same_draw",
    "get_check",
    "get_draw",
    "get_look",
    "is_due",
    "last_serial",
    "list_candidates",
    "list_checks",
    "list_drawn",
    "list_draws",
    "list_held",
    "list_lasting",
    "list_looks",
    "list_of_draw",
    "list_population",
    "list_rebounds",
    "map_closers",
    "map_fit",
    "may_see",
    "select_draws",
    "select_lasting",
    "select_looks",
    "waits_for",
]
