"""What each kind of item requires of its application, what is still missing, and how it is kept."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.closure.rules import (
    Basis,
    Filed,
    FiledEvidence,
    FiledMeasure,
    FiledOutcome,
    Incomplete,
    Part,
    Telling,
    check_complete,
    list_missing,
    required_of,
    told_at_first,
)
from tracker.items.rules import DeadlineKind, State

IN_FULL = Telling(
    statement="三条措施均已完成",
    measures={1: "已印发", 2: "已开会"},
    similar_checked="排查了各支部",
    similar_found="未发现同类问题",
    mechanism="每季度检查",
    explanation="",
    is_pledged=True,
)
BARE = Telling(statement="已当场整改到位，已退还", is_pledged=True)


def basis(
    kind: DeadlineKind | None = DeadlineKind.BY_DATE,
    *,
    lasts: bool = False,
    state: State = State.WORKING,
    done: tuple[bool, ...] = (True, True),
    evidence: int = 1,
) -> Basis:
    parts = required_of(kind, then_sustained=lasts, state=state)
    return Basis(parts, dict(enumerate(done, start=1)), evidence)


def missing(telling: Telling, held_against: Basis) -> list[str | None]:
    return [each.field for each in list_missing(telling, held_against)]


def test_at_once_needs_what_was_done_proof_and_the_pledge() -> None:
    assert missing(BARE, basis(DeadlineKind.AT_ONCE)) == []
    assert missing(Telling(), basis(DeadlineKind.AT_ONCE, evidence=0)) == ["statement", None, "is_pledged"]


@pytest.mark.parametrize("kind", [DeadlineKind.BY_DATE, DeadlineKind.STAGED, None])
def test_by_a_date_every_measure_is_told_and_similar_problems_are_looked_for(kind: DeadlineKind | None) -> None:
    assert missing(replace(IN_FULL, mechanism=""), basis(kind)) == []
    assert missing(BARE, basis(kind)) == ["told-1", "told-2", "similar_checked", "similar_found"]
    assert missing(replace(IN_FULL, measures={2: "已开会"}), basis(kind)) == ["told-1"]


@pytest.mark.parametrize(
    "held_against",
    [
        basis(DeadlineKind.LONG_TERM),
        basis(DeadlineKind.BY_DATE, lasts=True),
        basis(DeadlineKind.AT_ONCE, lasts=True),
        basis(DeadlineKind.BY_DATE, state=State.SUSTAINED),
    ],
)
def test_what_is_kept_up_for_ever_needs_a_lasting_mechanism(held_against: Basis) -> None:
    assert missing(replace(IN_FULL, mechanism=" "), held_against) == ["mechanism"]
    assert missing(IN_FULL, held_against) == []


def test_nothing_is_filed_without_proof_or_pledge() -> None:
    assert missing(IN_FULL, basis(evidence=0)) == [None]
    assert missing(replace(IN_FULL, is_pledged=False), basis()) == ["is_pledged"]


@pytest.mark.parametrize("kind", [DeadlineKind.AT_ONCE, DeadlineKind.BY_DATE])
def test_what_is_not_done_is_explained_in_ten_characters(kind: DeadlineKind) -> None:
    half_done = basis(kind, done=(True, False))
    assert missing(replace(IN_FULL, explanation="还差一条没做"), half_done) == ["explanation"]
    assert missing(replace(IN_FULL, explanation="待明年预算批复后落实"), half_done) == []


def test_where_no_measures_were_laid_down_the_statement_tells_more() -> None:
    assert missing(replace(IN_FULL, statement="已经整改"), basis(done=())) == ["statement"]
    assert missing(replace(IN_FULL, statement="已经整改"), basis()) == []


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(Incomplete, match="第 1 条措施") as refusal:
        check_complete(Telling(), basis())
    assert [each.part for each in refusal.value.missing] == [
        Part.MEASURES,
        Part.MEASURES,
        Part.STATEMENT,
        Part.SIMILAR,
        Part.SIMILAR,
        Part.PLEDGE,
    ]
    check_complete(IN_FULL, basis())


def test_a_done_measure_tells_its_day_before_anybody_wrote_anything() -> None:
    assert told_at_first("印发学习制度。", date(2026, 5, 10)) == "印发学习制度，已于2026年5月10日完成。"
    assert told_at_first("印发学习制度。", None) == ""


def test_a_telling_is_read_as_it_was_written() -> None:
    assert Telling.read(IN_FULL.written()) == IN_FULL


def test_what_was_filed_is_read_as_it_was_written() -> None:
    filed = Filed(
        [FiledMeasure(1, "印发制度", "孙浩", date(2026, 5, 1), None, "已印发")],
        [FiledEvidence(3, "签到表.jpg", 7, "ab", "王敏", False, date(2026, 5, 2), "image/jpeg")],
        [FiledOutcome("recovered", "66.57", "退款", date(2026, 5, 3))],
    )
    assert Filed.read(filed.written()) == filed
    assert (Filed.read(""), filed.done) == (Filed([], [], []), 0)
