"""A rule gone wild stops and asks: nothing is sent, administrators are told once, and somebody decides."""

from datetime import date, timedelta

import pytest
from factories import a_source, a_unit, an_account, an_issued_item, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.outbox.sinks import Sink, free_port, listening, use_mail
from tests.outbox.trials import messages
from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.jobs.delivery import deliver
from tracker.jobs.registry import remind
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState, Skip
from tracker.reminders import operations
from tracker.reminders.models import ReminderPreference, ReminderRule
from tracker.reminders.rules import digests_at_once, slots
from tracker.settings import operations as settings

DAY = date(2026, 6, 10)
NOON = clock.instant_at(DAY, 12)
UNITS = 6


@pytest.fixture
def administrator(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Six units with a liaison and an item due in three days each; two digests at once surprise nobody."""
    monkeypatch.setattr(slots, "USUAL_DIGESTS", 2)
    with clock.moved_to(clock.instant_at(DAY - timedelta(days=30), 9)), writing():
        operations.ensure_default_rules()
        source = a_source()
        person = an_account("管理员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
        for number in range(UNITS):
            an_account(f"联络员{number}", Role.LIAISON, unit := a_unit(f"第{number}处"))
            an_issued_item(source=source, lead_unit=unit, due_on=DAY + timedelta(days=3))
        db.session.execute(update(Message).values(state=MessageState.SKIPPED))
        db.session.execute(update(ReminderRule).where(ReminderRule.key == "not-accepted-3").values(is_active=False))
        settings.put({"reminders.cap_percent": 1}, actor=SYSTEM)
    return person


def sweep(at: object = NOON) -> dict[str, int]:
    with clock.moved_to(NOON):
        told = dict(remind(NOON))
        deliver(NOON)
    return told


def digests() -> list[Message]:
    return [message for message in messages(Channel.INBOX) if message.kind == "reminder_digest"]


def alarms() -> list[Message]:
    return [message for message in messages(Channel.INBOX) if message.kind == "alarm"]


def browser(client: FlaskClient, person: Person) -> FlaskClient:
    sign_in(client, person)
    return client


def test_what_surprises_nobody_grows_with_the_office() -> None:
    assert [digests_at_once(people, 50) for people in (0, 20, 2000)] == [30, 40, 1030]


def test_too_many_at_once_are_all_held_and_administrators_are_told_once(administrator: Person) -> None:
    assert sweep()["held"] == UNITS
    assert {message.state for message in digests()} == {MessageState.HELD}
    assert sweep() == {"queued": 0, "dropped": 0}, "the next sweep finds nothing new"
    assert [(alarm.person_id, alarm.state) for alarm in alarms()] == [(administrator.id, "sent")]
    assert f"{UNITS} 人的提醒已暂缓" in alarms()[0].subject
    assert {message.channel for message in [*messages(Channel.MAIL)] if message.kind == "alarm"} == set()


@pytest.mark.usefixtures("administrator")
def test_what_comes_while_others_are_held_is_held_with_them() -> None:
    sweep()
    with clock.moved_to(clock.instant_at(DAY - timedelta(days=1), 9)), writing():
        an_account("新来的", Role.LIAISON, unit := a_unit("新处"))
        an_issued_item(source=a_source("又一轮"), lead_unit=unit, due_on=DAY + timedelta(days=3))
    with clock.moved_to(NOON + timedelta(minutes=1)):
        assert remind(NOON).get("held") == 1
    assert {message.state for message in digests()} == {MessageState.HELD}
    assert len(alarms()) == 1


@pytest.mark.usefixtures("administrator")
def test_as_many_as_usual_are_sent_without_asking() -> None:
    with writing():
        settings.put({"reminders.cap_percent": 100}, actor=SYSTEM)
    assert "held" not in sweep()
    assert ({message.state for message in digests()}, alarms()) == ({MessageState.SENT}, [])


def test_released_ones_are_sent_once(administrator: Person, client: FlaskClient) -> None:
    sweep()
    page = browser(client, administrator).get("/operations").text
    assert f"暂缓的提醒：{UNITS} 人" in page
    assert "到期前 3 天" in page
    assert client.post("/operations/held/release", data={"seen": UNITS}).status_code == 303
    assert sweep() == {"queued": 0, "dropped": 0}
    assert [message.state for message in digests()] == [MessageState.SENT] * UNITS
    assert client.post("/operations/held/release", data={"seen": UNITS}).status_code == 409, "a second person"
    assert "暂缓的提醒：" not in client.get("/operations").text


def test_discarded_ones_are_found_again_by_the_rules_as_they_are_then(
    administrator: Person, client: FlaskClient
) -> None:
    sweep()
    with writing():
        db.session.execute(update(ReminderRule).values(is_active=False))
    browser(client, administrator)
    assert client.post("/operations/held/discard", data={"seen": UNITS}).status_code == 303
    sweep()
    assert {(message.state, message.answer) for message in digests()} == {("skipped", Skip.DISCARDED)}
    with writing():
        db.session.execute(update(ReminderRule).where(ReminderRule.key == "before-3").values(is_active=True))
        settings.put({"reminders.cap_percent": 100}, actor=SYSTEM)
    sweep()
    assert [message.state for message in digests()].count(MessageState.SENT) == UNITS, "nobody loses a true one"


@pytest.mark.parametrize("act", ["release", "discard"])
def test_mails_of_one_overdue_item_are_held_with_the_digest_of_their_reader(
    administrator: Person, client: FlaskClient, act: str
) -> None:
    port, sink = free_port(), Sink()
    use_mail(port)
    with clock.moved_to(clock.instant_at(DAY - timedelta(days=30), 9)), writing():
        reader = db.session.query(Person).filter_by(name="联络员0").one()
        reader.mail = "lianluo@organ.example"
        db.session.add(ReminderPreference(person_id=reader.id, overdue_singly=True))
        late = an_issued_item(source=a_source("又一轮"), lead_unit=reader.unit, due_on=DAY - timedelta(days=1))
        number = late.number
        db.session.execute(update(Message).values(state=MessageState.SKIPPED))
    with listening(sink, port):
        assert sweep()["held"] == UNITS
        assert sink.mails == []
        browser(client, administrator)
        assert client.post(f"/operations/held/{act}", data={"seen": UNITS}).status_code == 303
        with writing():
            settings.put({"reminders.cap_percent": 100}, actor=SYSTEM)
        sweep()
        sweep()
    subjects = sorted(str(mail["Subject"]) for mail in sink.mails)
    assert subjects == ["整改提醒：1 个事项", f"整改逾期提醒：{number} 逾期 1 天"], "each once, whatever was decided"
    assert MessageState.HELD not in {message.state for message in messages(Channel.MAIL)}


@pytest.mark.parametrize("seen", ["", "5", "x", "0"])
def test_nobody_decides_about_what_was_not_shown(administrator: Person, client: FlaskClient, seen: str) -> None:
    sweep()
    browser(client, administrator)
    for act in ("release", "discard"):
        assert client.post(f"/operations/held/{act}", data={"seen": seen}).status_code == 409
    assert {message.state for message in digests()} == {MessageState.HELD}


@pytest.mark.usefixtures("administrator")
def test_to_decide_is_the_administrator_s_alone(client: FlaskClient) -> None:
    with writing():
        person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
    browser(client, person)
    assert client.post("/operations/held/release", data={"seen": UNITS}).status_code == 403
