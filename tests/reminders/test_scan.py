"""A digest per person and day: all that is due, once, to those who can still do something about it."""

from datetime import date, timedelta

import pytest
from factories import a_person, a_unit, actor_of, an_account, an_issued_item, an_item, by_date
from flask import Flask
from sqlalchemy import func, select, update

from tests.reminders.offices import (
    BEGIN,
    DUE,
    a_working,
    an_office,
    body,
    change,
    on,
    scan,
    send,
    told,
)
from tracker.access.rules import SYSTEM, Role
from tracker.closure import operations as closure
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.org.models import Account, Person, Unit
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, Skip
from tracker.reminders import queries
from tracker.reminders.models import Occurrence
from tracker.reminders.upcoming import next_reminder
from tracker.sources.models import Source


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 6, 10), "还剩 20 天"),
        (date(2026, 6, 20), "还剩 10 天"),
        (date(2026, 6, 27), "还剩 3 天"),
        (DUE, "今天到期"),
        (date(2026, 7, 1), "逾期 1 天"),
        (date(2026, 7, 8), "逾期 8 天"),
    ],
)
def test_each_step_is_told_on_its_day_and_not_the_day_before(app: Flask, day: date, words: str) -> None:
    office = an_office()
    item = a_working(office)
    before = day - timedelta(days=1)
    scan(before)
    send(before)
    earlier = told(office.liaison)
    assert scan(day)["queued"] > 0
    send(day)
    assert told(office.liaison) == [*earlier, (day.isoformat(), "sent", [item.number])]
    assert words in body(office.liaison, day.isoformat())


def test_three_items_due_on_one_day_are_one_digest_for_each_person(app: Flask) -> None:
    office = an_office()
    numbers = [a_working(office).number for _ in range(3)]
    assert scan(date(2026, 6, 10)) == {"queued": 3, "dropped": 0}, (
        "inbox of two people, mail of the one with an address"
    )
    assert scan(date(2026, 6, 10), hour=18) == {"queued": 0, "dropped": 0}
    send(date(2026, 6, 10))
    assert told(office.liaison) == [("2026-06-10", "sent", numbers)]
    assert told(office.liaison, Channel.MAIL) == [("2026-06-10", "skipped", numbers)]
    assert told(office.handler) == [("2026-06-10", "sent", numbers)]
    assert told(office.head) == told(office.office) == []


def test_overdue_is_told_every_week_and_to_the_office_too(app: Flask) -> None:
    office = an_office()
    item = a_working(office)
    for passed in range(1, 30):
        scan(DUE + timedelta(days=passed))
        send(DUE + timedelta(days=passed))
    weekly = ["2026-07-01", "2026-07-08", "2026-07-15", "2026-07-22", "2026-07-29"]
    for person in (office.office, office.head, office.liaison):
        assert told(person) == [(day, "sent", [item.number]) for day in weekly]


def test_after_an_outage_only_the_latest_step_is_told_and_with_the_days_left_then(app: Flask) -> None:
    office = an_office()
    a_working(office)
    scan(date(2026, 6, 28))
    send(date(2026, 6, 28))
    assert [slot for slot, _state, _numbers in told(office.liaison)] == ["2026-06-28"]
    assert "还剩 2 天" in body(office.liaison, "2026-06-28")
    assert scan(date(2026, 6, 29)) == {"queued": 0, "dropped": 0}, "20 and 10 days count as covered"


def test_a_night_without_power_loses_nothing(app: Flask) -> None:
    """Queued in the evening, not sent; the next morning it is sent with what has become of it meanwhile."""
    office = an_office()
    item = a_working(office)
    scan(date(2026, 6, 27), hour=23)
    assert send(date(2026, 6, 28))["sent"] == 3
    assert "还剩 2 天" in body(office.liaison, "2026-06-27")
    assert scan(date(2026, 6, 28)) == {"queued": 0, "dropped": 0}
    assert told(office.liaison) == [("2026-06-27", "sent", [item.number])]


