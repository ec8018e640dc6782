"""Held back over nights, weekends and holidays, and not lost: told once, as it is on the day it comes."""

from datetime import date

import pytest
from factories import a_unit, actor_of, an_account, an_issued_item, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.outbox.sinks import Sink, free_port, listening, use_mail
from tests.reminders.offices import Office, a_working, an_office, body, change, on, scan, send, told
from tracker.access.rules import SYSTEM, Role
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Forbidden, Stale
from tracker.items.rules import Event
from tracker.jobs.delivery import deliver
from tracker.nudges.operations import nudge
from tracker.nudges.rules.nudging import Told
from tracker.org.models import Person, Unit
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, Skip
from tracker.reminders import operations
from tracker.reminders.upcoming import next_reminder
from tracker.settings import operations as settings
from tracker.settings.rules import SETTINGS
from tracker.workdays import operations as workdays
from tracker.workdays import queries as calendar

SATURDAY, SUNDAY, MONDAY, TUESDAY = (date(2026, 6, number) for number in (20, 21, 22, 23))


def usual_hours() -> dict[str, object]:
    """The settings of reminders as they come."""
    return {key: each.default for key, each in SETTINGS.items() if each.group == "reminders"}


def a_usual_office(**values: object) -> Office:
    """An office with the settings as they come."""
    office = an_office()
    with writing():
        settings.put({**usual_hours(), **{f"reminders.{key}": value for key, value in values.items()}}, actor=SYSTEM)
    return office


def choose(person: Person, *, digest_hour: int | None = None, overdue_singly: bool = False) -> None:
    with writing():
        actor = actor_of(db.session.get_one(Person, person.id))
        operations.choose(digest_hour=digest_hour, overdue_singly=overdue_singly, actor=actor)


def test_the_step_of_a_saturday_comes_on_monday_with_the_days_left_then(app: Flask) -> None:
    office = a_usual_office()
    item = a_working(office)
    assert scan(SATURDAY)["queued"] == 3
    for day in (SATURDAY, SUNDAY):
        assert send(day)["sent"] == 0
        assert scan(day, hour=12) == {"queued": 0, "dropped": 0}
    assert send(MONDAY, hour=7)["sent"] == 0, "not before the hour"
    assert send(MONDAY, hour=8)["sent"] == 2
    assert told(office.liaison) == [("2026-06-22", "sent", [item.number])]
    assert "还剩 8 天" in body(office.liaison, "2026-06-22")
    assert scan(MONDAY, hour=9) == scan(TUESDAY) == {"queued": 0, "dropped": 0}


@pytest.mark.parametrize("is_queued", [True, False])
def test_with_the_server_off_on_monday_it_comes_on_tuesday_once(app: Flask, is_queued: bool) -> None:
    office = a_usual_office()
    item = a_working(office)
    if is_queued:
        scan(SATURDAY)
    scan(TUESDAY, hour=3)
    assert send(TUESDAY, hour=3)["sent"] == 0, "the night is quiet, also for what is late"
    assert send(TUESDAY, hour=8)["sent"] == 2
    assert scan(TUESDAY, hour=9) == {"queued": 0, "dropped": 0}
    slot = "2026-06-22" if is_queued else "2026-06-23"
    assert told(office.liaison) == [(slot, "sent", [item.number])]
    assert "还剩 7 天" in body(office.liaison, slot)


def test_what_comes_due_over_a_weekend_is_one_digest_on_monday(app: Flask) -> None:
    office = a_usual_office()
    due = (date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2))
    numbers = [a_working(office, due_on).number for due_on in due]
    for day in (SATURDAY, SUNDAY, MONDAY):
        scan(day, hour=1)
    send(MONDAY)
    assert told(office.liaison) == [("2026-06-22", "sent", numbers)]
    for words in ("还剩 8 天", "还剩 9 天", "还剩 10 天"):
        assert words in body(office.liaison, "2026-06-22")


def test_of_two_steps_over_a_holiday_only_the_latest_is_told(app: Flask) -> None:
    """3 days left on 2 October, due on the 5th, overdue on the 6th: on the 8th it is overdue."""
    office = a_usual_office()
    item = a_working(office, date(2026, 10, 5))
    for number in range(1, 9):
        scan(date(2026, 10, number), hour=1)
        send(date(2026, 10, number))
    assert [slot for slot, state, _numbers in told(office.liaison) if state == "sent"] == ["2026-10-08"]
    assert "逾期 3 天" in body(office.liaison, "2026-10-08")
    assert "20天、10天、3天、到期当日提醒" in body(office.liaison, "2026-10-08"), "overtaken while they waited"
    assert told(office.liaison)[-1] == ("2026-10-08", "sent", [item.number])


