"""A nudge reaches the right people once, waits its days, and is answered once."""

import threading
from datetime import date, timedelta

import pytest
from factories import a_person, a_source, a_unit, a_working_item, an_account
from flask import Flask

from tests.nudges.pressing import MONDAY, PressingOffice, deliver_now, nudges, on
from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden, NotFound
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.nudges import queries
from tracker.nudges.rules.nudging import Told, may_nudge_again, readers
from tracker.org.models import Unit
from tracker.outbox import operations as outbox
from tracker.outbox.models import Message


@pytest.fixture
def office(app: Flask) -> PressingOffice:
    with on(date(2026, 5, 4)), writing():
        return PressingOffice()


def test_everybody_told_gets_one_message_however_many_items_were_pressed(office: PressingOffice) -> None:
    with on(MONDAY):
        office.nudge(numbers=office.numbers, sentence="请于本周五前报进展。")
        deliver_now()
        for name in ("郑凯", "李磊"):
            (message,) = office.inbox(name)
            assert "3 个整改事项" in message.subject
            assert "请于本周五前报进展" in message.body_html
        assert office.inbox("王敏") == []
        assert office.inbox("赵倩") == []


def test_what_leaves_the_house_carries_numbers_and_neither_finding_nor_sentence(office: PressingOffice) -> None:
    with on(MONDAY):
        office.nudge(sentence="请说明原因")
        deliver_now()
        (message,) = office.inbox("郑凯")
        assert office.numbers[0] in message.body_text
        assert "请说明原因" not in message.body_text
        assert "第一议题" not in message.body_text


@pytest.mark.parametrize(
    ("told", "reached"),
    [
        ([Told.OWNER], ["王敏"]),
        ([Told.UNIT_HEAD], ["王敏"]),
        ([Told.OWNER, Told.UNIT_HEAD], ["王敏"]),
        ([Told.LIAISON], ["李磊"]),
        (list(Told), ["李磊", "王敏", "郑凯"]),
    ],
)
def test_the_sender_chooses_who_is_told(office: PressingOffice, told: list[Told], reached: list[str]) -> None:
    with on(MONDAY):
        office.nudge(told=told)
        deliver_now()
        assert sorted(name for name in office.ids if office.inbox(name)) == sorted(reached)


def test_nobody_chosen_is_refused(office: PressingOffice) -> None:
    with pytest.raises(DomainError, match="请至少选择"):
        office.nudge(told=[])


def test_when_none_of_the_chosen_can_sign_in_liaison_and_head_are_told() -> None:
    present = {Told.LIAISON: [1], Told.UNIT_HEAD: [2]}
    assert readers([Told.HANDLER], present, sender=[]) == {1: Told.LIAISON, 2: Told.UNIT_HEAD}
    assert readers([Told.HANDLER], present, sender=[1, 2]) == {}


def test_a_head_who_presses_the_own_unit_is_not_told_of_it(office: PressingOffice) -> None:
    with on(MONDAY):
        office.nudge("王敏", told=list(Told))
        deliver_now()
        assert office.inbox("王敏") == []
        assert len(office.inbox("李磊")) == 1


def test_an_item_of_which_nobody_can_be_told_is_named_and_nothing_is_sent(office: PressingOffice) -> None:
    with writing():
        empty = a_unit("机关党校")
        lonely = a_working_item(a_person("无账号", empty), source=a_source("自查"), lead_unit=empty).number
    with on(MONDAY), pytest.raises(DomainError, match=lonely):
        office.nudge(numbers=[office.numbers[0], lonely])
    assert nudges() == []


@pytest.mark.parametrize("name", ["李磊", "郑凯", "赵丽"])
def test_liaisons_handlers_and_other_heads_may_not_nudge(office: PressingOffice, name: str) -> None:
    with pytest.raises(Forbidden):
        office.nudge(name)


def test_the_leader_of_an_item_may_nudge_it_without_any_role(office: PressingOffice) -> None:
    with writing():
        leader = an_account("张敏", None, db.session.get_one(Unit, office.unit.id))
        office.ids["张敏"] = leader.id
        item = office.held(office.numbers[:1])[0]
        item.leader_id = leader.id
    with on(MONDAY):
        assert len(office.nudge("张敏")) == 1


def test_the_same_item_is_not_nudged_again_for_three_days_and_it_says_who_did_when(office: PressingOffice) -> None:
    with on(MONDAY, 15):
        office.nudge("李强")
    for day in (MONDAY, MONDAY + timedelta(days=2)):
        with on(day, 16), pytest.raises(Conflict, match=r"李强已于 2026-06-08 15:00 催办，3 天内不重复催办"):
            office.nudge(numbers=office.numbers)
    with on(MONDAY + timedelta(days=3), 8):
        assert len(office.nudge(numbers=office.numbers)) == 3