def test_a_digest_not_sent_yet_takes_up_what_comes_later_the_same_day(app: Flask) -> None:
    office = an_office()
    first = a_working(office)
    scan(date(2026, 6, 10), hour=8)
    second = a_working(office)
    assert scan(date(2026, 6, 10), hour=9) == {"queued": 0, "dropped": 0}
    send(date(2026, 6, 10))
    assert told(office.liaison) == [("2026-06-10", "sent", [first.number, second.number])]


def test_what_comes_after_the_digest_was_sent_goes_into_a_second_one(app: Flask) -> None:
    office = an_office()
    first = a_working(office)
    scan(date(2026, 6, 10), hour=8)
    send(date(2026, 6, 10), hour=9)
    second = a_working(office)
    assert scan(date(2026, 6, 10), hour=10)["queued"] == 3
    send(date(2026, 6, 10), hour=11)
    assert told(office.liaison) == [
        ("2026-06-10", "sent", [first.number]),
        ("2026-06-10#2", "sent", [second.number]),
    ]


def test_an_item_closed_before_sending_is_not_told(app: Flask) -> None:
    office = an_office()
    closed, open_ = a_working(office), a_working(office)
    scan(date(2026, 6, 10))
    change(closed, date(2026, 6, 10), Event.APPLY)
    change(closed, date(2026, 6, 10), Event.CLOSE, closed_on=date(2026, 6, 10))
    send(date(2026, 6, 10))
    assert told(office.liaison) == [("2026-06-10", "sent", [open_.number])]


@pytest.mark.parametrize("scans_again", [True, False])
def test_a_moved_deadline_drops_what_is_unsent_and_counts_anew(app: Flask, scans_again: bool) -> None:
    office = an_office()
    item = a_working(office)
    scan(date(2026, 6, 10))
    with writing(), on(date(2026, 6, 10)):
        mine = db.session.get_one(Item, item.id)
        items.amend(mine, items.Assignment(deadline=by_date(date(2026, 8, 31))), reason="经批准", actor=SYSTEM)
    if scans_again:
        assert scan(date(2026, 6, 10)) == {"queued": 0, "dropped": 3}
    assert send(date(2026, 6, 10))["sent"] == 0
    answers = db.session.scalars(select(Message.answer).where(Message.kind == "reminder_digest").distinct()).all()
    assert set(answers) <= {Skip.NOT_DUE, Skip.NO_ADDRESS, Skip.NO_SERVER}
    scan(date(2026, 8, 11))
    send(date(2026, 8, 11))
    assert told(office.liaison)[-1] == ("2026-08-11", "sent", [item.number])


def test_what_was_dropped_unsent_is_told_after_all_when_it_is_due_again(app: Flask) -> None:
    office = an_office()
    item = a_working(office)
    scan(date(2026, 6, 27))
    change(item, date(2026, 6, 27), Event.APPLY)
    change(item, date(2026, 6, 27), Event.CLOSE, closed_on=date(2026, 6, 27))
    scan(date(2026, 6, 27))
    assert db.session.scalar(select(func.count()).select_from(Occurrence)) == 0
    change(item, date(2026, 6, 28), Event.REOPEN, closed_on=None)
    scan(date(2026, 6, 28))
    send(date(2026, 6, 28))
    assert [state for _slot, state, _numbers in told(office.liaison)] == ["skipped", "sent"]


def test_a_new_handler_gets_what_the_old_one_was_to_be_told(app: Flask) -> None:
    office = an_office()
    item = a_working(office)
    with writing():
        successor = an_account("周涛", None, db.session.merge(office.unit))
    scan(date(2026, 6, 10))
    with writing(), on(date(2026, 6, 10)):
        mine = db.session.get_one(Item, item.id)
        items.move_on(mine, Event.ASSIGN, actor=SYSTEM, handler_id=successor.id)
    scan(date(2026, 6, 10))
    send(date(2026, 6, 10))
    assert [state for _slot, state, _numbers in told(office.handler)] == ["skipped"]
    assert told(successor) == [("2026-06-10", "sent", [item.number])]


