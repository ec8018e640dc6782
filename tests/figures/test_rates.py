"""Rates as they are printed."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.figures.rules import Rate, Tally, print_rate

DATA = Path(__file__).parent.parent / "data"
PUBLISHED_RATES: list[dict[str, Any]] = json.loads((DATA / "published-rates.json").read_text())
PUBLISHED_SETS: list[dict[str, Any]] = json.loads((DATA / "published-sets.json").read_text())
ROLLED_UP = [row for row in PUBLISHED_SETS if "parts" in row]


def _row(row: dict[str, Any]) -> str:
    return f"{row['numerator']} of {row['denominator']} at {row['decimals']} is {row['printed']}"


def _set(row: dict[str, Any]) -> str:
    return f"{row['closed']} of {row['total']} is {row['printed']}"


@pytest.mark.parametrize("row", PUBLISHED_RATES, ids=_row)
def test_a_published_rate_is_printed_as_published(row: dict[str, Any]) -> None:
    assert print_rate(row["numerator"], row["denominator"], row["decimals"]) == row["printed"]


@pytest.mark.parametrize("row", PUBLISHED_SETS, ids=_set)
def test_a_published_set_adds_up_and_prints_its_closure_rate(row: dict[str, Any]) -> None:
    not_closed = sum(row.get(name, 0) for name in ("working", "basically_completed", "not_done"))
    tally = Tally(closed=row["closed"], working=not_closed)
    assert tally.total == row["total"]
    assert tally.closure_rate.printed(row.get("decimals", 2)) == row["printed"]


@pytest.mark.parametrize("row", ROLLED_UP, ids=_set)
def test_the_parts_of_a_published_set_roll_up_to_the_whole(row: dict[str, Any]) -> None:
    parts = [Tally(closed=part["closed"], working=part["total"] - part["closed"]) for part in row["parts"]]
    assert sum(parts, Tally()) == Tally(closed=row["closed"], working=row["working"])
    printed = [part.closure_rate.printed(row["decimals"]) for part in parts]
    assert printed == ["100%", "95.1%", "93.3%"]


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "printed"),
    [
        (999, 1_000, 0, "99%"),
        (999, 1_000, 1, "99.9%"),
        (9_999, 10_000, 0, "99%"),
        (9_999, 10_000, 1, "99.9%"),
        (9_999, 10_000, 2, "99.99%"),
        (999_999, 1_000_000, 2, "99.99%"),
        (1_000, 1_000, 0, "100%"),
    ],
)
def test_100_percent_is_kept_for_all(numerator: int, denominator: int, decimals: int, printed: str) -> None:
    assert print_rate(numerator, denominator, decimals) == printed


def test_a_half_is_rounded_up_and_not_to_even() -> None:
    assert print_rate(1, 200, 0) == "1%"
    assert print_rate(5, 200, 0) == "3%"
    assert print_rate(1, 16, 1) == "6.3%"


def test_little_may_round_down_to_nothing_since_that_promises_nothing() -> None:
    assert print_rate(1, 1_000, 0) == "0%"
    assert print_rate(1, 1_000, 1) == "0.1%"


def test_nothing_counted_has_no_rate() -> None:
    assert print_rate(0, 0) is None


@pytest.mark.parametrize(("numerator", "denominator", "decimals"), [(2, 1, 1), (-1, 1, 1), (1, 0, 1), (1, 2, 3)])
def test_what_is_no_rate_is_refused(numerator: int, denominator: int, decimals: int) -> None:
    with pytest.raises(ValueError, match=r"is not a rate|is printed with"):
        print_rate(numerator, denominator, decimals)


@given(st.integers(1, 10**9), st.data(), st.sampled_from([0, 1, 2]))
def test_a_rate_is_never_further_off_than_one_step_and_100_only_for_all(
    denominator: int, data: st.DataObject, decimals: int
) -> None:
    numerator = data.draw(st.integers(0, denominator))
    printed = print_rate(numerator, denominator, decimals)
    assert printed is not None
    assert printed.endswith("%")
    steps = round(float(printed[:-1]) * 10**decimals)
    assert abs(steps * denominator - 100 * 10**decimals * numerator) < denominator
    assert (printed == "100%") == (numerator == denominator)


def test_a_rate_prints_its_own_two_numbers() -> None:
    assert Rate(42, 48).printed() == "87.5%"
