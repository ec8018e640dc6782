"""Putting decisions right and taking items up again, on real databases."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.corrections.correcting import REFUSE, REOPEN, WHY, CorrectingOffice
from tests.extensions.extending import DUE, GRANT
from tracker.closure import operations as closure
from tracker.closure import queries as applications
from tracker.closure.rules import ApplicationState, Decision
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden, Stale
from tracker.desk.queries.waits import Wait, list_waits
from tracker.extensions.rules import ExtensionState
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.models import ItemChange
from tracker.items.queries import holds_at
from tracker.items.rules import Event, OwnWord, State
from tracker.outbox.models import Message
from tracker.requests.rules import RequestState


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-06-24T09:00:00+08:00") as traveller:
        yield traveller


@pytest.fixture
def office(app: Flask, travel: time_machine.Traveller) -> CorrectingOffice:
    with writing():
        return CorrectingOffice()


def state_at(office: CorrectingOffice, day: date, known_at: object = None) -> State | None:
    held = holds_at(day, known_at)  # type: ignore[arg-type]
    return db.session.scalar(select(ItemChange.state).where(ItemChange.item_id == office.item().id, held))


def test_a_wrong_closing_is_taken_back_and_what_was_known_then_stays(
    office: CorrectingOffice, travel: time_machine.Traveller
) -> None:
    office.close()
    closed_on, known_then = clock.today(), clock.now()
    travel.move_to("2026-07-03T09:00:00+08:00")
    correction_id = office.ask_correction()
    assert office.item().state is State.CLOSED, "asking changes nothing"
    office.approve(correction_id, office.clerk2)
    item = office.item()
    assert (item.state, item.closed_on, item.changed_on) == (State.APPLIED, None, closed_on)
    change = ledger.list_changes(db.session(), item.id)[-1]
    assert (change.event, change.effective_on, change.reason) == (Event.CORRECT, closed_on, WHY)
    assert clock.civil_date(change.recorded_at) == date(2026, 7, 3), "both dates are kept"
    assert state_at(office, closed_on) is State.APPLIED
    assert state_at(office, closed_on, known_then) is State.CLOSED
    correction = office.correction(correction_id)
    assert (correction.wrong, correction.wrong_on, correction.state) == (Event.CLOSE, closed_on, "approved")


def test_after_a_wrong_closing_its_last_step_is_decided_once_more(office: CorrectingOffice) -> None:
    office.close()
    office.approve(office.ask_correction(), office.clerk2)
    application = applications.find_last(db.session(), office.item().id)
    assert application is not None
    assert application.state is ApplicationState.PENDING
    told = [(review.kind, review.decision, review.is_undone) for review in application.reviews]
    assert told[2:] == [("leader", Decision.PASS, True), ("leader", None, False)]
    waiting = db.session.scalars(applications.select_waiting(office.acts(office.leader))).all()
    assert [review.position for review in waiting] == [4]
    office.decide(office.leader, 4, Decision.RETURN, "签到表须重新核实后再报。")
    assert office.item().state is State.WORKING


def test_a_wrong_return_lets_the_steps_go_on_where_they_were(office: CorrectingOffice) -> None:
    office.proved_and_applied()
    office.decide(office.head, 1, Decision.PASS)
    office.decide(office.clerk, 2, Decision.RETURN, "缺4月、5月学习记录，请补签到表。")
    office.approve(office.ask_correction(reason="材料其实齐全"), office.clerk2)
    item = office.item()
    assert (item.state, item.own_word, item.own_word_on) == (State.APPLIED, OwnWord.COMPLETED, clock.today())
    application = applications.find_last(db.session(), item.id)
    assert application is not None
    assert [review.kind for review in application.reviews] == ["unit_head", "office", "office", "leader"]
    office.decide(office.clerk, 3, Decision.PASS)
    office.decide(office.leader, 4, Decision.PASS)
    assert office.item().state is State.CLOSED


def test_a_wrong_withdrawal_is_taken_back_to_where_the_item_was(office: CorrectingOffice) -> None:
    with writing():
        items.withdraw(office.item(lock=True), actor=office.acts(office.clerk), reason="上级同意核减")
    office.approve(office.ask_correction(), office.leader)
    assert office.item().state is State.WORKING


def test_a_wrong_extension_gives_the_old_date_back(office: CorrectingOffice) -> None:
    extension_id = office.ask()
    for person in (office.clerk, office.leader):
        office.rule(extension_id, person, GRANT)
    office.approve(office.ask_correction(reason="未经会议研究"), office.clerk2)
    item = office.item()
    assert (item.due_on, item.first_due_on, item.extensions, item.state) == (DUE, DUE, 0, State.WORKING)
    assert office.extension(extension_id).state is ExtensionState.UNDONE
    office.ask()


def test_a_closed_item_that_relapses_is_taken_up_again_from_today(
    office: CorrectingOffice, travel: time_machine.Traveller
) -> None:
    office.close()
    closed_on = clock.today()
    travel.move_to("2026-09-01T09:00:00+08:00")
    office.approve(office.ask_correction(REOPEN, "回头看发现问题反弹"), office.leader)
    item = office.item()
    assert (item.state, item.closed_on, item.own_word, item.changed_on) == (
        State.WORKING,
        None,
        OwnWord.NONE,
        date(2026, 9, 1),
    )
    assert state_at(office, closed_on) is State.CLOSED, "it was closed rightly"


def test_whoever_asked_never_approves_nor_does_a_party(office: CorrectingOffice) -> None:
    office.close()
    correction_id = office.ask_correction()
    with pytest.raises(Forbidden, match="申请人"):
        office.approve(correction_id, office.clerk)
    with pytest.raises(Forbidden):
        office.approve(correction_id, office.head)
    for person in (office.head, office.liaison, office.leader):
        with pytest.raises(Forbidden):
            office.ask_correction(person=person)


def test_a_refusal_tells_why_and_changes_nothing(office: CorrectingOffice) -> None:
    office.close()
    correction_id = office.ask_correction()
    with pytest.raises(DomainError):
        office.approve(correction_id, office.leader, REFUSE)
    office.approve(correction_id, office.leader, REFUSE, "签到表经核实属实")
    assert (office.item().state, office.correction(correction_id).state) == (State.CLOSED, RequestState.REFUSED)
    with pytest.raises(Conflict):
        office.approve(correction_id, office.clerk2)


def test_it_is_asked_once_and_of_the_last_decision_only(office: CorrectingOffice) -> None:
    with pytest.raises(Conflict, match="没有可以冲正"):
        office.ask_correction()
    office.close()
    office.ask_correction()
    with pytest.raises(AlreadyThere):
        office.ask_correction()
    with pytest.raises(Conflict, match="等待审批"):
        office.ask_correction(REOPEN, "问题反弹", office.clerk2)


def test_what_moved_on_meanwhile_is_not_put_right_any_more(office: CorrectingOffice) -> None:
    office.close()
    correction_id = office.ask_correction()
    with writing():
        closure.reopen(office.item(lock=True), actor=office.acts(office.clerk), reason="另有处理")
    with pytest.raises(Conflict, match="又有变动"):
        office.approve(correction_id, office.clerk2)


def test_two_who_decide_at_once_are_told_of_each_other(office: CorrectingOffice) -> None:
    office.close()
    correction_id = office.ask_correction()
    office.approve(correction_id, office.clerk2, version=1)
    with pytest.raises(Stale) as refusal:
        office.approve(correction_id, office.leader, REFUSE, "不必冲正", version=1)
    assert "何芳" in str(refusal.value.stored)


def test_on_paper_it_is_entered_by_somebody_else_and_four_eyes_count_the_signer(office: CorrectingOffice) -> None:
    office.close()
    correction_id = office.ask_correction()
    with pytest.raises(Forbidden, match="代录"):
        office.approve_on_paper(correction_id, "李强", clock.today(), office.clerk)
    with pytest.raises(Forbidden, match="申请人"):
        office.approve_on_paper(correction_id, "陈静", clock.today())
    office.approve_on_paper(correction_id, "李强", clock.today())
    assert (office.item().state, office.correction(correction_id).is_on_paper) == (State.APPLIED, True)


def test_those_who_may_approve_are_told_and_find_it_on_their_desk(office: CorrectingOffice) -> None:
    office.close()
    correction_id = office.ask_correction()

    def told(kind: str) -> set[str]:
        return {each.person.name for each in db.session.scalars(select(Message).where(Message.kind == kind))}

    assert told("correction_waits") == {"何芳", "李强"}
    people = (office.clerk, office.clerk2, office.leader, office.head)
    flags = [
        [each.flag for each in list_waits(db.session(), office.acts(person)) if each.what == Wait.CORRECTION]
        for person in people
    ]
    assert flags == [[False], [True], [True], []]
    office.approve(correction_id, office.leader)
    assert told("correction_decided") == {"陈静", "孙浩"}
