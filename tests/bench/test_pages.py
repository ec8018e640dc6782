"""What the pages and acts of most days ask of the database, in a small organ of the kind that ``make big`` makes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from tests.bench import pages, posts, world
from tests.bench.world.people import AUDITOR, FIRST_HEAD, FIRST_LIAISON, FIRST_PLACE_HEAD, FIRST_VIEWER, OFFICE_STAFF
from tests.desk.reading import counted_queries
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.db import db
from tracker.desk.queries import my_desk
from tracker.items.models import Item
from tracker.items.queries import within, within_list
from tracker.meetings import operations as meetings
from tracker.meetings.models import Meeting
from tracker.meetings.operations import Moment
from tracker.meetings.standings import is_open, standings_of
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.reminders.queries import digests

MOST = 8


def test_no_page_of_most_days_asks_more_than_eight_questions(organ: Flask) -> None:
    asked = {}
    for role, name, address in _pages(organ):
        client = pages.signed_in(organ, world.SIGN_INS[role])
        client.get(address)
        with counted_queries(organ) as statements:
            assert client.get(address).status_code == 200
        asked[role, name] = len(statements)
    assert {key: count for key, count in asked.items() if count > MOST} == {}


def _pages(app: Flask) -> Iterator[tuple[str, str, str]]:
    with app.app_context():
        places = pages.places()
    for role in world.SIGN_INS:
        for name, address in pages.addresses(role, places).items():
            yield role, name, address


def test_which_steps_wait_is_asked_once_for_all_ways_to_be_meant(organ: Flask) -> None:
    client = pages.signed_in(organ, world.OFFICE)
    with counted_queries(organ) as statements:
        assert client.get("/reviews").status_code == 200
    asked = [each for each in statements if "granted_role.role IN" in each]
    assert len(asked) == 2, "counted, and read"
    assert [len(re.findall(r"position < review\.position", each)) for each in asked] == [1, 1]


def test_what_waits_for_a_later_deadline_is_found_without_what_was_granted(organ: Flask) -> None:
    with organ.app_context():
        if db.engine.dialect.name != "sqlite":
            return
    client = pages.signed_in(organ, world.OFFICE)
    plans = _plans(organ, lambda: client.get("/extensions?view=mine"))
    read = {line for line in plans if re.match(r"(SCAN|SEARCH) extension\b", line)}
    pending = ("SCAN extension USING INDEX ix_extension_pending", "SEARCH extension USING INDEX ix_extension_state")
    assert read
    assert all(line.startswith(pending) for line in read), read


def test_the_office_reads_a_page_of_the_list_and_no_more(organ: Flask) -> None:
    with organ.app_context():
        if db.engine.dialect.name != "sqlite":
            return
    client = pages.signed_in(organ, world.OFFICE)
    plans = _plans(organ, lambda: client.get("/items?list=problems"))
    assert any(re.fullmatch("SCAN item USING .*INDEX ix_item_list", line) for line in plans), plans
    assert not any("ix_item_due" in line for line in plans), plans


def test_what_waits_to_be_told_is_held_against_what_is_due_by_a_key(organ: Flask) -> None:
    with organ.app_context():
        if db.engine.dialect.name != "sqlite":
            return

    def look() -> None:
        with organ.app_context():
            digests.list_outdated(db.session(), clock.today())
            digests.list_emptied(db.session(), clock.today(), clock.now(), up_to=1)

    plans = _plans(organ, look)
    assert any("occurrence" in line for line in plans)
    assert [line for line in plans if re.match("SCAN .*LEFT-JOIN", line)] == []


def _plans(app: Flask, act: Any) -> list[str]:
    """The plans of all that SQLite is asked meanwhile."""
    asked: list[tuple[str, Any]] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        rows = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}", given) for told, given in asked]
        return [str(row[3]) for found in rows for row in found]


def test_the_desk_shows_so_many_that_wait_and_says_that_there_are_more(
    organ: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = pages.signed_in(organ, world.OFFICE)
    assert "<b>1+</b>" not in client.get("/").text
    monkeypatch.setattr(my_desk, "LIMIT", 1)
    assert "<b>1+</b>" in client.get("/").text


def test_a_list_holds_just_what_somebody_may_see(organ: Flask) -> None:
    with organ.app_context():
        session = db.session()
        session.rollback()
        ids = (
            *world.SIGN_INS.values(),
            1,
            FIRST_PLACE_HEAD,
            FIRST_HEAD + 3,
            FIRST_LIAISON,
            FIRST_VIEWER,
            AUDITOR,
            1900,
        )
        seen = {}
        for person_id in ids:
            actor = people.load_actor(session, session.get_one(Person, person_id))
            for action in (Action.READ_ITEM, Action.EDIT_ITEM, Action.NUDGE):
                one_by_one = set(session.scalars(select(Item.id).where(within(reach(actor, action)))))
                assert set(session.scalars(select(Item.id).where(within_list(reach(actor, action))))) == one_by_one
                seen[person_id, action] = len(one_by_one)
        assert (
            0 < seen[world.HANDLER, Action.READ_ITEM] < seen[world.SIGN_INS["head"], Action.READ_ITEM] < count_items()
        )


def count_items() -> int:
    return db.session.scalar(select(func.count()).select_from(Item)) or 0


def test_an_open_meeting_shows_what_freezing_it_now_would_keep(organ: Flask) -> None:
    with organ.app_context():
        session = db.session()
        actor = people.load_actor(session, session.get_one(Person, world.OFFICE))
        meeting = session.scalars(select(Meeting).order_by(Meeting.held_on.desc()).limit(1)).one()
        seen = reach(actor, Action.READ_FIGURES)
        at = Moment(clock.now(), "0" * 64)
        frozen = meetings.collect(session, meeting, seen=seen, at=at, as_of=clock.today())
        present, standings = meetings.collect_unfinished(session, meeting, seen=seen, as_of=clock.today())
        assert present.items == tuple(filter(is_open, frozen.items))
        assert 0 < len(present.items) < len(frozen.items)
        assert any(each.progress for each in present.items)
        assert present.waits
        assert (present.figures, present.waits) == (frozen.figures, frozen.waits)
        assert standings == standings_of(frozen)


def test_the_same_news_for_many_people_is_queued_in_one_statement(organ: Flask) -> None:
    with organ.app_context():
        [asked, *_more] = posts.sent(db.session(), "ask for an extension", "head")
        before = db.session.scalar(select(func.count()).select_from(Message)) or 0
        db.session.rollback()
    post = posts.post(organ, asked)
    with counted_queries(organ) as statements:
        post()
    assert len([each for each in statements if each.startswith("INSERT INTO message ")]) == 1
    with organ.app_context():
        assert db.session.scalar(select(func.count()).select_from(Message)) >= before + OFFICE_STAFF


def test_every_act_of_the_bench_is_done(organ: Flask) -> None:
    for name, role in posts.ACTS:
        with organ.app_context():
            sent = posts.sent(db.session(), name, role)
            assert sent, name
            db.session.rollback()
        posts.post(organ, sent[0])()
