"""What a person can do with an item, what stands in the way, who is next, what happened."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tracker.access.rules import Actor, Role, UnitSet
from tracker.closure.rules import ApplicationState, Decision, RecusalRoute
from tracker.desk.rules.acts import ACTS, Act, WhyNot
from tracker.desk.rules.next_ones import Next, NextCode, next_people, who_is_next
from tracker.desk.rules.piece import Piece, What, is_backdated, is_bad
from tracker.desk.rules.pieces import Whole
from tracker.desk.rules.possible import available
from tracker.desk.wording import ACT_LABELS, NEXT_LABELS, WHY_NOT, tell
from tracker.items.rules import DeadlineKind, Event, State
from tracker.sources.rules import StepKind

LEAD, SUPPORT = 1, 2
TODAY = date(2026, 4, 20)
NOON = datetime(2026, 4, 20, 4, 0, tzinfo=UTC)


@dataclass
class AnItem:
    state: State = State.WORKING
    lead_unit_id: int | None = LEAD
    leader_id: int | None = None
    supervisor_id: int | None = None
    owner_id: int | None = None
    handler_id: int | None = None
    parent_id: int | None = None
    confirmed_on: date | None = None
    due_on: date | None = date(2026, 6, 30)
    deadline_kind: DeadlineKind | None = DeadlineKind.BY_DATE
    supporting_unit_ids: frozenset[int] = field(default_factory=lambda: frozenset({SUPPORT}))
    reader_ids: frozenset[int] | None = None
    is_secret: bool = False


def somebody(role: Role, unit: int = LEAD, *, person_id: int = 9) -> Actor:
    return Actor(person_id, "某人", {role: UnitSet(ids=frozenset({unit}))})


LIAISON, HEAD, OFFICE, LEADER, VIEWER = (
    somebody(role) for role in (Role.LIAISON, Role.UNIT_HEAD, Role.OFFICE, Role.LEADER, Role.VIEWER)
)
SUPPORTER = somebody(Role.LIAISON, SUPPORT)

FILE = Piece(What.EVIDENCE, 1, number=1, at=NOON, text="签到表.jpg")
REQUEST = Piece(What.REQUEST, 1, at=NOON, by="王敏", text="不属本单位职责")


def an_application(
    *decided: tuple[int, Decision],
    by_id: int = 5,
    state: str = "pending",
    able: tuple[int, ...] = (),
    party: bool = False,
) -> list[Piece]:
    """An application with its steps, and those who are meant for the one that waits."""
    kinds = [StepKind.UNIT_HEAD, StepKind.OFFICE, StepKind.LEADER]
    steps = [Piece(What.REVIEW, n, of=1, number=n, code=kind) for n, kind in enumerate(kinds, start=1)]
    for n, (decider, decision) in enumerate(decided):
        step = steps[n]
        steps[n] = Piece(What.REVIEW, step.id, of=1, number=step.number, code=step.code, state=decision, by_id=decider)
    deciders = [
        Piece(What.DECIDER, each, number=n, by_id=each, by=f"第{each}人", flag=party) for n, each in enumerate(able)
    ]
    return [Piece(What.APPLICATION, 1, number=1, state=state, at=NOON, by_id=by_id, by="王敏"), *steps, *deciders]


def acts(item: Any, actor: Actor, *pieces: Piece) -> list[Act]:
    return [each.act for each in available(item, actor, Whole(pieces), today=TODAY)]


def primary(item: Any, actor: Actor, *pieces: Piece) -> Act | None:
    return next((each.act for each in available(item, actor, Whole(pieces), today=TODAY) if each.is_primary), None)


def why_not(item: Any, actor: Actor, act: Act, *pieces: Piece) -> WhyNot | None:
    return next(each.why_not for each in available(item, actor, Whole(pieces), today=TODAY) if each.act is act)


@pytest.mark.parametrize(
    ("state", "actor", "offered"),
    [
        (
            State.DRAFT,
            OFFICE,
            [
                Act.ISSUE,
                Act.ASSIGN,
                Act.ADD_MEASURES,
                Act.SPLIT,
                Act.LINK_RECURRENCE,
                Act.SET_RECUSAL,
                Act.VOID,
            ],
        ),
        (State.DRAFT, LIAISON, []),
        (State.ISSUED, LIAISON, [Act.ACCEPT, Act.ASK_REASSIGNMENT, Act.ASK_EXTENSION, Act.ASK_AMENDMENT]),
        (
            State.ISSUED,
            OFFICE,
            [
                Act.REASSIGN,
                Act.ADD_MEASURES,
                Act.NUDGE,
                Act.ASSIGN,
                Act.ASK_AMENDMENT,
                Act.LOG_CALL,
                Act.SET_RECUSAL,
                Act.JOIN,
                Act.WITHDRAW,
            ],
        ),
        (State.WORKING, SUPPORTER, [Act.ADD_EVIDENCE, Act.WRITE_ENTRY]),
        (State.WORKING, LEADER, [Act.NUDGE]),
        (State.WORKING, VIEWER, []),
        (
            State.WORKING,
            LIAISON,
            [
                Act.APPLY,
                Act.ADD_EVIDENCE,
                Act.WRITE_ENTRY,
                Act.ADD_MEASURES,
                Act.ADD_OUTCOME,
                Act.DECLARE,
                Act.ASK_REASSIGNMENT,
                Act.ASK_EXTENSION,
                Act.ASK_AMENDMENT,
            ],
        ),
        (State.CLOSED, OFFICE, []),
        (State.CLOSED, LIAISON, []),
        (State.WITHDRAWN, OFFICE, [Act.RESTORE]),
        (State.VOID, OFFICE, []),
    ],
)
def test_everybody_is_offered_what_state_and_table_allow(state: State, actor: Actor, offered: list[Act]) -> None:
    assert acts(AnItem(state), actor) == offered


@pytest.mark.parametrize(
    ("state", "actor", "pieces", "pressing"),
    [
        (State.DRAFT, OFFICE, [], Act.ISSUE),
        (State.ISSUED, LIAISON, [], Act.ACCEPT),
        (State.ISSUED, LIAISON, [REQUEST], None),
        (State.ISSUED, OFFICE, [REQUEST], Act.REASSIGN),
        (State.ISSUED, OFFICE, [], None),
        (State.WORKING, LIAISON, [], Act.ADD_EVIDENCE),
        (State.WORKING, LIAISON, [FILE], Act.APPLY),
        (State.WORKING, SUPPORTER, [FILE], Act.ADD_EVIDENCE),
        (State.WORKING, OFFICE, [FILE], None),
        (State.APPLIED, HEAD, an_application(able=(9,)), Act.DECIDE),
        (State.APPLIED, OFFICE, an_application(), None),
        (State.CLOSED, OFFICE, [], None),
    ],
)
def test_one_thing_at_most_is_pressing_and_it_can_be_done(
    state: State, actor: Actor, pieces: list[Piece], pressing: Act | None
) -> None:
    assert primary(AnItem(state), actor, *pieces) is pressing


def test_no_evidence_no_application_and_a_removed_file_is_none() -> None:
    removed = Piece(What.EVIDENCE, 1, number=1, at=NOON, other_at=NOON)
    assert why_not(AnItem(), LIAISON, Act.APPLY) is WhyNot.NO_EVIDENCE
    assert why_not(AnItem(), LIAISON, Act.APPLY, removed) is WhyNot.NO_EVIDENCE
    assert why_not(AnItem(), LIAISON, Act.APPLY, FILE) is None


def test_a_draft_without_a_deadline_is_assigned_before_it_is_issued() -> None:
    draft = AnItem(State.DRAFT, deadline_kind=None)
    assert primary(draft, OFFICE) is Act.ASSIGN
    assert why_not(draft, OFFICE, Act.ISSUE) is WhyNot.INCOMPLETE


def test_while_a_request_waits_nothing_is_accepted() -> None:
    assert why_not(AnItem(State.ISSUED), LIAISON, Act.ACCEPT, REQUEST) is WhyNot.REQUEST_OPEN
    assert Act.REFUSE_REASSIGNMENT in acts(AnItem(State.ISSUED), OFFICE, REQUEST)


@pytest.mark.parametrize(
    ("actor", "pieces", "reason"),
    [
        (HEAD, an_application(by_id=9, able=(9,)), WhyNot.OWN_APPLICATION),
        (OFFICE, an_application((9, Decision.PASS), able=(9,)), WhyNot.DECIDED_EARLIER),
        (OFFICE, an_application((7, Decision.PASS), able=(9,)), None),
        (OFFICE, an_application((7, Decision.PASS), able=(9,), party=True), WhyNot.PARTY),
    ],
)
def test_four_eyes_are_explained_on_the_page(actor: Actor, pieces: list[Piece], reason: WhyNot | None) -> None:
    assert why_not(AnItem(State.APPLIED), actor, Act.DECIDE, *pieces) is reason


def test_the_office_enters_what_others_decided_unless_it_applied_itself() -> None:
    assert acts(AnItem(State.APPLIED), OFFICE, *an_application()) == [Act.ENTER_DECISION]
    assert (
        why_not(AnItem(State.APPLIED), OFFICE, Act.ENTER_DECISION, *an_application(by_id=9)) is WhyNot.OWN_APPLICATION
    )


def test_what_is_closed_by_an_application_waits_for_the_superior_until_it_is_confirmed() -> None:
    closed = an_application(state="closed")
    assert acts(AnItem(State.CLOSED), OFFICE, *closed) == [Act.CONFIRM]
    assert acts(AnItem(State.CLOSED, confirmed_on=date(2026, 7, 1)), OFFICE, *closed) == []


def test_only_the_applicant_retracts_and_only_before_the_first_decision() -> None:
    applicant, colleague = somebody(Role.LIAISON, person_id=5), somebody(Role.LIAISON, person_id=6)
    assert acts(AnItem(State.APPLIED), applicant, *an_application()) == [Act.RETRACT]
    assert acts(AnItem(State.APPLIED), colleague, *an_application()) == []
    decided = an_application((7, Decision.PASS))
    assert why_not(AnItem(State.APPLIED), applicant, Act.RETRACT, *decided) is WhyNot.ALREADY_DECIDED


def test_a_parent_is_only_made_never_worked_on() -> None:
    child = Piece(What.CHILD, 2, text="巡察2026-1-001-01", state=State.WORKING)
    assert acts(AnItem(State.WORKING), LIAISON, FILE, child) == []
    assert who_is_next(AnItem(), Whole([child])) == Next(NextCode.CHILDREN)


def holder(person_id: int, role: Role, name: str, distance: int = 0) -> Piece:
    return Piece(What.HOLDER, person_id, number=distance, code=role, by_id=person_id, by=name)


def test_the_next_decider_is_neither_applicant_nor_earlier_decider_nor_a_party() -> None:
    pieces = an_application((7, Decision.PASS), able=(2, 5, 7, 1))
    party = Piece(What.DECIDER, 8, number=0, by_id=8, by="本单位负责人", flag=True)
    following = who_is_next(AnItem(State.APPLIED), Whole([*pieces, party]))
    assert following is not None
    assert following.code is NextCode.OFFICE
    assert next_people(following, Whole([])) == ["第2人", "第1人"]


def test_the_leader_who_answers_is_next_unless_already_involved() -> None:
    pieces = an_application((7, Decision.PASS), (8, Decision.PASS), able=(3, 4, 7))
    assert who_is_next(AnItem(State.APPLIED, leader_id=3), Whole(pieces)) == Next(NextCode.LEADER, people=("第3人",))
    involved = who_is_next(AnItem(State.APPLIED, leader_id=7), Whole(pieces))
    assert involved == Next(NextCode.LEADER, people=("第3人", "第4人"))


def test_what_a_meeting_decides_waits_for_the_office_to_enter_it() -> None:
    application, step, *_others = an_application()
    collective = replace(step, code=StepKind.COLLECTIVE)
    recused = replace(step, unit=RecusalRoute.SUPERIOR)
    office = holder(1, Role.OFFICE, "陈静")
    for waiting, code in ((collective, NextCode.COLLECTIVE), (recused, NextCode.SUPERIOR)):
        whole = Whole([application, waiting, office])
        following = who_is_next(AnItem(State.APPLIED), whole)
        assert following == Next(code, (Role.OFFICE,))
        assert next_people(following, whole) == ["陈静"]


def test_a_decision_on_paper_is_told_of_whoever_signed_and_of_whoever_entered_it() -> None:
    signed = {"by_id": 3, "by": "李强", "state": Decision.PASS, "day": date(2026, 6, 29), "other": "陈静", "flag": True}
    step = Piece(What.REVIEW, 1, of=1, number=1, code=StepKind.LEADER, at=NOON, text="同意销号", **signed)
    closed = a_change(1, Event.CLOSE, at=NOON, by="陈静")
    whole = Whole([Piece(What.APPLICATION, 1, number=1, state="closed", at=NOON), step, closed])
    told = [tell(piece) for piece in whole.happenings() if piece.what != What.APPLICATION]
    assert told[0] == "李强（责任领导审批，线下签批，2026-06-29，陈静代录）同意：同意销号"
    assert "李强（代录）" in told[1]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.DRAFT, NextCode.ISSUE),
        (State.ISSUED, NextCode.ACCEPT),
        (State.WORKING, NextCode.WORK),
        (State.SUSTAINED, NextCode.WORK),
        (State.CLOSED, None),
        (State.WITHDRAWN, None),
        (State.VOID, None),
    ],
)
def test_every_state_says_what_it_waits_for(state: State, code: NextCode | None) -> None:
    following = who_is_next(AnItem(state), Whole([]))
    assert (following.code if following else None) is code


def a_change(serial: int, event: Event, **values: Any) -> Piece:
    given = {"at": NOON + timedelta(minutes=serial), "day": date(2026, 4, 20), "by": "陈静", **values}
    return Piece(What.CHANGE, serial, number=serial, code=event, **given)


def test_what_an_application_tells_is_not_told_again_by_its_changes() -> None:
    changes = [
        a_change(1, Event.DECLARE, at=NOON + timedelta(seconds=1), by_id=5, note="completed"),
        a_change(2, Event.APPLY, by_id=5),
        a_change(3, Event.SEND_BACK),
        a_change(4, Event.RETRACT),
    ]
    told = Whole([*changes, *an_application(state=ApplicationState.RETURNED)]).happenings()
    assert [piece.what for piece in told] == [What.CHANGE, What.APPLICATION]
    assert told[0].code == Event.RETRACT


def test_a_word_declared_before_the_application_is_told() -> None:
    earlier = a_change(1, Event.DECLARE, at=NOON - timedelta(days=3), by_id=5, note="basically_completed")
    told = Whole([earlier, *an_application()]).happenings()
    assert [piece.what for piece in told] == [What.APPLICATION, What.CHANGE]


def test_a_moved_deadline_is_told_with_the_former_one() -> None:
    first = a_change(1, Event.ASSIGN, other_day=date(2026, 6, 30), state=State.DRAFT)
    same = a_change(2, Event.ISSUE, other_day=date(2026, 6, 30))
    moved = a_change(3, Event.ASSIGN, other_day=date(2026, 8, 31), state=State.WORKING)
    told = Whole([first, same, moved]).happenings()
    assert [piece.former for piece in told] == [date(2026, 6, 30), None, None]


def test_only_what_counts_from_another_day_is_backdated_and_no_draft_is() -> None:
    day = date(2026, 4, 20)
    assert not is_backdated(a_change(1, Event.ISSUE), day)
    assert is_backdated(a_change(1, Event.ISSUE), day + timedelta(days=1))
    assert not is_backdated(a_change(1, Event.DRAW_UP), day + timedelta(days=1))
    assert not is_backdated(a_change(1, Event.ASSIGN, state=State.DRAFT), day + timedelta(days=1))


def test_a_request_is_told_when_asked_and_when_decided() -> None:
    answered = {"other_at": NOON + timedelta(hours=1), "other": "陈静", "flag": False, "note": "属本单位"}
    decided = Piece(What.REQUEST, 1, at=NOON, by="王敏", **answered)
    assert [(each.by, each.code) for each in Whole([decided]).happenings()] == [("陈静", "refused"), ("王敏", None)]


def test_returns_withdrawals_and_reopenings_are_marked() -> None:
    bad = [Piece(What.REVIEW, 1, state=Decision.RETURN), a_change(1, Event.WITHDRAW), a_change(2, Event.REOPEN)]
    fine = [Piece(What.REVIEW, 1, state=Decision.PASS), a_change(1, Event.CLOSE), FILE]
    assert [is_bad(piece) for piece in bad + fine] == [True] * 3 + [False] * 3


def test_every_act_reason_and_event_has_words() -> None:
    assert set(ACT_LABELS) == set(Act)
    assert set(WHY_NOT) == set(WhyNot)
    assert set(NEXT_LABELS) == set(NextCode)
    assert set(ACTS) == set(State)
    for event in Event:
        assert "陈静" in tell(a_change(1, event)) or event is Event.FOLLOW
