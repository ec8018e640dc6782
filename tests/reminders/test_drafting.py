"""From red on a draft of a supervision notice is asked for, once for each step."""

from collections.abc import Sequence
from datetime import date

import pytest
from factories import an_account
from flask import Flask
from sqlalchemy import func, select

from tests.reminders.offices import DUE, a_working, an_office, change, change_rule, on, scan, send
from tracker.access.rules import Role
from tracker.core import hooks
from tracker.core.db import db, writing
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.reminders.models import NoticeDrafted, ReminderRule

LATE = date(2026, 7, 1)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, date]]:
    """Whatever is asked of the room that drafts: rule, item, day."""
    found: list[tuple[str, str, date]] = []

    def draft(rule: ReminderRule, items: Sequence[Item], day: date) -> None:
        found.extend((rule.key, item.number, day) for item in items)

    monkeypatch.setitem(hooks._hooks, "draft_supervision_notices", [draft])
    return found


def test_a_step_drafts_one_notice_however_many_are_told_and_however_often_it_is_scanned(
    app: Flask, asked: list[tuple[str, str, date]]
) -> None:
    office = an_office()
    first, second = a_working(office), a_working(office)
    for hour in (8, 9, 10):
        scan(LATE, hour)
    send(LATE)
    with writing():
        an_account("周涛", Role.LIAISON, db.session.merge(office.unit))
    scan(LATE, 12)
    assert asked == [("overdue-7", first.number, LATE), ("overdue-7", second.number, LATE)]
    scan(date(2026, 7, 8))
    assert len(asked) == 4


def test_a_rule_asks_once_for_all_its_items(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []

    def draft(_rule: ReminderRule, items: Sequence[Item], _day: date) -> None:
        calls.append([item.number for item in items])

    monkeypatch.setitem(hooks._hooks, "draft_supervision_notices", [draft])
    office = an_office()
    numbers = [a_working(office).number for _ in range(3)]
    scan(LATE)
    assert calls == [numbers]


def test_nothing_is_drafted_before_the_deadline_nor_for_what_is_closed(
    app: Flask, asked: list[tuple[str, str, date]]
) -> None:
    office = an_office()
    item = a_working(office)
    scan(DUE)
    change(item, DUE, Event.APPLY)
    change(item, DUE, Event.CLOSE, closed_on=DUE)
    scan(LATE)
    assert asked == []


def test_what_was_dropped_and_is_due_again_drafts_no_second_notice(
    app: Flask, asked: list[tuple[str, str, date]]
) -> None:
    office = an_office()
    item = a_working(office)
    scan(LATE)
    change(item, LATE, Event.APPLY)
    change(item, LATE, Event.CLOSE, closed_on=LATE)
    scan(LATE)
    change(item, LATE, Event.REOPEN, closed_on=None)
    scan(LATE)
    assert len(asked) == 1


def test_a_rule_that_drafts_none_and_a_house_where_nobody_drafts(
    app: Flask, asked: list[tuple[str, str, date]], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = an_office()
    a_working(office)
    with writing(), on(DUE):
        change_rule("overdue-7", drafts_notice=False)
    scan(LATE)
    assert asked == []
    with writing(), on(DUE):
        change_rule("overdue-7", drafts_notice=True)
    monkeypatch.delitem(hooks._hooks, "draft_supervision_notices")
    scan(date(2026, 7, 8))
    assert db.session.scalar(select(func.count()).select_from(NoticeDrafted)) == 1


def test_when_the_scan_fails_nothing_was_asked_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    office = an_office()
    a_working(office)

    def fail(*_told: object) -> None:
        raise RuntimeError

    monkeypatch.setitem(hooks._hooks, "draft_supervision_notices", [fail])
    with pytest.raises(RuntimeError):
        scan(LATE)
    monkeypatch.delitem(hooks._hooks, "draft_supervision_notices")
    assert scan(LATE)["queued"] > 0
