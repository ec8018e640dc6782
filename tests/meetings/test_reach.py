"""Who may see and do what of a meeting."""

from dataclasses import replace
from datetime import date

import pytest
from factories import an_account
from meetings.halls import CALLED, Office

from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.core.errors import Forbidden
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.meetings import operations, queries
from tracker.meetings.models import Meeting
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.progress import operations as progress
from tracker.sources.models import Source


def test_a_unit_head_sees_the_own_items_alone_even_in_a_count(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    for address in (f"/meetings/{meeting_id}", f"/meetings/{meeting_id}/present"):
        own = office.browser("周宁").get(address).text
        assert "别的部的问题" in own
        assert "拖着没改的问题" not in own
        assert "组织部" not in own
        assert "25%" not in own
        assert "拖着没改的问题" in office.browser("李强").get(address).text


def test_a_leader_of_all_units_sees_what_the_last_meeting_decided_and_a_head_of_another_unit_does_not(
    office: Office,
) -> None:
    office.decide(
        office.call(held_on=date(2026, 7, 30), as_of=date(2026, 7, 30)), text="补齐记录", deadline_text="8月底前"
    )
    second = office.call()
    office.freeze(second)
    assert "补齐记录" in office.browser("李强").get(f"/meetings/{second}").text
    assert "补齐记录" in office.browser("王敏").get(f"/meetings/{second}").text
    assert "补齐记录" not in office.browser("周宁").get(f"/meetings/{second}").text


def test_a_unit_that_lost_what_it_was_told_to_do_reads_nothing_of_who_does_it_now(office: Office) -> None:
    first = office.call(held_on=date(2026, 7, 30), as_of=date(2026, 7, 30), title="第一次会议")
    decision_id = office.decide(first, deadline_text="8月底前")
    office.issue_minutes(first)
    with office.app.app_context(), writing():
        item = queries.get_decision(db.session(), decision_id).item
        assert item is not None
        number, other = item.number, people.find_units(db.session(), ["宣传部"])["宣传部"]
        items.assign(item, items.Assignment(lead_unit_id=other.id), actor=SYSTEM)
        for event in (Event.ISSUE, Event.ACCEPT):
            items.move_on(item, event, actor=SYSTEM)
        progress.write_entry(item, "宣传部自己的进展", actor=office.actor("周宁"))
    second = office.call()
    office.freeze(second)
    for address in (f"/meetings/{first}", f"/meetings/decisions/{decision_id}", f"/meetings/{second}"):
        page = office.browser("王敏").get(address).text
        assert "补齐学习记录" in page
        assert number not in page
        assert "宣传部自己的进展" not in page
    assert number in office.browser("李强").get(f"/meetings/{second}").text


def test_only_the_office_holds_meetings(office: Office) -> None:
    meeting_id = office.call()
    pages = ("new", f"{meeting_id}/edit", f"{meeting_id}/agenda", f"{meeting_id}/freeze", f"{meeting_id}/minutes")
    for name in ("李强", "王敏", "孙丽"):
        browser = office.browser(name)
        for page in (*pages, f"{meeting_id}/decisions/new"):
            assert browser.get(f"/meetings/{page}").status_code == 403, (name, page)
            assert browser.post(f"/meetings/{page}").status_code == 403, (name, page)
    assert office.browser("孙丽").get("/meetings").status_code == 403


def test_an_office_of_one_unit_holds_no_meeting_about_the_whole_organ(office: Office) -> None:
    with office.app.app_context(), writing():
        unit = people.find_units(db.session(), ["组织部"])["组织部"]
        an_account("吴杰", Role.OFFICE, unit)
        unit_id = unit.id
    with office.app.app_context(), writing():
        actor = office.actor("吴杰")
        assert operations.call(replace(CALLED, unit_id=unit_id), actor=actor).unit_id == unit_id
        with pytest.raises(Forbidden):
            operations.call(CALLED, actor=actor)
    meeting_id = office.call(unit_id=unit_id)
    office.decide(meeting_id, deadline_text="8月20日前")
    office.issue_minutes(meeting_id, by="吴杰")
    with office.app.app_context():
        meeting = db.session.get_one(Meeting, meeting_id)
        assert db.session.query(Item).filter_by(source_id=meeting.produced_id).one().lead_unit_id == unit_id


def test_a_meeting_on_a_source_with_named_readers_is_known_to_these_alone(office: Office) -> None:
    with office.app.app_context(), writing():
        source = db.session.query(Source).one()
        items.name_source_readers(source, [db.session.query(Person).filter_by(name="李强").one()], actor=SYSTEM)
        source_id = source.id
    meeting_id = office.call(source_id=source_id)
    assert office.browser("李强").get(f"/meetings/{meeting_id}").status_code == 200
    assert office.browser("周宁").get(f"/meetings/{meeting_id}").status_code == 404
    assert "7月整改工作调度会" not in office.browser("周宁").get("/meetings").text
