"""Who may decide, what an application must bring, whether each step finds somebody."""

from datetime import date
from typing import Any

import pytest

from tracker.closure import rules
from tracker.closure.rules import Decision, RecusalRoute
from tracker.core.errors import DomainError, Forbidden
from tracker.items.papers import check_dated
from tracker.sources.rules import StepKind

UNIT_HEAD, OFFICE, LEADER = StepKind.UNIT_HEAD, StepKind.OFFICE, StepKind.LEADER
COLLECTIVE = StepKind.COLLECTIVE


def test_a_returned_application_needs_a_written_demand() -> None:
    with pytest.raises(DomainError) as refusal:
        rules.check_opinion(Decision.RETURN, "请补充材料。" + " " * 10)
    assert refusal.value.field == "opinion"
    rules.check_opinion(Decision.RETURN, "缺4月学习记录，请补签")


def test_sustaining_needs_a_reason_and_passing_none() -> None:
    with pytest.raises(DomainError):
        rules.check_opinion(Decision.SUSTAIN, "  ")
    rules.check_opinion(Decision.PASS, "")


@pytest.mark.parametrize(
    ("kind", "route", "is_kept_out"),
    [
        (UNIT_HEAD, None, False),
        (OFFICE, None, True),
        (LEADER, None, True),
        (COLLECTIVE, None, True),
        (UNIT_HEAD, RecusalRoute.LEADER, True),
    ],
)
def test_a_party_decides_nothing_but_the_units_own_step(
    kind: StepKind, route: RecusalRoute | None, is_kept_out: bool
) -> None:
    rules.check_party(kind, route, is_party=False)
    if is_kept_out:
        with pytest.raises(Forbidden, match="回避"):
            rules.check_party(kind, route, is_party=True)
    else:
        rules.check_party(kind, route, is_party=True)


@pytest.mark.parametrize(
    ("step", "route", "person_id", "is_party", "at"),
    [
        (OFFICE, RecusalRoute.LEADER, 5, False, None),
        (OFFICE, RecusalRoute.COLLECTIVE, None, False, None),
        (COLLECTIVE, RecusalRoute.LEADER, 5, False, "step"),
        (OFFICE, RecusalRoute.DISCIPLINE, None, False, "person"),
        (OFFICE, RecusalRoute.SUPERIOR, 5, False, "person"),
        (OFFICE, RecusalRoute.LEADER, 5, True, "person"),
    ],
)
def test_a_route_is_a_person_who_is_no_party_or_a_body(
    step: StepKind, route: RecusalRoute, person_id: int | None, is_party: bool, at: str | None
) -> None:
    if at is None:
        rules.check_route(step, route, person_id=person_id, is_party=is_party)
        return
    with pytest.raises(DomainError) as refusal:
        rules.check_route(step, route, person_id=person_id, is_party=is_party)
    assert refusal.value.field == at


def planned(*steps: rules.UsualStep, parties: Any = frozenset(), **routes: dict[StepKind, rules.Route]) -> Any:
    given = {"own": {}, "of_source": {}, **routes}
    return rules.plan_chain(steps, parties=parties, **given)


def test_a_route_of_the_item_counts_always_and_that_of_its_source_where_nobody_is_left() -> None:
    steps = [rules.UsualStep(UNIT_HEAD, bearers=frozenset({1})), rules.UsualStep(OFFICE, bearers=frozenset({2}))]
    route = {OFFICE: rules.Route(RecusalRoute.DISCIPLINE, 7)}
    assert [step.route for step in planned(*steps, of_source=route)] == [None, None]
    assert [step.route for step in planned(*steps, own=route)] == [None, RecusalRoute.DISCIPLINE]
    recused = planned(*steps, parties={1, 2}, of_source=route)
    assert (recused[0].able, recused[1].able, recused[1].named_id) == ({1}, {7}, 7)
    assert rules.find_unmanned(rules.manned(planned(*steps, parties={1, 2})), excluded=()) is OFFICE
    assert rules.find_unmanned(rules.manned(planned(*steps, parties={2, 7}, of_source=route)), excluded=()) is OFFICE


def test_one_person_for_two_steps_calls_the_route_of_the_second() -> None:
    steps = [rules.UsualStep(OFFICE, bearers=frozenset({2})), rules.UsualStep(LEADER, bearers=frozenset({2}))]
    found = planned(*steps, of_source={LEADER: rules.Route(RecusalRoute.COLLECTIVE, None)})
    assert [step.route for step in found] == [None, RecusalRoute.COLLECTIVE]
    assert found[1].able is None


def test_whom_nobody_here_stands_for_signs_on_paper() -> None:
    found = planned(rules.UsualStep(UNIT_HEAD), rules.UsualStep(COLLECTIVE), rules.UsualStep(StepKind.SUPERIOR))
    assert rules.manned(found) == []


@pytest.mark.parametrize(
    ("decider_id", "body", "is_body", "able", "at"),
    [
        (3, "", False, {3, 4}, None),
        (3, "", False, (), None),
        (5, "", False, {3, 4}, "person"),
        (None, "", False, {3}, "person"),
        (None, "工委会议", True, (), None),
        (None, " ", True, (), "body"),
        (3, "工委会议", True, (), "body"),
    ],
)
def test_a_person_signs_what_a_person_decides_and_a_body_what_a_body_does(
    decider_id: int | None, body: str, is_body: bool, able: Any, at: str | None
) -> None:
    if at is None:
        rules.check_who(decider_id, body, is_body=is_body, able=able)
        return
    with pytest.raises(DomainError) as refusal:
        rules.check_who(decider_id, body, is_body=is_body, able=able)
    assert refusal.value.field == at


@pytest.mark.parametrize(
    ("day", "before", "is_good"),
    [(29, 29, True), (30, None, True), (31, None, False), (28, 29, False), (15, None, False), (16, None, True)],
)
def test_a_paper_is_dated_between_the_step_before_it_and_today(day: int, before: int | None, is_good: bool) -> None:
    def check() -> None:
        floors = {"反馈日期": date(2026, 3, 16), "前一环节": date(2026, 3, before) if before else None}
        check_dated(date(2026, 3, day), today=date(2026, 3, 30), floors=floors, field="dated_on")

    if is_good:
        check()
        return
    with pytest.raises(DomainError):
        check()


@pytest.mark.parametrize(
    ("steps", "unmanned"),
    [
        ([(UNIT_HEAD, {1}), (OFFICE, {2}), (LEADER, {3})], None),
        ([(UNIT_HEAD, {7}), (OFFICE, {2}), (LEADER, {3})], UNIT_HEAD),
        ([(UNIT_HEAD, {1, 7}), (OFFICE, {1}), (LEADER, {3})], OFFICE),
        ([(UNIT_HEAD, {1, 2}), (OFFICE, {1}), (LEADER, {3})], None),
        ([(UNIT_HEAD, {1}), (OFFICE, {2}), (LEADER, set())], LEADER),
        ([(OFFICE, {1, 2}), (LEADER, {1, 2})], None),
        ([], None),
    ],
)
def test_each_step_needs_a_person_of_its_own_and_never_the_applicant(
    steps: list[tuple[StepKind, set[int]]], unmanned: StepKind | None
) -> None:
    assert rules.find_unmanned(steps, excluded={7}) is unmanned


def test_what_is_kept_up_for_ever_closes_only_where_the_source_says_so() -> None:
    rules.check_closable(then_sustained=True, closes_when_sustained=True)
    rules.check_closable(then_sustained=False, closes_when_sustained=False)
    with pytest.raises(DomainError):
        rules.check_closable(then_sustained=True, closes_when_sustained=False)
