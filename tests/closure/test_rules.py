"""Who may decide, what an application must bring, whether each step finds somebody."""

from dataclasses import dataclass, field

import pytest

from tracker.access.rules import SYSTEM, Actor, Role, UnitSet
from tracker.closure import rules
from tracker.closure.rules import Decision
from tracker.core.errors import DomainError, Forbidden
from tracker.sources.rules import StepKind

UNIT_HEAD, OFFICE, LEADER = StepKind.UNIT_HEAD, StepKind.OFFICE, StepKind.LEADER
LEAD = 1


@dataclass
class AnItem:
    lead_unit_id: int | None = LEAD
    leader_id: int | None = None
    supervisor_id: int | None = None
    owner_id: int | None = None
    handler_id: int | None = None
    supporting_unit_ids: frozenset[int] = field(default_factory=frozenset)


def test_the_applicant_decides_no_step() -> None:
    with pytest.raises(Forbidden, match="申请人"):
        rules.check_decider({7}, applying={7}, earlier_deciders=[])


def test_nobody_decides_two_steps() -> None:
    with pytest.raises(Forbidden, match="两个环节"):
        rules.check_decider({8}, applying={7}, earlier_deciders=[8])
    rules.check_decider({9}, applying={7}, earlier_deciders=[8, None])


@pytest.mark.parametrize(("applying", "earlier"), [({7, 8}, ()), ({1}, (8,)), ({7}, ()), ({1}, (7,))])
def test_a_substitute_and_whom_they_act_for_are_one_person(applying: set[int], earlier: tuple[int, ...]) -> None:
    with pytest.raises(Forbidden):
        rules.check_decider({7, 8}, applying=applying, earlier_deciders=earlier)
    rules.check_decider({7, 8}, applying={1, 2}, earlier_deciders=[3])


def test_a_returned_application_needs_a_written_demand() -> None:
    with pytest.raises(DomainError) as refusal:
        rules.check_opinion(Decision.RETURN, "请补充材料。" + " " * 10)
    assert refusal.value.field == "opinion"
    rules.check_opinion(Decision.RETURN, "缺4月学习记录，请补签")


def test_sustaining_needs_a_reason_and_passing_none() -> None:
    with pytest.raises(DomainError):
        rules.check_opinion(Decision.SUSTAIN, "  ")
    rules.check_opinion(Decision.PASS, "")


def test_the_head_of_the_lead_unit_does_not_make_the_offices_check() -> None:
    both = Actor(1, "刘洋", {Role.OFFICE: UnitSet(everywhere=True), Role.UNIT_HEAD: UnitSet(ids=frozenset({LEAD}))})
    with pytest.raises(Forbidden):
        rules.check_office_step(OFFICE, both, AnItem())
    rules.check_office_step(UNIT_HEAD, both, AnItem())
    rules.check_office_step(OFFICE, both, AnItem(lead_unit_id=2))
    rules.check_office_step(OFFICE, SYSTEM, AnItem())


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
