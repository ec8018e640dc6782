"""Meetings over real databases: freezing, deciding, minutes, and who may see and do what."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from threading import Barrier
from zipfile import ZipFile

import pytest
import time_machine
from factories import a_source, a_unit, an_account, an_issued_item, an_item, by_date, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from tracker.access.rules import SYSTEM, Role, reach
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden, Stale
from tracker.figures.queries import tally_wholes
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event, ItemKind, State
from tracker.meetings import operations, queries
from tracker.meetings.frozen import read
from tracker.meetings.models import Meeting, MeetingDecision, MeetingFreeze
from tracker.meetings.rules import MeetingKind, PointKind
from tracker.meetings.standings import by_unit, tally_of
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.progress import operations as progress
from tracker.sources.models import Source, SourceMilestone

TODAY = date(2026, 7, 31)
CALLED = operations.Called(MeetingKind.DISPATCH, "7月整改工作调度会", TODAY, TODAY)


@pytest.fixture(autouse=True)
def _friday() -> object:
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False) as traveller:
        yield traveller


@dataclass
class Office:
    """An office and two units, each with a head; of four items one is closed, one overdue, one at work, one a draft."""

    app: Flask
    numbers: dict[str, str]

    def actor(self, name: str) -> object:
        person = db.session.query(Person).filter_by(name=name).one()
        return people.load_actor(db.session(), person)

    def browser(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        with self.app.app_context():
            sign_in(client, db.session.query(Person).filter_by(name=name).one())
        return client

    def call(self, **changed: object) -> int:
        with self.app.app_context(), writing():
            return operations.call(replace(CALLED, **changed), actor=self.actor("陈静")).id

    def freeze(self, meeting_id: int, *, reason: str = "") -> None:
        with self.app.app_context(), writing():
            actor = self.actor("陈静")
            meeting = queries.lock_meeting(db.session(), meeting_id, actor)
            frozen = operations.collect(db.session(), meeting, seen=reach(actor), at=operations.moment())
            operations.freeze(meeting, frozen, reason=reason, actor=actor)

    def decide(self, meeting_id: int, **changed: object) -> int:
        with self.app.app_context(), writing():
            actor = self.actor("陈静")
            meeting = queries.lock_meeting(db.session(), meeting_id, actor)
            unit = people.find_units(db.session(), ["组织部"])["组织部"]
            decided = operations.Decided(**{"text": "补齐学习记录", "lead_unit_id": unit.id, **changed})
            return operations.note_decision(meeting, decided, actor=actor).id

    def issue_minutes(self, meeting_id: int, day: date = TODAY, *, by: str = "陈静") -> None:
        """Freeze what is not frozen yet, and issue the minutes."""
        with self.app.app_context():
            is_frozen = queries.last_serial(db.session(), meeting_id) > 0
            db.session.rollback()
        if not is_frozen:
            self.freeze(meeting_id)
        with self.app.app_context(), writing():
            meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
            operations.issue_minutes(meeting, "第7期", day, actor=self.actor(by))

    def close(self, name: str) -> None:
        with self.app.app_context(), writing():
            item = db.session.query(Item).filter_by(number=self.numbers[name]).one()
            for event in (Event.ACCEPT, Event.APPLY, Event.CLOSE):
                told = {"closed_on": clock.today()} if event is Event.CLOSE else {}
                items.move_on(item, event, actor=SYSTEM, **told)


@pytest.fixture
def office(empty_app: Flask) -> Office:
    with time_machine.travel("2026-07-01T10:00:00+08:00", tick=False), empty_app.app_context(), writing():
        root, unit, other = a_unit("市直机关工委"), a_unit("组织部"), a_unit("宣传部")
        an_account("陈静", Role.OFFICE, root)
        an_account("李强", Role.LEADER, root)
        an_account("王敏", Role.UNIT_HEAD, unit)
        an_account("周宁", Role.UNIT_HEAD, other)
        an_account("孙丽", Role.ADMINISTRATOR, root)
        source = a_source()
        made = {
            "改好": an_issued_item(source=source, lead_unit=unit, finding="已经改好的问题"),
            "拖着": an_issued_item(source=source, lead_unit=unit, due_on=date(2026, 7, 15), finding="拖着没改的问题"),
            "别部": an_issued_item(source=source, lead_unit=other, due_on=date(2026, 12, 31), finding="别的部的问题"),
            "草稿": an_item(source, finding="还没有下发的问题"),
        }
        for event in (Event.ACCEPT, Event.APPLY, Event.CLOSE):
            items.move_on(
                made["改好"], event, actor=SYSTEM, **({"closed_on": clock.today()} if event is Event.CLOSE else {})
            )
        actor = people.load_actor(db.session(), db.session.query(Person).filter_by(name="王敏").one())
        aside = progress.Aside("经费没有落实", "八月补齐")
        items.move_on(made["拖着"], Event.ACCEPT, actor=SYSTEM)
        progress.write_entry(made["拖着"], "已列出清单", actor=actor, aside=aside)
        return Office(empty_app, {name: item.number for name, item in made.items()})


def test_an_agenda_proposes_what_there_is_to_say(office: Office) -> None:
    first = office.call(held_on=date(2026, 7, 30), as_of=date(2026, 7, 30))
    office.decide(first)
    second = office.call()
    with office.app.app_context():
        kinds = {
            each: [point.kind for point in queries.get_meeting(db.session(), each, SYSTEM).points]
            for each in (first, second)
        }
    assert kinds[first] == [PointKind.UNITS, PointKind.OVERDUE, PointKind.OWN]
    assert kinds[second] == [PointKind.LAST, PointKind.UNITS, PointKind.OVERDUE, PointKind.OWN]


def test_frozen_data_are_those_of_the_ledger_with_what_the_units_told(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    with office.app.app_context():
        session = db.session()
        frozen = read(queries.get_freeze(session, meeting_id).content)
        meeting = queries.get_meeting(session, meeting_id, SYSTEM)
        question = operations.question_of(meeting, frozen.known_at)
        assert tally_wholes(session, [question], reach(SYSTEM))[0] == tally_of(frozen.items, TODAY, 7)
    assert (frozen.figures["total"], frozen.figures["closed"], frozen.figures["closure_rate"]) == (4, 1, "25%")
    worst = by_unit(frozen)[0]
    (late,) = worst.unfinished
    assert (worst.unit, late.progress, late.obstacle, late.next_step) == (
        "组织部",
        "已列出清单",
        "经费没有落实",
        "八月补齐",
    )


def test_what_is_recorded_later_changes_nothing_that_was_frozen(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    browser = office.browser("陈静")
    before = browser.get(f"/meetings/{meeting_id}").text
    office.close("别部")
    after = browser.get(f"/meetings/{meeting_id}").text
    assert "25%" in before
    assert "没有销号和重开" in before
    assert "新销号1" in after
    assert "25%（1 ÷ 4）" in re.sub(r"<[^>]+>", "", after)
    with office.app.app_context():
        assert read(queries.get_freeze(db.session(), meeting_id).content).figures["closed"] == 1


def test_freezing_again_asks_why_and_keeps_what_was_frozen_before(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    office.close("别部")
    with pytest.raises(DomainError, match="重新锁定请写明原因"):
        office.freeze(meeting_id)
    office.freeze(meeting_id, reason="补录一件销号")
    with office.app.app_context():
        rates = [
            read(queries.get_freeze(db.session(), meeting_id, serial).content).figures["closure_rate"]
            for serial in (1, 2)
        ]
    assert rates == ["25%", "50%"]
    page = office.browser("陈静").get(f"/meetings/{meeting_id}?freeze=1").text
    assert "陈静锁定，第1次" in page
    assert "补录一件销号" in page


def test_what_is_frozen_by_somebody_who_reads_english_is_chinese_all_the_same(office: Office) -> None:
    meeting_id, browser = office.call(), office.browser("陈静")
    browser.post("/language", data={"language": "en"})
    assert "Freeze" in browser.get(f"/meetings/{meeting_id}").text
    assert browser.post(f"/meetings/{meeting_id}/freeze", data={}).status_code == 303
    with office.app.app_context():
        frozen = read(queries.get_freeze(db.session(), meeting_id).content)
    assert frozen.scope == "全部单位；全部来源；问题和任务"
    assert frozen.definition.startswith("全部反馈事项")


def test_a_day_that_has_not_come_is_not_frozen(office: Office) -> None:
    meeting_id = office.call(held_on=date(2026, 8, 3), as_of=date(2026, 8, 3))
    with pytest.raises(DomainError, match="还没有到"):
        office.freeze(meeting_id)


def test_content_that_somebody_changed_in_the_database_is_reported_on_the_page(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    with office.app.app_context(), writing():
        content = queries.get_freeze(db.session(), meeting_id).content
        changed = content.replace('"closed":1', '"closed":2')
        assert changed != content
        db.session.execute(update(MeetingFreeze).values(content=changed))
    assert "与校验码不符" in office.browser("陈静").get(f"/meetings/{meeting_id}").text


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


def test_minutes_wait_for_frozen_data(office: Office) -> None:
    meeting_id = office.call()
    with pytest.raises(Conflict, match="请先锁定数据"), office.app.app_context(), writing():
        meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
        operations.issue_minutes(meeting, "", TODAY, actor=office.actor("陈静"))


def test_a_meeting_changed_while_its_data_are_read_is_not_frozen_with_them(office: Office) -> None:
    meeting_id = office.call()
    with office.app.app_context(), writing():
        actor = office.actor("陈静")
        meeting = queries.lock_meeting(db.session(), meeting_id, actor)
        frozen = operations.collect(db.session(), meeting, seen=reach(actor), at=operations.moment())
        version = meeting.version
        operations.change(meeting, replace(CALLED, item_kind=ItemKind.TASK), actor=actor)
    with pytest.raises(Conflict, match="有人修改了会议"), office.app.app_context(), writing():
        meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
        operations.freeze(meeting, frozen, actor=office.actor("陈静"), version=version)


def test_data_read_before_others_were_frozen_do_not_replace_them(office: Office) -> None:
    meeting_id = office.call()
    with office.app.app_context(), writing():
        actor = office.actor("陈静")
        meeting = queries.lock_meeting(db.session(), meeting_id, actor)
        early = operations.collect(db.session(), meeting, seen=reach(actor), at=operations.moment())
    office.freeze(meeting_id)
    with pytest.raises(Conflict), office.app.app_context(), writing():
        meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
        operations.freeze(meeting, early, reason="慢了一步", actor=office.actor("陈静"))


def test_a_meeting_to_come_shows_the_figures_of_today_and_every_link_of_them_answers(office: Office) -> None:
    meeting_id = office.call(held_on=date(2026, 8, 31), as_of=date(2026, 8, 31))
    browser = office.browser("李强")
    page = browser.get(f"/meetings/{meeting_id}").text
    assert "截至2026年7月31日" in page
    links = set(re.findall(r'href="(/figures/items[^"]+)"', page))
    assert links
    for link in links:
        assert browser.get(link.replace("&amp;", "&")).status_code == 200


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


def test_changed_content_is_neither_shown_on_the_wall_nor_printed(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    with office.app.app_context(), writing():
        db.session.execute(update(MeetingFreeze).values(content="{}"))
    browser = office.browser("陈静")
    for address in ("", "/present", "/compare", "/papers", "/papers/brief.docx"):
        answer = browser.get(f"/meetings/{meeting_id}{address}")
        assert answer.status_code == 409, address
        assert "与校验码不符" in answer.text


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


def test_who_orders_the_agenda_after_somebody_else_is_shown_both(office: Office) -> None:
    meeting_id = office.call()
    with office.app.app_context(), writing():
        meeting, actor = queries.lock_meeting(db.session(), meeting_id, SYSTEM), office.actor("陈静")
        points = [operations.Point(PointKind.OWN, "研究经费"), operations.Point(PointKind.UNITS, "各单位情况")]
        operations.set_agenda(meeting, points, actor=actor, version=1)
    with office.app.app_context(), writing(), pytest.raises(Stale):
        meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
        operations.set_agenda(meeting, points[:1], actor=office.actor("陈静"), version=1)
    page = office.browser("陈静").get(f"/meetings/{meeting_id}").text
    assert page.index("研究经费") < page.index("各单位情况")


def test_an_agenda_is_ordered_worded_and_shortened_on_its_page(office: Office) -> None:
    meeting_id, browser = office.call(), office.browser("陈静")
    typed = {
        "version": "1",
        "points-0-kind": "units",
        "points-0-order": "2",
        "points-0-title": "各单位情况",
        "points-1-kind": "overdue",
        "points-1-title": "逾期",
        "points-1-is_dropped": "y",
        "points-2-kind": "own",
        "points-2-order": "1",
        "points-2-title": "研究经费",
    }
    assert browser.post(f"/meetings/{meeting_id}/agenda", data=typed).status_code == 303
    with office.app.app_context():
        points = queries.get_meeting(db.session(), meeting_id, SYSTEM).points
        assert [(each.kind, each.title) for each in points] == [
            (PointKind.OWN, "研究经费"),
            (PointKind.UNITS, "各单位情况"),
        ]


def test_the_overview_of_figures_tells_what_changed_since_the_last_meeting(office: Office) -> None:
    assert "较7月整改工作调度会" not in office.browser("李强").get("/figures").text
    meeting_id = office.call()
    office.freeze(meeting_id)
    office.close("别部")
    page = office.browser("李强").get("/figures").text
    assert "较7月整改工作调度会" in page
    assert re.search(r'href="/figures/difference[^"]*since_known_at=[^"]*"', page)


def test_two_frozen_meetings_are_compared_item_by_item(office: Office) -> None:
    first = office.call(held_on=date(2026, 7, 30), as_of=date(2026, 7, 30), title="第一次会议")
    office.freeze(first)
    office.close("别部")
    second = office.call()
    office.freeze(second)
    page = office.browser("陈静").get(f"/meetings/{second}/compare").text
    assert "新销号1" in page
    assert "别的部的问题" in page
    assert "拖着没改的问题" not in page
    assert "与锁定的不符" not in page
    other = office.browser("周宁").get(f"/meetings/{second}/compare").text
    assert "别的部的问题" in other
    own = office.browser("王敏").get(f"/meetings/{second}/compare").text
    assert "别的部的问题" not in own
    assert "新销号" not in own


def test_a_meeting_on_other_items_is_not_offered_for_comparison(office: Office) -> None:
    first = office.call(item_kind=ItemKind.TASK)
    office.freeze(first)
    second = office.call()
    office.freeze(second)
    page = office.browser("陈静").get(f"/meetings/{second}/compare")
    assert "没有可以比较的会议" in page.text
    assert office.browser("陈静").get(f"/meetings/{second}/compare?with={first}").status_code == 422


PAPERS = ("brief.docx", "outline.docx", "bulletin.docx", "minutes.docx", "slides.pptx", "tables.xlsx")


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_tells_what_was_frozen_and_taking_it_is_recorded(office: Office, name: str) -> None:
    meeting_id = office.call()
    browser = office.browser("李强")
    assert browser.get(f"/meetings/{meeting_id}/papers/{name}").status_code == 409
    office.freeze(meeting_id)
    text = text_of(browser.get(f"/meetings/{meeting_id}/papers/{name}").data)
    assert "2026年7月31日" in text
    office.close("别部")
    assert text_of(browser.get(f"/meetings/{meeting_id}/papers/{name}").data) == text
    with office.app.app_context():
        sha256 = queries.get_freeze(db.session(), meeting_id).content_hash
        taken, _again = db.session.query(AuditEntry).filter_by(action="meeting.download")
    assert sha256[:8] in text
    assert (taken.actor_name, name in taken.details) == ("李强", True)


@pytest.mark.parametrize("name", [each for each in PAPERS if each != "bulletin.docx"])
def test_a_paper_for_a_unit_head_holds_the_own_items_alone(office: Office, name: str) -> None:
    meeting_id = office.call()
    office.decide(meeting_id, text="别部不该看到的决定", deadline_text="8月20日前")
    office.freeze(meeting_id)
    text = text_of(office.browser("周宁").get(f"/meetings/{meeting_id}/papers/{name}").data)
    assert "拖着没改的问题" not in text
    assert "组织部" not in text
    assert "别部不该看到的决定" not in text
    assert "会议没有议定事项" not in text


def test_a_bulletin_is_for_those_who_see_all_of_it(office: Office) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    assert office.browser("周宁").get(f"/meetings/{meeting_id}/papers/bulletin.docx").status_code == 403


def text_of(content: bytes) -> str:
    """All words in an Office file, its charts and notes too."""
    with ZipFile(BytesIO(content)) as package:
        parts = [name for name in package.namelist() if name.endswith(".xml") and "theme" not in name]
        return "".join(re.sub(r"<[^>]+>", "", package.read(name).decode()) for name in parts)


@pytest.mark.parametrize("address", ["/meetings", "/meetings/{id}", "/meetings/{id}/present", "/meetings/{id}/compare"])
def test_pages_of_a_meeting_ask_the_same_number_of_queries_however_many_items(office: Office, address: str) -> None:
    meeting_id = office.call()
    office.freeze(meeting_id)
    browser = office.browser("陈静")
    few = count_queries(office.app, browser, address.format(id=meeting_id))
    with office.app.app_context(), writing():
        source = db.session.query(Source).one()
        for nth in range(30):
            an_item(source, finding=f"又一个问题{nth}")
    office.freeze(meeting_id, reason="又来了三十个")
    assert count_queries(office.app, browser, address.format(id=meeting_id)) <= few
    assert few <= 16


def count_queries(app: Flask, browser: FlaskClient, address: str) -> int:
    """How many statements a page takes."""
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(not each.startswith(("PRAGMA", "BEGIN")) for each in statements)
