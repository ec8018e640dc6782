"""Counts, what is made of them, and their definitions."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from tracker.figures.definitions import DEFINITIONS
from tracker.figures.differences import MOVEMENT_DEFINITIONS, Movement
from tracker.figures.others import OTHER_DEFINITIONS, OtherFigure
from tracker.figures.rules import FigureName, Rate, Tally, row_of
from tracker.figures.years import YEAR_DEFINITIONS, YearFigure
from tracker.items.rules import COUNTED, OPEN, State

DEFINITIONS_PAGE = Path(__file__).parents[2] / "docs" / "definitions.md"


def a_tally(**counts: int) -> Tally:
    """27 items, 6 of them closed, one count different from the next."""
    usual = {"draft": 1, "issued": 2, "working": 12, "applied": 4, "sustained": 2, "closed": 6, "withdrawn": 3}
    return Tally(**(usual | counts))


def test_the_total_is_the_six_states_without_the_withdrawn() -> None:
    assert a_tally().total == 27
    assert a_tally().open == 21


def test_the_states_that_make_the_total_are_those_that_items_count() -> None:
    one_each = Tally(**{str(state): 1 for state in State if state is not State.VOID})
    assert one_each.total == len(COUNTED)
    assert one_each.open == len(OPEN)


def test_completion_adds_the_units_word_to_what_is_closed_and_closure_does_not() -> None:
    tally = a_tally(completed_by_unit=3, basically_completed=2)
    assert (tally.closure_rate.printed(), tally.completion_rate.printed()) == ("22.2%", "33.3%")


def test_what_a_source_leaves_out_is_in_the_total_and_in_no_denominator() -> None:
    tally = a_tally(completed_by_unit=3, left_out=2, left_out_completed=1)
    assert (tally.total, tally.closure_rate, tally.completion_rate) == (27, Rate(6, 25), Rate(8, 25))


def test_a_set_of_items_that_are_all_left_out_has_no_rate() -> None:
    tally = Tally(sustained=2, completed_by_unit=1, left_out=2, left_out_completed=1)
    assert (tally.closure_rate.printed(), tally.completion_rate.printed()) == (None, None)


def test_the_two_on_time_rates_look_at_different_deadlines() -> None:
    tally = a_tally(closed_on_time=5, overdue=2, closed_on_time_first_deadline=4, overdue_first_deadline=4)
    assert tally.on_time_rate == Rate(5, 8)
    assert tally.on_time_rate_first_deadline == Rate(4, 10)


@pytest.mark.parametrize("name", [field.name for field in fields(Tally)])
def test_adding_two_tallies_adds_every_count(name: str) -> None:
    one, other = Tally(**{name: 2}), Tally(**{name: 3})
    assert one + other == Tally(**{name: 5})


def test_a_row_has_the_stable_keys_with_rates_as_printed() -> None:
    tally = a_tally(overdue=1, closed_on_time=5, confirmed=5, completed_by_unit=3)
    assert row_of("组织部", tally) == {
        "key": "组织部",
        "total": 27,
        "draft": 1,
        "issued": 2,
        "working": 12,
        "applied": 4,
        "sustained": 2,
        "closed": 6,
        "withdrawn": 3,
        "basically_completed": 0,
        "completed_by_unit": 3,
        "confirmed": 5,
        "overdue": 1,
        "closure_rate": "22.2%",
        "completion_rate": "33.3%",
        "on_time_rate": "71.4%",
        "on_time_rate_first_deadline": "0%",
    }


def test_a_row_that_counts_nothing_has_no_rates() -> None:
    row = row_of("全部", Tally())
    assert {row[name] for name in row if name.endswith("rate") or "_rate_" in name} == {None}


def test_every_figure_has_a_definition_and_every_count_a_name() -> None:
    assert set(DEFINITIONS) == set(FigureName)
    assert {field.name for field in fields(Tally)} <= set(FigureName)


def test_the_page_of_definitions_tells_every_figure_once_under_the_label_that_pages_print() -> None:
    figures, _, others = DEFINITIONS_PAGE.read_text().partition("## The difference of two days")
    differences, _, others = others.partition("## Trends")
    years, _, others = others.partition("## Measures and second looks")
    _trends, _, years = years.partition("## The year")
    # What follows tells of days waited, reporting rounds and working days.
    others, *_other = others.partition("## Days waited")
    assert told_in(figures) == [(str(name), str(DEFINITIONS[name].label)) for name in FigureName]
    assert told_in(others) == [(str(name), str(OTHER_DEFINITIONS[name].label)) for name in OtherFigure]
    assert told_in(years) == [(str(name), str(YEAR_DEFINITIONS[name].label)) for name in YearFigure]
    assert told_in(differences) == [(str(name), str(MOVEMENT_DEFINITIONS[name].label)) for name in Movement]


def told_in(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| `(\w+)` \| (.+?) \|", text, re.MULTILINE)
