"""What a meeting decides, by when, and what the minutes make of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest
import time_machine
from factories import by_date
from meetings.halls import CALLED, TODAY, Office

from tracker.access.rules import SYSTEM
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, DomainError
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import ItemKind, State
from tracker.meetings import operations, queries
from tracker.meetings.models import Meeting, MeetingDecision
from tracker.org import queries as people
from tracker.outbox.models import Message
from tracker.sources.models import Source, SourceMilestone


def test_minutes_wait_for_frozen_data(office: Office) -> None:
    meeting_id = office.call()
    with pytest.raises(Conflict, match="请先锁定数据"), office.app.app_context(), writing():
        meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
        operations.issue_minutes(meeting, "", TODAY, actor=office.actor("陈静"))


def test_another_day_for_the_meeting_reckons_deadlines_anew(office: Office) -> None:
    meeting_id = office.call()
    decision_id = office.decide(meeting_id, deadline_text="一周内")
    with office.app.app_context(), writing():
        assert queries.get_decision(db.session(), decision_id).due_on == date(2026, 8, 7)
        meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
        operations.change(meeting, replace(CALLED, held_on=date(2026, 8, 3)), actor=office.actor("陈静"))
    with office.app.app_context():
        assert queries.get_decision(db.session(), decision_id).due_on == date(2026, 8, 10)


def test_a_decision_is_for_a_unit_that_the_meeting_is_about(office: Office) -> None:
    with office.app.app_context():
        units = people.find_units(db.session(), ["组织部", "宣传部"])
        own, other = units["组织部"].id, units["宣传部"].id
    meeting_id = office.call(unit_id=own)
    with pytest.raises(DomainError, match="牵头单位不在这次会议的单位范围内"):
        office.decide(meeting_id, lead_unit_id=other)
    office.decide(meeting_id, lead_unit_id=own)


def test_a_deadline_that_the_office_set_itself_is_not_asked_for_any_more(office: Office) -> None:
    meeting_id = office.call()
    decision_id = office.decide(meeting_id)
    office.issue_minutes(meeting_id)
    with office.app.app_context(), writing():
        item = queries.get_decision(db.session(), decision_id).item
        assert item is not None
        items.assign(item, items.Assignment(deadline=by_date(date(2026, 9, 30))), actor=SYSTEM)
    head = office.browser("王敏")
    assert f'href="/meetings/decisions/{decision_id}"' not in head.get("/").text
    answer = head.post(f"/meetings/decisions/{decision_id}", data={"deadline": "8月20日前", "version": "2"})
    assert answer.status_code == 409


def test_the_last_draft_voided_hands_the_milestone_in_too(office: Office) -> None:
    meeting_id = office.call()
    decision_id = office.decide(meeting_id, deadline_text="8月20日前")
    office.issue_minutes(meeting_id)
    with office.app.app_context(), writing():
        item = queries.get_decision(db.session(), decision_id).item
        assert item is not None
        items.void(item, reason="重复", actor=SYSTEM)
    with office.app.app_context():
        assert db.session.query(SourceMilestone).one().handed_in_on == TODAY


def test_a_decision_without_a_deadline_asks_the_head_of_the_lead_unit_who_names_it(office: Office) -> None:
    meeting_id = office.call()
    decision_id = office.decide(meeting_id)
    with office.app.app_context():
        asked = {each.person.name for each in db.session.query(Message).filter_by(kind="deadline_asked")}
    assert asked == {"王敏"}
    head, address = office.browser("王敏"), f"/meetings/decisions/{decision_id}"
    assert f'href="{address}"' in head.get("/").text
    assert f'href="{address}"' not in office.browser("周宁").get("/").text
    assert "请牵头单位提出" in head.get(address).text
    assert head.post(address, data={"deadline": "前天", "version": "1"}).status_code == 422
    assert head.post(address, data={"deadline": "2026年7月1日", "version": "1"}).status_code == 422
    assert head.post(address, data={"deadline": "8月20日前", "version": "1"}).status_code == 303
    with office.app.app_context():
        decision = db.session.get_one(MeetingDecision, decision_id)
        assert (decision.due_on, decision.given_by.name) == (date(2026, 8, 20), "王敏")
    assert f'href="{address}"' not in head.get("/").text
    assert office.browser("周宁").get(address).status_code == 404
    assert head.post(address, data={"deadline": "9月1日", "version": "2"}).status_code == 409


def test_a_decision_with_a_deadline_asks_nobody(office: Office) -> None:
    office.decide(office.call(), deadline_text="8月20日前")
    with office.app.app_context():
        assert db.session.query(Message).filter_by(kind="deadline_asked").count() == 0


def test_minutes_turn_decisions_into_drafts_to_be_issued_within_three_working_days(office: Office) -> None:
    meeting_id = office.call()
    office.decide(meeting_id, deadline_text="8月20日前", acceptance="记录齐全")
    dropped = office.decide(meeting_id, text="说错了的一句", deadline_text="9月1日")
    with office.app.app_context(), writing():
        operations.drop(db.session.get_one(MeetingDecision, dropped), "口误", actor=office.actor("陈静"))
    with time_machine.travel("2026-08-03T10:00:00+08:00", tick=False):
        browser, told = office.browser("陈静"), {"number": "第7期", "issued_on": "2026-08-03"}
        # Two lines were noted and one was taken back since the meeting was called.
        assert browser.post(f"/meetings/{meeting_id}/minutes", data={**told, "version": "1"}).status_code == 409
        assert browser.post(f"/meetings/{meeting_id}/minutes", data={**told, "version": "4"}).status_code == 409
        office.freeze(meeting_id)
        assert browser.post(f"/meetings/{meeting_id}/minutes", data={**told, "version": "4"}).status_code == 303
        with office.app.app_context():
            meeting = db.session.get_one(Meeting, meeting_id)
            (item,) = db.session.query(Item).filter_by(source_id=meeting.produced_id)
            assert (item.kind, item.state, item.finding) == (ItemKind.TASK, State.DRAFT, "补齐学习记录")
            assert (item.due_on, item.goal, item.lead_unit.name) == (date(2026, 8, 20), "记录齐全", "组织部")
            milestone = db.session.query(SourceMilestone).filter_by(source_id=meeting.produced_id).one()
            assert (milestone.due_on, milestone.handed_in_on) == (date(2026, 8, 6), None)
        with office.app.app_context(), writing():
            items.issue(db.session.query(Item).filter_by(number=item.number).all(), actor=SYSTEM)
        with office.app.app_context():
            milestone = db.session.query(SourceMilestone).filter_by(source_id=meeting.produced_id).one()
            assert milestone.handed_in_on == date(2026, 8, 3)


def test_a_deadline_named_after_the_minutes_dates_the_draft(office: Office) -> None:
    meeting_id = office.call()
    decision_id = office.decide(meeting_id)
    office.issue_minutes(meeting_id)
    with office.app.app_context(), writing():
        decision = queries.get_decision(db.session(), decision_id, lock=True)
        assert decision.item is not None
        assert decision.item.due_on is None
        operations.give_deadline(decision, "8月底前", actor=office.actor("王敏"))
    with office.app.app_context():
        decision = queries.get_decision(db.session(), decision_id)
        assert decision.item is not None
        assert decision.item.due_on == date(2026, 8, 31)


def test_nothing_of_a_meeting_changes_once_its_minutes_are_issued(office: Office) -> None:
    meeting_id = office.call()
    decision_id = office.decide(meeting_id, deadline_text="8月20日前")

    office.issue_minutes(meeting_id)
    with pytest.raises(AlreadyThere):
        office.issue_minutes(meeting_id)
    with pytest.raises(Conflict):
        office.decide(meeting_id, text="又一条")
    with pytest.raises(Conflict):
        office.freeze(meeting_id)
    browser = office.browser("陈静")
    assert (
        browser.post(f"/meetings/decisions/{decision_id}/drop", data={"reason": "口误", "version": "1"}).status_code
        == 409
    )
    for page in ("edit", "agenda"):
        assert browser.get(f"/meetings/{meeting_id}/{page}").status_code == 409


def test_a_deadline_that_passed_before_the_minutes_is_named_by_its_line(office: Office) -> None:
    meeting_id = office.call()
    office.decide(meeting_id, deadline_text="8月2日")
    with time_machine.travel("2026-08-03T10:00:00+08:00", tick=False):
        with pytest.raises(DomainError, match="第1条的完成时限早于纪要印发日期"):
            office.issue_minutes(meeting_id, date(2026, 8, 3))
        with office.app.app_context():
            assert db.session.query(Source).count() == 1


def test_the_same_line_noted_twice_is_noted_once(office: Office) -> None:
    meeting_id = office.call()
    office.decide(meeting_id, deadline_text="8月20日前")
    with pytest.raises(AlreadyThere):
        office.decide(meeting_id, deadline_text="8月20日前")


def test_two_who_note_at_once_get_two_numbers(office: Office) -> None:
    meeting_id, both = office.call(), Barrier(2, timeout=20)

    def note(text: str) -> None:
        both.wait()
        office.decide(meeting_id, text=text, deadline_text="8月20日前")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(note, ["甲事", "乙事"]))
    with office.app.app_context():
        assert [each.position for each in queries.list_decisions(db.session(), meeting_id)] == [1, 2]
