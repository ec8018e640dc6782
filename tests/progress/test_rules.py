"""Pasted measures, file names, amounts, and whose line a report is."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from tracker.access.rules import Actor, Role, UnitSet
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.items.rules import State
from tracker.progress import rules
from tracker.progress.rules import Line, OutcomeKind

LEAD, SUPPORT, OTHER = 1, 2, 3


@dataclass
class AnItem:
    lead_unit_id: int | None = LEAD
    leader_id: int | None = None
    supervisor_id: int | None = None
    owner_id: int | None = None
    handler_id: int | None = 50
    supporting_unit_ids: frozenset[int] = field(default_factory=lambda: frozenset({SUPPORT}))
    reader_ids: frozenset[int] | None = None


def somebody(role: Role | None = None, *units: int, person_id: int = 9) -> Actor:
    return Actor(person_id, "某人", {role: UnitSet(ids=frozenset(units))} if role else {})


@pytest.mark.parametrize(
    "line",
    [
        "印发工作办法",
        "1. 印发工作办法",
        "1、印发工作办法",
        "12．印发工作办法",
        "（1）印发工作办法",
        "(3)、印发工作办法",
        "2) 印发工作办法",
        "①印发工作办法",
        "一、印发工作办法",
        "（二）印发工作办法",
        "一是印发工作办法",
        "- 印发工作办法",
        "● 印发工作办法",
        "\u3000\u30001.印发工作办法  ",
    ],
)
def test_the_numbering_of_a_pasted_measure_is_stripped(line: str) -> None:
    assert rules.split_measures(line) == ["印发工作办法"]


@pytest.mark.parametrize("line", ["3.5万元资金全部追回", "一是否决", "2026年底前完成", "十条措施逐条落实"])
def test_what_only_looks_like_numbering_is_left_alone(line: str) -> None:
    assert rules.split_measures(line) == [line]


def test_empty_lines_are_left_out_and_nothing_at_all_is_refused() -> None:
    assert rules.split_measures("1. 甲\r\n\r\n2. 乙\n   \n") == ["甲", "乙"]
    with pytest.raises(DomainError):
        rules.split_measures(" \n\u3000\n")


def test_a_line_that_is_too_long_is_named() -> None:
    with pytest.raises(DomainError, match="第 2 行"):
        rules.split_measures("甲\n" + "乙" * (rules.MEASURE_LIMIT + 1))


@pytest.mark.parametrize(("typed", "amount"), [("3", "3"), ("1,200", "1200")])
def test_counts_are_whole_numbers(typed: str, amount: str) -> None:
    assert rules.read_amount(OutcomeKind.MEETING, typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", "三", "0", "-1", "1.5", "NaN", "Infinity", "1e15"])
def test_impossible_counts_are_refused(typed: str) -> None:
    with pytest.raises(DomainError):
        rules.read_amount(OutcomeKind.MEETING, typed)


def test_money_may_have_two_decimals_and_no_more() -> None:
    assert rules.printed_amount(rules.read_amount(OutcomeKind.RECOVERED, "66.50")) == "66.5"
    with pytest.raises(DomainError):
        rules.read_amount(OutcomeKind.RECOVERED, "66.567")


def test_an_amount_is_printed_without_zeros_at_the_end() -> None:
    assert [rules.printed_amount(Decimal(x)) for x in ("3.00", "100", "66.57")] == ["3", "100", "66.57"]


@pytest.mark.parametrize(
    ("actor", "line"),
    [
        (somebody(Role.LIAISON, LEAD), Line(LEAD, False)),
        (somebody(Role.UNIT_HEAD, LEAD, SUPPORT), Line(LEAD, False)),
        (somebody(person_id=50), Line(LEAD, False)),
        (somebody(Role.LIAISON, SUPPORT), Line(SUPPORT, False)),
        (somebody(Role.OFFICE, LEAD, SUPPORT, OTHER), Line(LEAD, True)),
    ],
)
def test_a_report_stands_in_the_line_of_the_persons_own_unit(actor: Actor, line: Line) -> None:
    assert rules.own_line(actor, AnItem()) == line


def test_only_the_office_writes_for_another_unit_and_is_marked() -> None:
    assert rules.own_line(somebody(Role.OFFICE, LEAD), AnItem(), SUPPORT) == Line(SUPPORT, True)
    for actor, unit_id in ((somebody(Role.LIAISON, LEAD), SUPPORT), (somebody(Role.LIAISON, SUPPORT), LEAD)):
        with pytest.raises(Forbidden):
            rules.own_line(actor, AnItem(), unit_id)
    with pytest.raises(Forbidden):
        rules.own_line(somebody(Role.OFFICE, LEAD), AnItem(), OTHER)
    with pytest.raises(Forbidden):
        rules.own_line(somebody(Role.LIAISON, OTHER), AnItem())


def test_reports_are_made_only_while_work_goes_on() -> None:
    for state in State:
        if state in (State.WORKING, State.SUSTAINED):
            rules.check_reportable(state)
        else:
            with pytest.raises(Conflict):
                rules.check_reportable(state)


@pytest.mark.parametrize(
    ("role", "state", "refusal"),
    [
        (Role.OFFICE, State.DRAFT, None),
        (Role.OFFICE, State.ISSUED, None),
        (Role.OFFICE, State.APPLIED, Conflict),
        (Role.OFFICE, State.CLOSED, Conflict),
        (Role.LIAISON, State.DRAFT, Conflict),
        (Role.LIAISON, State.WORKING, None),
        (Role.LEADER, State.WORKING, Forbidden),
    ],
)
def test_measures_are_laid_down_by_the_office_from_the_draft_on_and_by_the_unit_while_it_works(
    role: Role, state: State, refusal: type[Exception] | None
) -> None:
    actor = somebody(role, LEAD)
    if refusal is None:
        rules.check_plannable(actor, AnItem(), state)
    else:
        with pytest.raises(refusal):
            rules.check_plannable(actor, AnItem(), state)


def test_a_cooperating_unit_removes_only_its_own_files() -> None:
    supporter = somebody(Role.LIAISON, SUPPORT, person_id=7)
    assert rules.may_remove(supporter, AnItem(), 7)
    assert not rules.may_remove(supporter, AnItem(), 8)
    assert rules.may_remove(somebody(Role.LIAISON, LEAD), AnItem(), 8)