def test_a_saturday_worked_for_a_holiday_is_a_day_like_any_other(app: Flask) -> None:
    office = a_usual_office()
    a_working(office, date(2026, 10, 20))
    scan(date(2026, 10, 10), hour=1)
    assert send(date(2026, 10, 10))["sent"] == 2


def test_what_is_closed_while_it_waits_is_not_told(app: Flask) -> None:
    office = a_usual_office()
    item = a_working(office)
    scan(SATURDAY)
    change(item, SUNDAY, Event.APPLY)
    change(item, SUNDAY, Event.CLOSE, closed_on=SUNDAY)
    assert scan(MONDAY, hour=9) == {"queued": 0, "dropped": 2 + 1}
    assert send(MONDAY)["sent"] == 0


def test_a_day_corrected_to_be_off_holds_back_what_was_to_leave_on_it(app: Flask) -> None:
    office = a_usual_office()
    a_working(office)
    scan(SATURDAY)
    with writing():
        monday = calendar.get_day(db.session(), MONDAY, lock=True)
        workdays.correct(monday, is_working=False, name="", reason="停电", actor=SYSTEM)
    assert send(MONDAY)["sent"] == 0
    assert send(TUESDAY)["sent"] == 2
    assert "还剩 7 天" in body(office.liaison, "2026-06-22")


def test_a_notice_stands_in_the_inbox_at_once_and_its_mail_waits(app: Flask) -> None:
    office, port, sink = a_usual_office(), free_port(), Sink()
    use_mail(port, **usual_hours())
    with writing(), on(SATURDAY):
        unit = db.session.get_one(Unit, office.unit.id)
        an_issued_item(source=db.session.merge(office.source), lead_unit=unit)
    with listening(sink, port):
        assert send(SATURDAY) == {"sent": 2, "failed": 0, "skipped": 0, "dead": 0}, "to liaison and head, within"
        assert sink.mails == []
        send(MONDAY)
    assert [str(mail["To"]) for mail in sink.mails] == ["李磊 <lilei@organ.example>"]


def test_whatever_kind_it_is_no_mail_leaves_the_house_on_a_day_off(app: Flask) -> None:
    office, port, sink = a_usual_office(), free_port(), Sink()
    use_mail(port, **usual_hours())
    with on(SATURDAY):
        item = a_working(office)
    with writing(), on(SATURDAY):
        nudge(
            [db.session.merge(item)],
            [Told.LIAISON],
            "请抓紧",
            batch="b1",
            actor=actor_of(db.session.merge(office.office)),
        )
    with listening(sink, port):
        assert send(SATURDAY)["sent"] == 1, "within"
        assert sink.mails == []
        send(MONDAY)
    assert "李磊 <lilei@organ.example>" in [str(mail["To"]) for mail in sink.mails]


def test_each_person_s_digest_leaves_at_the_hour_chosen(app: Flask) -> None:
    office = a_usual_office()
    a_working(office)
    choose(office.liaison, digest_hour=14)
    scan(MONDAY, hour=0)
    assert send(MONDAY, hour=8)["sent"] == 1
    assert [state for _slot, state, _numbers in told(office.liaison)] == ["queued"]
    assert send(MONDAY, hour=14)["sent"] == 1
    assert [state for _slot, state, _numbers in told(office.liaison)] == ["sent"]


def test_overdue_items_come_one_by_one_to_whom_wants_it_and_the_inbox_tells_all(app: Flask) -> None:
    office, port, sink = a_usual_office(), free_port(), Sink()
    use_mail(port, **usual_hours())
    late = [a_working(office, date(2026, 6, 17)).number for _ in range(2)]
    near = a_working(office, date(2026, 6, 28)).number
    choose(office.liaison, overdue_singly=True)
    with listening(sink, port):
        scan(date(2026, 6, 18))
        assert scan(date(2026, 6, 18), hour=10)["queued"] == 0
        send(date(2026, 6, 18))
    subjects = sorted(str(mail["Subject"]) for mail in sink.mails)
    assert subjects == ["整改提醒：1 个事项", *(f"整改逾期提醒：{number} 逾期 1 天" for number in late)]
    assert told(office.liaison) == [("2026-06-18", "sent", [*late, near])]
    assert told(office.liaison, Channel.MAIL) == [("2026-06-18", "sent", [near])]


