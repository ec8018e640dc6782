"""Decisions on paper: marked, four eyes by who signed, many by one meeting, and the superior's word at the end."""

import io
from datetime import date, timedelta

import pytest
from factories import a_person, a_unit, an_account
from flask import Flask

from tests.closure.closing_office import DEMAND, ClosingOffice
from tests.nudges.pressing import on
from tracker.access.rules import SYSTEM, Role, reach
from tracker.audit.queries import select_entries
from tracker.closure import operations, queries
from tracker.closure.models import Paper, Review
from tracker.closure.operations import Line, OnPaper
from tracker.closure.rules import ApplicationState, Decision
from tracker.core import files
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden, Stale
from tracker.items.queries import list_changes
from tracker.items.rules import Event, OwnWord, State
from tracker.org.models import Person
from tracker.sources import operations as sources
from tracker.sources.rules import USUAL_CHAIN, StepKind

PASS, RETURN = Decision.PASS, Decision.RETURN
FILED, SIGNED, ENTERED = date(2026, 6, 24), date(2026, 6, 26), date(2026, 6, 30)
WITH_MEETING = [*USUAL_CHAIN, StepKind.COLLECTIVE]
WITH_SUPERIOR = [*USUAL_CHAIN, StepKind.SUPERIOR]


@pytest.fixture
def office(app: Flask) -> ClosingOffice:
    with on(FILED), writing():
        return ClosingOffice()


def told(dated_on: date = SIGNED, **values: str) -> OnPaper:
    stored = files.store(io.BytesIO(b"scan"), limit_bytes=100)
    return OnPaper(dated_on, (stored, "销号申请表签字件.pdf"), **values)


def enter(
    office: ClosingOffice,
    position: int,
    signer: Person | None,
    decision: Decision = PASS,
    opinion: str = "同意",
    *,
    paper: OnPaper | None = None,
    by: Person | None = None,
) -> Review:
    review_id = office.review(position).id
    with writing():
        actor = office.acts(by or office.clerk)
        review = queries.get_review(db.session(), review_id, reach(actor), lock=True)
        decider_id = office.id_of(signer) if signer else None
        operations.decide_on_paper(review, decision, opinion, told=paper or told(), decider_id=decider_id, actor=actor)
        return review


def passed(office: ClosingOffice, *people: Person) -> None:
    for position, person in enumerate(people, start=1):
        office.decide(person, position, PASS)


def chain(office: ClosingOffice, kinds: list[StepKind]) -> None:
    with writing():
        sources.set_chain(office.item().source, kinds, actor=SYSTEM)


def test_what_a_leader_signed_on_paper_is_theirs_and_marked_as_entered_by_the_office(office: ClosingOffice) -> None:
    with on(FILED):
        office.proved_and_applied()
        passed(office, office.head, office.clerk)
    with on(ENTERED):
        review = enter(office, 3, office.leader, opinion="同意销号")
    assert (review.decider_id, review.decided_on) == (office.id_of(office.leader), SIGNED)
    assert review.paper is not None
    assert (review.paper.entered_by_id, review.who) == (office.id_of(office.clerk), "李强")
    item = office.item()
    assert (item.state, item.closed_on) == (State.CLOSED, SIGNED), "it counts from the day on the paper"
    (entry,) = db.session.scalars(select_entries(subject=office.number, action="review.decide")).all()[:1]
    assert entry.actor_name == "陈静"
    assert "销号申请表签字件.pdf" in entry.details


def test_a_paper_older_than_the_application_counts_from_the_application(office: ClosingOffice) -> None:
    with on(ENTERED):
        office.proved_and_applied()
        for position, person in enumerate((office.head, office.clerk, office.leader), start=1):
            enter(office, position, person, by=office.clerk2)
    item = office.item()
    assert (item.closed_on, office.review(3).decided_on) == (ENTERED, SIGNED), (
        "nothing is closed before it was asked for"
    )