def test_days_of_rest_are_counted_by_the_calendar_and_none_means_none() -> None:
    assert not may_nudge_again(MONDAY, MONDAY + timedelta(days=2), days=3)
    assert may_nudge_again(MONDAY, MONDAY + timedelta(days=3), days=3)
    assert may_nudge_again(MONDAY, MONDAY, days=0)
    assert may_nudge_again(None, MONDAY, days=90)


def test_the_same_press_sent_twice_is_sent_once(office: PressingOffice) -> None:
    with on(MONDAY):
        office.nudge(batch="a" * 16)
        with pytest.raises(AlreadyThere):
            office.nudge(batch="a" * 16)
        with pytest.raises(DomainError, match="页面已过期"):
            office.nudge("李强", batch="a" * 16)
    assert len(nudges()) == 1


def test_two_who_press_at_once_send_one_nudge(app: Flask, office: PressingOffice) -> None:
    outcomes: list[str] = []

    def press(name: str) -> None:
        with app.app_context():
            try:
                office.nudge(name)
                outcomes.append("sent")
            except Conflict:
                outcomes.append("refused")

    db.session.remove()
    threads = [threading.Thread(target=press, args=(name,)) for name in ("陈静", "李强", "王敏")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["refused", "refused", "sent"]


@pytest.mark.parametrize("event", [Event.APPLY, Event.WITHDRAW])
def test_what_waits_for_others_or_for_nobody_is_not_nudged(office: PressingOffice, event: Event) -> None:
    with writing():
        items.move_on(office.held(office.numbers[:1])[0], event, actor=SYSTEM, reason="测试", rounds=1)
    with pytest.raises(Conflict, match=office.numbers[0]):
        office.nudge()


def test_an_item_closed_before_the_message_went_out_is_not_told(office: PressingOffice) -> None:
    with on(MONDAY):
        office.nudge(numbers=office.numbers[:2])
        with writing():
            items.move_on(office.held(office.numbers[:1])[0], Event.WITHDRAW, actor=SYSTEM, reason="上级同意核减")
        deliver_now()
        (message,) = office.inbox("郑凯")
        assert office.numbers[0] not in message.body_text
        assert office.numbers[1] in message.body_text


def test_the_receipt_tells_who_read_it_when(office: PressingOffice) -> None:
    with on(MONDAY):
        (nudge_id,) = office.nudge()
        deliver_now()
    (message,) = office.inbox("李磊")
    with on(MONDAY, 11), writing():
        outbox.mark_read(db.session.get_one(Message, message.id))
    receipts = {each.name: each.read_at for each in queries.list_receipts(db.session(), [nudge_id])[nudge_id]}
    assert receipts["郑凯"] is None
    assert receipts["李磊"] is not None


def test_the_unit_replies_once_and_the_sender_is_told(office: PressingOffice) -> None:
    with on(MONDAY):
        (nudge_id,) = office.nudge()
        office.reply(nudge_id, "已完成两条，第三条周五前完成。", "郑凯")
        deliver_now()
        (message,) = office.inbox("陈静", "nudge_answered")
        assert "第三条周五前完成" in message.body_html
        assert "第三条周五前完成" not in message.body_text
        with pytest.raises(Conflict, match="郑凯已经回复"):
            office.reply(nudge_id, "再说一句", "李磊")


@pytest.mark.parametrize(("name", "refusal"), [("陈静", Forbidden), ("李强", Forbidden), ("赵倩", NotFound)])
def test_only_the_unit_replies(office: PressingOffice, name: str, refusal: type[DomainError]) -> None:
    (nudge_id,) = office.nudge()
    with pytest.raises(refusal):
        office.reply(nudge_id, "替单位回复", name)
    assert nudges()[0].reply == ""


def test_a_reply_says_something(office: PressingOffice) -> None:
    (nudge_id,) = office.nudge()
    with pytest.raises(DomainError, match="请填写回复"):
        office.reply(nudge_id, "   ")


def test_a_person_added_to_the_unit_later_may_reply_too(office: PressingOffice) -> None:
    (nudge_id,) = office.nudge()
    with writing():
        office.ids["新人"] = an_account("新人", Role.LIAISON, db.session.get_one(Unit, office.unit.id)).id
    office.reply(nudge_id, "接手办理中。", "新人")
    assert nudges()[0].replied_by_id == office.ids["新人"]
    assert db.session.get_one(Item, nudges()[0].item_id).number == office.numbers[0]