def test_a_mail_of_overdue_items_alone_is_skipped_with_the_reason(app: Flask) -> None:
    office, port, sink = a_usual_office(), free_port(), Sink()
    use_mail(port, **usual_hours())
    a_working(office, date(2026, 6, 17))
    choose(office.liaison, overdue_singly=True)
    with listening(sink, port):
        scan(date(2026, 6, 18))
        send(date(2026, 6, 18))
    assert len(sink.mails) == 1
    digest = select(Message.answer).where(Message.kind == "reminder_digest", Message.channel == Channel.MAIL)
    assert Skip.TOLD_SINGLY in db.session.scalars(digest.where(Message.person_id == office.liaison.id)).all()


def test_an_overdue_item_closed_before_its_mail_leaves_is_not_told(app: Flask) -> None:
    office, port, sink = a_usual_office(), free_port(), Sink()
    use_mail(port, **usual_hours())
    item = a_working(office, date(2026, 6, 17))
    choose(office.liaison, overdue_singly=True)
    scan(date(2026, 6, 18), hour=1)
    change(item, date(2026, 6, 18), Event.APPLY)
    change(item, date(2026, 6, 18), Event.CLOSE, closed_on=date(2026, 6, 18))
    with listening(sink, port):
        send(date(2026, 6, 18))
    assert sink.mails == []


def test_the_next_reminder_names_the_day_on_which_it_will_come(app: Flask) -> None:
    office = a_usual_office()
    item = a_working(office)
    with on(date(2026, 6, 12)):
        found = next_reminder(db.session.merge(item))
    assert found is not None
    assert (found.on, str(found.rule)) == (MONDAY, "到期前 10 天")


def test_a_choice_is_checked_kept_in_the_trail_and_not_made_over_another_one(app: Flask) -> None:
    office = a_usual_office()
    choose(office.liaison, digest_hour=10)
    liaison = actor_of(db.session.get_one(Person, office.liaison.id))
    with pytest.raises(Stale), writing():
        operations.choose(digest_hour=11, overdue_singly=False, actor=liaison, version=7)
    with pytest.raises(DomainError), writing():
        operations.choose(digest_hour=3, overdue_singly=False, actor=liaison)
    with pytest.raises(Forbidden), writing():
        operations.choose(digest_hour=10, overdue_singly=False, actor=SYSTEM)
    act = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "reminder_preference.choose")).one()
    assert (act.subject, "10" in act.details) == ("李磊", True)


@pytest.mark.parametrize("hour", ["25", "3", "x", "²"])
def test_the_page_keeps_what_is_chosen_and_refuses_other_hours(
    empty_app: Flask, client: FlaskClient, hour: str
) -> None:
    with empty_app.app_context():
        sign_in(client, db.session.get_one(Person, a_usual_office().liaison.id))
    assert "按单位统一设置（8 点）" in client.get("/reminder-rules/mine").text
    typed = {"digest_hour": "10", "overdue_singly": "y", "version": "1"}
    assert client.post("/reminder-rules/mine", data=typed).status_code == 303
    page = client.get("/reminder-rules/mine").text
    assert '<option selected value="10">' in page
    assert client.post("/reminder-rules/mine", data={**typed, "digest_hour": "11"}).status_code == 303
    assert client.post("/reminder-rules/mine", data=typed).status_code == 409
    assert client.post("/reminder-rules/mine", data={"digest_hour": hour, "version": "2"}).status_code == 422


@pytest.mark.parametrize(
    ("day", "hour", "words"),
    [(SATURDAY, 9, "今天是休息日，提醒留到下一个工作日发出"), (MONDAY, 3, "现在是免打扰时间"), (MONDAY, 9, "")],
)
def test_the_operators_read_why_nothing_leaves(
    empty_app: Flask, client: FlaskClient, day: date, hour: int, words: str
) -> None:
    with empty_app.app_context(), writing():
        administrator = an_account("钱进", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    sign_in(client, administrator)
    with on(day, hour):
        page = client.get("/operations").text
    assert words in page
    assert ("flash-info" in page) is bool(words)


def test_delivery_beyond_the_calendar_takes_weekends_for_days_off(app: Flask) -> None:
    a_usual_office()
    assert deliver(clock.instant_at(date(2090, 1, 2), 9))["sent"] == 0