def test_who_cannot_sign_in_is_stood_in_for_by_the_liaison_then_the_head_then_the_office(app: Flask) -> None:
    office = an_office()
    item = a_working(office)
    with writing():
        db.session.get_one(Item, item.id).owner_id = a_person("老张").id
        db.session.execute(update(Account).where(Account.person_id == office.handler.id).values(is_active=False))

    def who() -> set[int]:
        db.session.rollback()
        return {row.person_id for row in db.session.execute(queries.select_due(), {"day": date(2026, 6, 10)})}

    assert who() == {office.liaison.id}
    for person, stand_in in ((office.liaison, office.head), (office.head, office.office)):
        with writing():
            db.session.execute(update(Account).where(Account.person_id == person.id).values(is_active=False))
        assert who() == {stand_in.id}


def test_the_nearest_liaison_is_told_not_the_one_further_up(app: Flask) -> None:
    office = an_office()
    with writing():
        below = an_account("赵倩", Role.LIAISON, a_unit("组织科", db.session.merge(office.unit)))
    a_working(office)
    due = {row.person_id for row in db.session.execute(queries.select_due(), {"day": date(2026, 6, 10)})}
    assert due == {office.liaison.id, office.handler.id}
    assert below.id not in due


def test_an_item_not_accepted_is_told_once_after_three_days_but_not_while_it_is_disputed(app: Flask) -> None:
    office = an_office()
    with writing(), on(date(2026, 5, 4)):
        sources, unit = db.session.merge(office.source), db.session.merge(office.unit)
        plain = an_issued_item(source=sources, lead_unit=unit, due_on=None)
        disputed = an_issued_item(source=sources, lead_unit=unit, due_on=None)
        liaison = db.session.get_one(Person, office.liaison.id)
        items.ask_reassignment(disputed, reason="不属于本单位", unit_id=None, actor=actor_of(liaison))
    scan(date(2026, 5, 6))
    send(date(2026, 5, 6))
    before = len(told(office.office))
    for day in (date(2026, 5, 7), date(2026, 5, 8)):
        scan(day)
        send(day)
    assert told(office.office)[before:] == [("2026-05-07", "sent", [plain.number])]
    assert "下发 3 天未签收" in body(office.office, "2026-05-07")


def test_an_item_imported_as_closed_and_taken_up_again_is_reminded_of(app: Flask) -> None:
    office = an_office()
    with writing(), on(BEGIN):
        source, unit = db.session.get_one(Source, office.source.id), db.session.get_one(Unit, office.unit.id)
        item = an_item(source, lead_unit=unit, due_on=DUE)
        items.close_on_import(item, actor=SYSTEM, on=BEGIN, reason="线下已销号")
        number = item.number
    with writing(), on(BEGIN + timedelta(days=1)):
        closure.reopen(db.session.get_one(Item, item.id), actor=SYSTEM, reason="问题反弹")
    scan(DUE - timedelta(days=10))
    assert told(office.liaison) == [("2026-06-20", "queued", [number])]


def test_the_next_reminder_says_when_why_and_whom(app: Flask) -> None:
    office = an_office()
    item = a_working(office)

    def coming(day: date) -> tuple[date, str, tuple[str, ...]]:
        with on(day):
            found = next_reminder(db.session.get_one(Item, item.id))
            assert found is not None
            return found.on, str(found.rule), found.people

    assert coming(BEGIN) == (date(2026, 6, 10), "到期前 20 天", ("李磊", "郑凯"))
    assert coming(date(2026, 6, 20)) == (date(2026, 6, 27), "到期前 3 天", ("李磊", "王敏", "郑凯"))
    assert coming(DUE)[:2] == (date(2026, 7, 1), "逾期第 1 天起，每 7 天")
    change(item, clock.today(), Event.APPLY)
    change(item, clock.today(), Event.CLOSE, closed_on=clock.today())
    assert next_reminder(db.session.get_one(Item, item.id)) is None
