"""A reminder that comes late stands for the earlier ones, names them, and nothing is told twice or never."""

from datetime import date

from flask import Flask

from tests.reminders.offices import (
    DUE,
    a_working,
    an_office,
    body,
    change,
    scan,
    send,
    told,
)
from tracker.items.models import Item
from tracker.items.rules import Event


def close_before_sending_and_open_again(item: Item) -> None:
    """On the 10th its reminder is queued, it is closed, the digest leaves; on the 11th it is open again."""
    scan(date(2026, 6, 10))
    change(item, date(2026, 6, 10), Event.APPLY)
    change(item, date(2026, 6, 10), Event.CLOSE, closed_on=date(2026, 6, 10))
    send(date(2026, 6, 10))
    change(item, date(2026, 6, 11), Event.REOPEN, closed_on=None)
    scan(date(2026, 6, 11))
    send(date(2026, 6, 11))


def test_a_catch_up_says_that_it_is_late_and_which_earlier_reminders_it_stands_for(app: Flask) -> None:
    office = an_office()
    a_working(office)
    scan(date(2026, 6, 28))
    send(date(2026, 6, 28))
    words = body(office.liaison, "2026-06-28")
    assert "补发：本应于2026-06-27提醒" in words
    assert "本条含此前未发的20天、10天提醒" in words
    assert "20天、10天" not in body(office.head, "2026-06-28"), "the head is told only from 3 days on"


def test_what_was_sent_in_time_is_not_named_again(app: Flask) -> None:
    office = an_office()
    a_working(office)
    for day in (date(2026, 6, 10), date(2026, 6, 27)):
        scan(day)
        send(day)
    words = body(office.liaison, "2026-06-27")
    assert "本条含此前未发的10天提醒" in words
    assert "补发" not in words
    scan(DUE)
    send(DUE)
    assert "本条含" not in body(office.liaison, DUE.isoformat())


def test_repetitions_that_were_missed_are_counted(app: Flask) -> None:
    office = an_office()
    a_working(office)
    for day in (DUE, date(2026, 7, 1), date(2026, 7, 25)):
        scan(day)
        send(day)
    assert "本条含此前未发的逾期第 1 天起，每 7 天的 2 次提醒" in body(office.liaison, "2026-07-25")


def test_a_step_not_sent_before_the_next_one_came_is_named_in_it(app: Flask) -> None:
    office = an_office()
    item = a_working(office)
    scan(date(2026, 6, 10))
    scan(date(2026, 6, 20))
    send(date(2026, 6, 20))
    assert told(office.liaison) == [("2026-06-10", "skipped", [item.number]), ("2026-06-20", "sent", [item.number])]
    assert "本条含此前未发的20天提醒" in body(office.liaison, "2026-06-20")


def test_a_line_left_out_because_its_item_was_closed_is_told_when_the_item_is_open_again(app: Flask) -> None:
    office = an_office()
    closed, open_ = a_working(office), a_working(office)
    close_before_sending_and_open_again(closed)
    assert told(office.liaison) == [("2026-06-10", "sent", [open_.number]), ("2026-06-11", "sent", [closed.number])]


def test_a_whole_digest_skipped_while_its_item_was_closed_is_told_when_the_item_is_open_again(app: Flask) -> None:
    office = an_office()
    item = a_working(office)
    close_before_sending_and_open_again(item)
    assert told(office.liaison) == [("2026-06-10", "skipped", [item.number]), ("2026-06-11", "sent", [item.number])]


def test_a_clock_put_back_tells_nothing_that_a_later_reminder_stood_for(app: Flask) -> None:
    office = an_office()
    a_working(office)
    scan(date(2026, 6, 27))
    send(date(2026, 6, 27))
    for day in (date(2026, 6, 12), date(2026, 6, 22), date(2026, 6, 28)):
        assert scan(day) == {"queued": 0, "dropped": 0}
