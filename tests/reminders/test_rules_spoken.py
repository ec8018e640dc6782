"""What a rule says is what people are told, from the day it says so."""

from datetime import date

import pytest
from factories import actor_of
from flask import Flask

from tests.reminders.offices import (
    BEGIN,
    a_working,
    an_office,
    body,
    change_rule,
    on,
    scan,
    send,
    told,
)
from tracker.access.rules import SYSTEM
from tracker.core.db import db, writing
from tracker.core.errors import Forbidden, Stale
from tracker.items.models import Item
from tracker.org.models import Person
from tracker.outbox.rules import Channel
from tracker.reminders import operations, queries
from tracker.reminders.rules import Counts, RuleLight
from tracker.reminders.upcoming import next_reminder


def test_a_rule_changed_today_does_not_speak_of_yesterday(app: Flask) -> None:
    office = an_office()
    a_working(office)
    with writing(), on(date(2026, 6, 12)):
        change_rule("before-20", is_active=True, days=19)
    assert scan(date(2026, 6, 12)) == {"queued": 0, "dropped": 0}, "19 days were left on the 11th"


def test_a_rule_switched_off_drops_what_it_has_queued(app: Flask) -> None:
    office = an_office()
    a_working(office)
    scan(date(2026, 6, 10))
    with writing(), on(date(2026, 6, 10)):
        change_rule("before-20", is_active=False, days=20)
    assert scan(date(2026, 6, 10)) == {"queued": 0, "dropped": 3}


def test_a_rule_is_changed_by_the_administrator_alone_and_not_over_somebody_else_s_change(app: Flask) -> None:
    office = an_office()
    with pytest.raises(Forbidden), writing():
        rule = queries.get_rule(db.session(), "before-3")
        liaison = db.session.get_one(Person, office.liaison.id)
        operations.change_rule(rule, is_active=False, speech=rule.speech, actor=actor_of(liaison))
    with pytest.raises(Stale), writing():
        rule = queries.get_rule(db.session(), "before-3")
        operations.change_rule(rule, is_active=False, speech=rule.speech, actor=SYSTEM, version=rule.version + 1)


def test_a_rule_in_working_days_speaks_by_the_calendar_and_is_told_in_words(app: Flask) -> None:
    """Three working days before Monday, 12 October: the 8th, with the Saturday of the 10th worked."""
    office = an_office()
    item = a_working(office, date(2026, 10, 12))
    with writing(), on(date(2026, 9, 1)):
        for key in ("before-20", "before-10"):
            change_rule(key, is_active=False)
        change_rule("before-3", counts=Counts.WORKING)
    with on(date(2026, 9, 28)):
        found = next_reminder(db.session.get_one(Item, item.id))
        assert found is not None
        assert (found.on, str(found.rule)) == (date(2026, 10, 8), "到期前 3 个工作日")
    assert scan(date(2026, 10, 7))["queued"] == 0
    assert scan(date(2026, 10, 8))["queued"] > 0
    send(date(2026, 10, 8))
    assert "还剩 4 天" in body(office.liaison, "2026-10-08")


def test_a_rule_that_counts_days_not_published_says_so(app: Flask) -> None:
    office = an_office()
    item = a_working(office, date(2027, 1, 4))
    with writing(), on(BEGIN):
        change_rule("before-20", counts=Counts.WORKING)
    with on(date(2026, 9, 28)):
        found = next_reminder(db.session.get_one(Item, item.id))
    assert found is not None
    assert str(found.rule) == "到期前 20 个工作日（2027年放假安排未公布，只按周末计算）"


def test_a_slip_and_the_name_of_a_light_are_written_before_the_words(app: Flask) -> None:
    office = an_office()
    a_working(office)
    with writing(), on(date(2026, 6, 1)):
        change_rule("before-20", slip="通知书", label="绿牌", light=RuleLight.GREEN)
    scan(date(2026, 6, 10))
    send(date(2026, 6, 10))
    assert "通知书" in body(office.liaison, "2026-06-10")


def test_a_rule_that_speaks_only_within_the_system_sends_no_mail(app: Flask) -> None:
    office = an_office()
    a_working(office)
    with writing(), on(date(2026, 6, 1)):
        change_rule("before-20", channels=frozenset())
    assert scan(date(2026, 6, 10))["queued"] == 2
    assert told(office.liaison, Channel.MAIL) == []
    assert [slot for slot, _state, _numbers in told(office.liaison)] == ["2026-06-10"]


def test_the_set_chosen_for_a_source_speaks_of_its_items_from_that_day_on(app: Flask) -> None:
    office = an_office()
    a_working(office)
    with writing(), on(date(2026, 6, 15)):
        three = queries.get_set(db.session(), "three-days")
        operations.choose_set(db.session.merge(office.source), three, actor=SYSTEM)
    told_on = []
    for passed in range(15, 31):
        day = date(2026, 6, passed)
        if scan(day)["queued"]:
            told_on.append(day)
        send(day)
    assert told_on == [date(2026, 6, 27)]