def test_four_eyes_count_who_signed(office: ClosingOffice) -> None:
    with on(ENTERED):
        with writing():
            an_account("副部长", Role.UNIT_HEAD, a_unit("组织部三"))
        office.prove()
        office.apply(office.handler)
        with pytest.raises(DomainError, match="无权审核"):
            enter(office, 1, office.handler)
        enter(office, 1, office.head)
        enter(office, 2, office.clerk2)
        with pytest.raises(Forbidden), writing():
            actor = office.acts(office.liaison)
            review = queries.get_review(db.session(), office.review(3).id, reach(actor), lock=True)
            operations.decide_on_paper(
                review, PASS, "", told=told(), decider_id=office.id_of(office.leader), actor=actor
            )
        with pytest.raises(DomainError):
            enter(office, 3, office.clerk2)


def test_the_applicant_does_not_enter_the_decision_on_an_own_application(office: ClosingOffice) -> None:
    with on(ENTERED):
        with writing():
            office.item(lock=True).handler_id = office.id_of(office.clerk)
        office.prove()
        office.apply(office.clerk)
        with pytest.raises(Forbidden, match="申请人"):
            enter(office, 1, office.head, by=office.clerk)
        enter(office, 1, office.head, by=office.clerk2)


def test_a_head_without_an_account_signs_on_paper(office: ClosingOffice) -> None:
    with on(ENTERED):
        with writing():
            db.session.delete(db.session.get_one(Person, office.id_of(office.head)).grants[0])
            signer = a_person("老部长")
        office.proved_and_applied()
        assert enter(office, 1, signer).who == "老部长"


@pytest.mark.parametrize("dated_on", [date(2026, 3, 15), ENTERED + timedelta(days=1)])
def test_a_paper_from_before_the_feedback_or_from_tomorrow_is_refused(office: ClosingOffice, dated_on: date) -> None:
    with on(ENTERED):
        office.proved_and_applied()
        with pytest.raises(DomainError):
            enter(office, 1, office.head, paper=told(dated_on))
        with pytest.raises(DomainError, match="不少于 10 个字"):
            enter(office, 1, office.head, RETURN, "请补充")
        enter(office, 1, office.head)
        with pytest.raises(DomainError, match="早于前一环节"):
            enter(office, 2, office.clerk2, paper=told(SIGNED - timedelta(days=1)))
    assert db.session.query(Paper).count() == 1, "a refused paper leaves nothing"


def test_a_decision_on_an_application_that_changed_meanwhile_is_refused(office: ClosingOffice) -> None:
    office.proved_and_applied()
    review_id, seen = office.review(1).id, office.review(1).application.version
    with writing():
        office.review(1).application.statement = "又改了"
    with pytest.raises(Stale), writing():
        actor = office.acts(office.head)
        review = queries.get_review(db.session(), review_id, reach(actor), lock=True)
        operations.decide(review, PASS, "", actor=actor, version=seen)


def a_meeting(office: ClosingOffice, *lines: tuple[int, Decision, str], number: str = "纪要〔2026〕8号") -> None:
    with writing():
        actor = office.acts(office.clerk)
        held = [
            Line(queries.get_review(db.session(), review_id, reach(actor), lock=True), decision, opinion)
            for review_id, decision, opinion in lines
        ]
        minutes = told(ENTERED, body="工委会议", title="工委会议", document_number=number)
        operations.decide_in_meeting(held, told=minutes, actor=actor)


def another(office: ClosingOffice) -> str:
    """A second item that waits for the meeting."""
    from tests.closure.test_views import _another_waiting

    first = office.number
    _another_waiting(office)
    numbers = [review.application.item.number for review in waiting_for_meeting(office)]
    assert first not in numbers[1:]
    return numbers[-1]


def waiting_for_meeting(office: ClosingOffice) -> list[Review]:
    session = db.session()
    return list(session.scalars(queries.select_waiting_on_meetings(office.acts(office.clerk))))


