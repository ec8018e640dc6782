"""Who is told of second looks and checks, and when they are reminded."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.outbox.sinks import send_at_any_hour
from tests.reinspections.looking import REBOUND, SEEN, WORSE, LookingOffice
from tests.reinspections.test_operations import check, closed_on_import, sustain
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, DomainError, Stale
from tracker.desk.queries.waits import Wait, list_waits
from tracker.jobs.delivery import deliver
from tracker.jobs.registry import remind
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel
from tracker.reinspections.rules import check_step, look_step

DUE = date(2026, 8, 14)


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-07-15T09:00:00+08:00") as traveller:
        yield traveller


@pytest.fixture
def office(app: Flask, travel: time_machine.Traveller) -> LookingOffice:
    send_at_any_hour()
    with writing():
        return LookingOffice()


def told(kind: str) -> list[tuple[str, str, list[str]]]:
    """Name, subject and numbers of what was sent to inboxes."""
    deliver(clock.now())
    db.session().rollback()
    query = select(Person.name, Message.subject, Message.item_numbers).join(Person, Person.id == Message.person_id)
    query = query.where(Message.kind == kind, Message.channel == Channel.INBOX, Message.state == "sent")
    rows = db.session().execute(query.order_by(Message.id)).all()
    return [(name, subject, json.loads(numbers)) for name, subject, numbers in rows]


@pytest.mark.parametrize(
    ("days", "step"),
    [(-4, None), (-3, "soon"), (-1, "soon"), (0, "today"), (1, "late0"), (7, "late0"), (8, "late1"), (15, "late2")],
)
def test_a_look_is_reminded_of_before_its_day_on_it_and_every_week_after(days: int, step: str | None) -> None:
    assert look_step(DUE, DUE + timedelta(days=days)) == step


@pytest.mark.parametrize(("days", "step"), [(-1, None), (0, "0"), (29, "0"), (30, "1"), (60, "2")])
def test_a_check_is_reminded_of_on_its_day_and_every_thirty_days_after(days: int, step: str | None) -> None:
    assert check_step(DUE, DUE + timedelta(days=days)) == step


def test_an_inspector_is_told_of_what_is_still_to_be_looked_at(office: LookingOffice) -> None:
    numbers = closed_on_import(office, 3)
    looks = office.looks(office.draw())
    for look in looks[:2]:
        office.assign(look.id, office.viewer)
    office.assign(looks[2].id, office.clerk2)
    office.record(looks[0].id)
    assert told("looks_waiting") == [("赵敏", "1 个事项待您回头看，2026年8月14日前完成", [numbers[1]])]


def test_a_look_that_nobody_takes_is_reminded_of_once_each_step(
    office: LookingOffice, travel: time_machine.Traveller
) -> None:
    look_id = office.drawn_and_given()
    told("looks_waiting")
    for day, count in (("2026-08-10", 1), ("2026-08-11", 2), ("2026-08-12", 2), ("2026-08-14", 3), ("2026-08-15", 4)):
        travel.move_to(f"{day}T10:00:00+08:00")
        for _sweep in range(2):
            remind(clock.now())
        assert len(told("looks_waiting")) == count, day
    assert told("looks_waiting")[-1][1] == "1 个回头看事项逾期未检查"
    waits = list_waits(db.session(), office.acts(office.clerk2))
    assert [each.due_on for each in waits if each.what == Wait.LOOK] == [DUE], "late ones come on the office's desk"
    office.record(look_id)
    travel.move_to("2026-08-23T10:00:00+08:00")
    remind(clock.now())
    assert len(told("looks_waiting")) == 4


def test_a_rebound_is_told_to_the_lead_unit_and_the_office(office: LookingOffice) -> None:
    look_id = office.drawn_and_given()
    office.record(look_id, REBOUND, WORSE, office.clerk2)
    names = {name for name, _subject, _numbers in told("look_rebound")}
    assert names == {"陈静", "王敏", "刘洋"}, "not whoever recorded it"
    assert {subject for _name, subject, _numbers in told("look_rebound")} == {f"{office.number}：回头看发现问题反弹"}


def test_what_passed_is_told_to_nobody(office: LookingOffice) -> None:
    office.record(office.drawn_and_given())
    assert not told("look_rebound")


def test_a_check_that_is_due_is_told_to_the_office_until_it_is_noted(
    office: LookingOffice, travel: time_machine.Traveller
) -> None:
    sustain(office)
    for day, people in (("2026-10-14", 0), ("2026-10-15", 2), ("2026-10-16", 2), ("2026-11-14", 4)):
        travel.move_to(f"{day}T10:00:00+08:00")
        for _sweep in range(2):
            remind(clock.now())
        assert len(told("checks_due")) == people, day
    assert told("checks_due")[0] == ("陈静", "1 个长期整改事项该检查了", [office.number])
    check(office, date(2026, 11, 14), date(2027, 2, 14), findings=SEEN)
    travel.move_to("2027-02-13T10:00:00+08:00")
    remind(clock.now())
    assert len(told("checks_due")) == 4


def test_a_look_is_given_once_and_until_a_day_to_come(office: LookingOffice) -> None:
    office.close()
    look_id = office.looks(office.draw())[0].id
    with pytest.raises(DomainError, match="早于今天"):
        office.assign(look_id, office.viewer, until=date(2026, 7, 14))
    office.assign(look_id, office.viewer)
    with pytest.raises(AlreadyThere):
        office.assign(look_id, office.viewer)
    office.assign(look_id, office.viewer, until=date(2026, 9, 1))
    assert office.look(look_id).due_on == date(2026, 9, 1)


def test_two_of_the_office_who_give_it_out_at_once_are_told_of_each_other(office: LookingOffice) -> None:
    look_id = office.drawn_and_given()
    version = office.look(look_id).version - 1
    with pytest.raises(Stale) as refusal:
        office.assign(look_id, office.clerk2, version=version)
    assert (list(refusal.value.typed.values()), list(refusal.value.stored.values())) == (
        ["何芳"],
        [f"{office.number} 赵敏"],
    )
