"""The working day before a meeting: the office is told once what is to be printed."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from factories import a_source, an_account
from meetings.halls import Office

from tests.outbox.sinks import send_at_any_hour
from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.jobs.delivery import deliver
from tracker.jobs.registry import remind
from tracker.meetings import operations, queries
from tracker.org.models import Person, Unit
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, Skip
from tracker.sources.models import SourceReader

MONDAY, TUESDAY = date(2026, 8, 3), date(2026, 8, 4)
Travel = Callable[[str], None]


@pytest.fixture
def at(office: Office) -> Travel:
    """Sweep twice at ten on a day, and send what is queued, from July 2026 on."""
    with office.app.app_context():
        send_at_any_hour()

    def sweep(day: str) -> None:
        with time_machine.travel(f"{day}T10:00:00+08:00", tick=False), office.app.app_context():
            for _sweep in range(2):
                remind(clock.now())
            deliver(clock.now())

    return sweep


def told(office: Office) -> list[tuple[str, str]]:
    """Name and subject of what was sent to inboxes."""
    with office.app.app_context():
        rows = db.session.query(Message).filter_by(kind="meeting_ahead", channel=Channel.INBOX, state="sent")
        return [(row.person.name, row.subject) for row in rows.order_by(Message.id)]


def skipped(office: Office) -> list[str]:
    with office.app.app_context():
        rows = db.session.query(Message).filter_by(kind="meeting_ahead", channel=Channel.INBOX, state="skipped")
        return [row.answer for row in rows]


def move(office: Office, meeting_id: int, day: date) -> None:
    with office.app.app_context(), writing():
        meeting = queries.lock_meeting(db.session(), meeting_id, SYSTEM)
        called = operations.Called(meeting.kind, meeting.title, day, meeting.as_of)
        operations.change(meeting, called, actor=office.actor("陈静"))


def test_the_office_is_told_once_on_the_day_before(office: Office, at: Travel) -> None:
    office.call(held_on=TUESDAY)
    for day in ("2026-07-31", "2026-08-01", "2026-08-02"):
        at(day)
        assert told(office) == [], day
    at("2026-08-03")
    at("2026-08-04")
    assert told(office) == [("陈静", "明天开会：一页纸、各单位发言提纲请打印")]


def test_over_a_weekend_the_last_working_day_before_counts(office: Office, at: Travel) -> None:
    office.call(held_on=MONDAY)
    at("2026-07-30")
    assert told(office) == []
    at("2026-07-31")
    assert told(office) == [("陈静", "2026年8月3日开会：一页纸、各单位发言提纲请打印")]


def test_a_meeting_that_was_moved_is_told_of_on_the_day_before_its_new_one(office: Office, at: Travel) -> None:
    meeting_id = office.call(held_on=MONDAY)
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False), office.app.app_context():
        remind(clock.now())
    move(office, meeting_id, TUESDAY)
    at("2026-07-31")
    assert (told(office), skipped(office)) == ([], [Skip.NOT_DUE])
    at("2026-08-03")
    assert [name for name, _subject in told(office)] == ["陈静"]


@pytest.mark.parametrize("minutes", [True, False])
def test_a_meeting_that_was_held_is_not_told_of_any_more(office: Office, at: Travel, minutes: bool) -> None:
    meeting_id = office.call(held_on=MONDAY)
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False), office.app.app_context():
        remind(clock.now())
    if minutes:
        with time_machine.travel("2026-08-03T09:00:00+08:00", tick=False):
            office.issue_minutes(meeting_id, MONDAY)
    at("2026-08-03" if minutes else "2026-08-04")
    assert (told(office), skipped(office)) == ([], [Skip.NOT_DUE])


def test_the_message_leads_to_the_papers_or_to_what_has_to_be_done_before(office: Office, at: Travel) -> None:
    frozen, open_ = office.call(held_on=MONDAY), office.call(held_on=MONDAY, title="另一次会议")
    office.freeze(frozen)
    at("2026-07-31")
    with office.app.app_context():
        html = {row.slot: row.body_html for row in db.session.query(Message).filter_by(channel=Channel.INBOX)}
    assert f'href="/meetings/{frozen}/papers"' in html[f"{frozen}:2026-08-03"]
    assert "数据还没有锁定" in html[f"{open_}:2026-08-03"]
    assert f'href="/meetings/{open_}"' in html[f"{open_}:2026-08-03"]


def test_who_called_it_and_the_office_nearest_to_it_are_told_as_far_as_they_may_know_of_it(
    office: Office, at: Travel
) -> None:
    with office.app.app_context(), writing():
        unit, source = db.session.query(Unit).filter_by(name="组织部").one(), a_source("只给人看的反馈")
        an_account("郑洁", Role.OFFICE, unit)
        clerk = db.session.query(Person).filter_by(name="陈静").one()
        source.readers.append(SourceReader(person_id=clerk.id))
        unit_id, source_id = unit.id, source.id
    of_unit = office.call(held_on=MONDAY, unit_id=unit_id)
    of_source = office.call(held_on=MONDAY, unit_id=unit_id, source_id=source_id, title="专题会")
    at("2026-07-31")
    with office.app.app_context():
        rows = db.session.query(Message).filter_by(kind="meeting_ahead", channel=Channel.INBOX)
        found = {(row.slot, row.person.name) for row in rows}
    slots = [f"{each}:2026-08-03" for each in (of_unit, of_source)]
    assert found == {(slots[0], "郑洁"), (slots[0], "陈静"), (slots[1], "陈静")}
