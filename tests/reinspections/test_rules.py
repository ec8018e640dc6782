"""How a sample is drawn, and who is fit to look again."""

import random
from dataclasses import dataclass, field
from datetime import date

import pytest

from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.items.four_eyes import Decider
from tracker.reinspections.rules import (
    LOOK_LABELS,
    LookEvent,
    LookState,
    Population,
    Size,
    check_fit,
    check_followable,
    check_months,
    check_result,
    check_size,
    draw_sample,
    is_fit,
    move,
    sample_size,
    told_population,
)
from tracker.requests.rules import RequestState

NUMBERS = [f"巡察2026-1-{serial:03}" for serial in range(1, 28)]
CLOSED, TODAY = date(2026, 6, 24), date(2026, 7, 15)


@dataclass
class AnItem:
    lead_unit_id: int | None = 7
    leader_id: int | None = 1
    supervisor_id: int | None = None
    owner_id: int | None = 2
    handler_id: int | None = 3
    supporting_unit_ids: frozenset[int] = field(default_factory=frozenset)


def test_a_draw_is_repeated_from_its_seed_in_whatever_order_the_numbers_come() -> None:
    drawn = draw_sample(NUMBERS, 5, "摇号 318")
    assert (
        drawn == draw_sample(reversed(NUMBERS), 5, "摇号 318") == sorted(random.Random("摇号 318").sample(NUMBERS, 5))
    )
    assert drawn != draw_sample(NUMBERS, 5, "摇号 319")


def test_a_draw_is_the_same_in_years_to_come() -> None:
    assert draw_sample(NUMBERS, 3, "2026") == ["巡察2026-1-004", "巡察2026-1-016", "巡察2026-1-019"]


def test_the_text_of_a_population_draws_the_same_again() -> None:
    told = told_population(NUMBERS, seed="a'b", size=4)
    line, *numbers = told.strip().split("\n")
    repeated = eval(line.removeprefix("# "), {"random": random, "numbers": numbers, "sorted": sorted})
    assert sorted(repeated) == draw_sample(NUMBERS, 4, "a'b")


@pytest.mark.parametrize(
    ("population", "size", "drawn"),
    [
        (27, Size(share=10), 3),
        (27, Size(share=100), 27),
        (1, Size(share=1), 1),
        (0, Size(share=10), 0),
        (27, Size(number=5), 5),
        (3, Size(number=5), 3),
    ],
)
def test_a_share_is_rounded_up_and_a_number_is_at_most_all(population: int, size: Size, drawn: int) -> None:
    assert sample_size(population, size) == drawn


@pytest.mark.parametrize("size", [Size(), Size(share=10, number=3)])
def test_share_or_number_and_not_both(size: Size) -> None:
    with pytest.raises(DomainError):
        check_size(size)


def test_ages_are_months_since_the_closing() -> None:
    days = Population(older=3, younger=12).closed_between(date(2026, 5, 31))
    assert days == (date(2025, 5, 31), date(2026, 2, 28))
    with pytest.raises(DomainError):
        check_months(older=6, younger=3)


@pytest.mark.parametrize(
    ("inspector", "fit"),
    [
        (Decider(frozenset({9}), units=frozenset({1})), True),
        (Decider(frozenset({9}), units=frozenset({7, 1})), False),
        (Decider(frozenset({2})), False),
        (Decider(frozenset({3})), False),
        (Decider(frozenset({5})), False),
        (Decider(frozenset({9, 5})), False),
    ],
    ids=["somebody else", "of the lead unit", "owner", "handler", "decided the closing", "substitute of a decider"],
)
def test_only_those_without_a_part_in_it_are_fit(inspector: Decider, fit: bool) -> None:
    assert is_fit(inspector, AnItem(), {4, 5}) is fit
    if not fit:
        with pytest.raises(Forbidden, match="没有参与过"):
            check_fit(inspector, AnItem(), {4, 5})


def test_a_result_stands_and_tells_what_was_seen() -> None:
    assert move(LookState.WAITING, LookEvent.REBOUND) is LookState.REBOUND
    for state in (LookState.PASSED, LookState.REBOUND):
        for event in LookEvent:
            with pytest.raises(Conflict):
                move(state, event)
    check_result(LookEvent.PASS, "看过", CLOSED, closed_on=CLOSED, today=TODAY)
    for event, words, day in (
        (LookEvent.PASS, " ", TODAY),
        (LookEvent.REBOUND, "又反弹了", TODAY),
        (LookEvent.PASS, "看过", date(2026, 6, 23)),
        (LookEvent.PASS, "看过", date(2026, 7, 16)),
    ):
        with pytest.raises(DomainError):
            check_result(event, words, day, closed_on=CLOSED, today=TODAY)


def test_a_rebound_is_followed_up_once_unless_the_request_fell_through() -> None:
    check_followable(LookState.REBOUND, has_new=False, asked=None)
    for asked in (RequestState.REFUSED, RequestState.RETRACTED):
        check_followable(LookState.REBOUND, has_new=False, asked=asked)
    for state, has_new, asked_for in (
        (LookState.PASSED, False, None),
        (LookState.REBOUND, True, None),
        (LookState.REBOUND, False, RequestState.PENDING),
        (LookState.REBOUND, False, RequestState.APPROVED),
    ):
        with pytest.raises(Conflict):
            check_followable(state, has_new=has_new, asked=asked_for)


def test_every_state_has_words() -> None:
    assert set(LOOK_LABELS) == set(LookState)