def test_one_meeting_decides_many_applications_under_one_number(office: ClosingOffice) -> None:
    with on(ENTERED):
        chain(office, [StepKind.COLLECTIVE])
        office.proved_and_applied()
        first = office.review(1).id
        number = another(office)
        waiting = [review.id for review in waiting_for_meeting(office)]
        assert len(waiting) == 2
        second = next(each for each in waiting if each != first)
        with pytest.raises(DomainError, match="编号"):
            a_meeting(office, (first, PASS, ""), number="")
        with pytest.raises(DomainError) as refusal:
            a_meeting(office, (first, PASS, ""), (second, RETURN, "短"))
        assert refusal.value.field == f"opinion-{second}"
        assert office.item().state is State.APPLIED, "all of them or none"
        a_meeting(office, (first, PASS, "同意销号"), (second, RETURN, DEMAND))
        assert office.item().state is State.CLOSED
        reviews = [db.session.get_one(Review, each) for each in (first, second)]
        assert {each.paper_id for each in reviews} == {db.session.query(Paper).one().id}
        assert [each.who for each in reviews] == ["工委会议"] * 2
        office.number = number
        assert (office.item().state, waiting_for_meeting(office)) == (State.WORKING, [])


def test_nobody_clicks_for_a_meeting(office: ClosingOffice) -> None:
    with on(ENTERED):
        chain(office, WITH_MEETING)
        office.proved_and_applied()
        passed(office, office.head, office.clerk, office.leader)
        assert office.item().state is State.APPLIED
        for person in (office.clerk2, office.leader):
            with pytest.raises(Forbidden):
                office.decide(person, 4, PASS)
        with pytest.raises(DomainError, match="会议"):
            enter(office, 4, office.leader)


def closed(office: ClosingOffice) -> None:
    chain(office, WITH_SUPERIOR)
    office.proved_and_applied()
    passed(office, office.head, office.clerk, office.leader)


def confirm(office: ClosingOffice, decision: Decision, words: str = "予以认定", dated_on: date = ENTERED) -> None:
    with writing():
        paper = told(dated_on, body="市纪委市监委", document_number="青纪函〔2026〕3号")
        operations.confirm(office.item(lock=True), decision, words, told=paper, actor=office.acts(office.clerk))


def test_the_superiors_step_holds_nothing_up_and_its_word_is_a_count_of_its_own(office: ClosingOffice) -> None:
    with on(FILED):
        closed(office)
        assert office.item().state is State.CLOSED
        with pytest.raises(DomainError, match="晚于今天"):
            confirm(office, PASS)
    with on(ENTERED):
        clerk = office.acts(office.clerk)
        assert [each.position for each in db.session().scalars(queries.select_unconfirmed(clerk))] == [4]
        confirm(office, PASS)
        item = office.item()
        assert (item.state, item.closed_on, item.confirmed_on) == (State.CLOSED, FILED, ENTERED)
        assert list_changes(db.session(), item.id)[-1].event is Event.CONFIRM
        assert office.review(4).who == "市纪委市监委"
        with pytest.raises(Conflict, match="已于"):
            confirm(office, PASS)


def test_what_the_superior_refuses_goes_back_to_work_with_the_demand(office: ClosingOffice) -> None:
    with on(ENTERED):
        closed(office)
        with pytest.raises(DomainError):
            confirm(office, RETURN, "不行")
        confirm(office, RETURN, DEMAND)
        item = office.item()
        assert (item.state, item.closed_on, item.own_word) == (State.WORKING, None, OwnWord.NONE)
        assert office.review(4).application.state is ApplicationState.RETURNED
        second = office.apply()
        assert (second.round, [each.decision for each in second.reviews]) == (2, [None] * 4)


def test_a_chain_without_the_superior_gets_the_step_with_the_confirmation(office: ClosingOffice) -> None:
    with on(ENTERED):
        office.proved_and_applied()
        passed(office, office.head, office.clerk, office.leader)
        confirm(office, PASS)
        assert office.review(4).kind is StepKind.SUPERIOR


def test_only_what_is_closed_is_confirmed_and_only_by_the_office(office: ClosingOffice) -> None:
    with on(ENTERED):
        office.proved_and_applied()
        with pytest.raises(Conflict):
            confirm(office, PASS)
        passed(office, office.head, office.clerk, office.leader)
        with pytest.raises(Forbidden), writing():
            paper = told(ENTERED, body="市纪委市监委")
            operations.confirm(office.item(lock=True), PASS, "", told=paper, actor=office.acts(office.liaison))
