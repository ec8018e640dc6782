"""Extensions: when they may be asked for, in which order they are decided, and by whom never."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.extensions.rules import (
    TRANSITIONS,
    ExtensionEvent,
    ExtensionState,
    Level,
    Verdict,
    check_in_time,
    check_ruling,
    check_until,
    event_of,
    move,
    next_level,
)
from tracker.items.deadlines import moved_text
from tracker.items.four_eyes import Decider, check_decider, is_party
from tracker.items.papers import check_dated

DUE, LATER = date(2026, 6, 30), date(2026, 8, 31)
ME, ASKER, OTHER = 1, 2, 3
LEAD, ROOT = 10, 1


@dataclass(frozen=True)
class Thing:
    lead_unit_id: int | None = LEAD
    leader_id: int | None = OTHER
    supervisor_id: int | None = None
    owner_id: int | None = None
    handler_id: int | None = None
    supporting_unit_ids: frozenset[int] = field(default_factory=frozenset)
    reader_ids: frozenset[int] | None = None


@pytest.mark.parametrize("today", [date(2026, 6, 1), DUE])
def test_an_extension_is_asked_for_up_to_the_last_day(today: date) -> None:
    check_in_time(DUE, today)


def test_after_the_last_day_it_is_refused_with_the_words_of_the_rule() -> None:
    with pytest.raises(Conflict, match="届满前申请"):
        check_in_time(DUE, date(2026, 7, 1))


def test_what_has_no_date_needs_no_extension() -> None:
    with pytest.raises(Conflict, match="没有到期日"):
        check_in_time(None, DUE)


@pytest.mark.parametrize("until", [None, DUE, date(2026, 6, 29)])
def test_a_new_date_is_named_and_later(until: date | None) -> None:
    with pytest.raises(DomainError):
        check_until(until, DUE)


def test_granting_names_a_date_and_refusing_a_reason() -> None:
    check_ruling(Verdict.GRANT, LATER, "", due_on=DUE)
    check_ruling(Verdict.REFUSE, None, "进度可控，不需延期", due_on=DUE)
    with pytest.raises(DomainError):
        check_ruling(Verdict.GRANT, None, "同意", due_on=DUE)
    with pytest.raises(DomainError, match="理由"):
        check_ruling(Verdict.REFUSE, None, " ", due_on=DUE)


def test_two_levels_decide_and_any_of_them_refuses() -> None:
    assert (next_level(Level.OFFICE), next_level(Level.LEADER)) == (Level.LEADER, None)
    assert event_of(Verdict.GRANT, is_last=False) is ExtensionEvent.PASS
    assert event_of(Verdict.GRANT, is_last=True) is ExtensionEvent.GRANT
    assert {event_of(Verdict.REFUSE, is_last=last) for last in (False, True)} == {ExtensionEvent.REFUSE}


@pytest.mark.parametrize("state", [state for state in ExtensionState if state is not ExtensionState.PENDING])
def test_what_is_decided_or_taken_back_moves_no_more(state: ExtensionState) -> None:
    assert {event for at, event in TRANSITIONS if at is state} <= {ExtensionEvent.UNDO}
    with pytest.raises(Conflict):
        move(state, ExtensionEvent.GRANT)


@pytest.mark.parametrize("paper_on", [date(2026, 6, 1), date(2026, 7, 2)])
def test_a_paper_lies_between_the_asking_and_today(paper_on: date) -> None:
    days: Any = {"today": date(2026, 7, 1), "floors": {"申请之日": date(2026, 6, 24)}, "field": "paper_on"}
    check_dated(DUE, **days)
    with pytest.raises(DomainError):
        check_dated(paper_on, **days)


@pytest.mark.parametrize(
    ("decider", "item"),
    [
        (Decider(frozenset({ME}), units=frozenset({11, LEAD, ROOT})), Thing()),
        (Decider(frozenset({ME}), heads=frozenset({LEAD})), Thing()),
        (Decider(frozenset({ME})), Thing(owner_id=ME)),
        (Decider(frozenset({ME, OTHER})), Thing(handler_id=OTHER)),
    ],
    ids=["of the unit or below", "its head", "owner", "substitute of the handler"],
)
def test_a_party_to_an_item_decides_nothing_about_it(decider: Decider, item: Thing) -> None:
    assert is_party(decider, item)
    with pytest.raises(Forbidden, match="回避"):
        check_decider(decider, item, asking=frozenset())


def test_who_belongs_above_the_lead_unit_is_no_party() -> None:
    office = Decider(frozenset({ME}), units=frozenset({ROOT}))
    assert not is_party(office, Thing(owner_id=ASKER))
    check_decider(office, Thing(), asking={ASKER}, earlier={OTHER})


def test_nobody_decides_their_own_request_nor_two_levels() -> None:
    decider = Decider(frozenset({ME, OTHER}))
    with pytest.raises(Forbidden, match="申请人"):
        check_decider(decider, Thing(), asking={ME})
    with pytest.raises(Forbidden, match="两个环节"):
        check_decider(decider, Thing(), asking={ASKER}, earlier={OTHER})


def test_the_words_of_a_moved_deadline_do_not_contradict_it() -> None:
    assert moved_text("2026年6月底前", LATER, then_sustained=False) == ""
    assert moved_text("2026年6月底前，并长期坚持", LATER, then_sustained=True) == "2026年8月31日前，并长期坚持"
