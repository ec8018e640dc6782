"""Every change of an item is appended with two dates, and the row is the last word."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from factories import a_person, a_source, a_unit, a_working_item, an_issued_item, an_item
from flask import Flask

from tracker.access.rules import SYSTEM
from tracker.audit.operations import verify_trail
from tracker.core import clock
from tracker.core.db import FOREVER, db, writing
from tracker.core.errors import Conflict, DomainError, Stale
from tracker.items import operations, queries
from tracker.items.rules import Event, State


def test_the_first_change_counts_from_the_day_of_the_feedback(app: Flask) -> None:
    with writing():
        item = an_item()
    (change,) = queries.list_changes(db.session(), item.id)
    assert (change.event, change.effective_on, change.state) == (Event.DRAW_UP, date(2026, 3, 16), State.DRAFT)
    assert change.superseded_at == FOREVER


def test_each_change_closes_the_one_before_it_even_within_one_transaction(app: Flask) -> None:
    with writing():
        item = a_working_item(a_person(), lead_unit=a_unit())
    with writing():
        item = db.session.get_one(type(item), item.id)
        operations.withdraw(item, actor=SYSTEM, reason="上级同意核减")
    changes = queries.list_changes(db.session(), item.id)
    assert [change.event for change in changes] == ["draw_up", "assign", "issue", "accept", "withdraw"]
    for before, after in pairwise(changes):
        assert (before.until, before.superseded_at) == (after.effective_on, after.recorded_at)
    assert changes[0].recorded_at == changes[3].recorded_at < changes[4].recorded_at
    assert changes[-1].superseded_at == FOREVER


def test_a_refused_change_leaves_neither_change_nor_trail(app: Flask) -> None:
    with writing():
        item = an_issued_item(lead_unit=a_unit())
    rows, _head, _breaks = verify_trail(db.session())
    with pytest.raises(Conflict), writing():
        operations.withdraw(db.session.get_one(type(item), item.id), actor=SYSTEM, reason="重复")
        operations.issue([db.session.get_one(type(item), item.id)], actor=SYSTEM)
    assert len(queries.list_changes(db.session(), item.id)) == 3
    assert verify_trail(db.session())[0] == rows


def test_a_change_is_never_dated_before_the_one_before_it_nor_in_the_future(app: Flask) -> None:
    with writing():
        item = an_item(lead_unit=a_unit())
        for day in (item.changed_on - timedelta(days=1), clock.today() + timedelta(days=1)):
            with pytest.raises(DomainError):
                operations.issue([item], actor=SYSTEM, on=day)


def test_an_assignment_made_against_an_older_version_is_refused_with_both_texts(app: Flask) -> None:
    with writing():
        item = an_item(lead_unit=a_unit())
        with pytest.raises(Stale) as refusal:
            operations.assign(item, operations.Assignment(cause="认识不到位"), actor=SYSTEM, version=item.version - 1)
    assert refusal.value.typed == {"cause": "认识不到位"}


def test_numbers_are_three_digits_and_never_reused(app: Flask) -> None:
    with writing():
        source = a_source()
        first = an_item(source)
        operations.void(first, actor=SYSTEM, reason="重复录入")
        assert an_item(source).number == "巡察2026-1-002"


def test_the_parent_closes_with_its_last_child(app: Flask) -> None:
    with writing():
        parent = an_item(lead_unit=a_unit())
        children = operations.split(parent, [a_unit("宣传部"), a_unit("办公室")], actor=SYSTEM)
        assert [child.number for child in children] == ["巡察2026-1-001-01", "巡察2026-1-001-02"]
        operations.issue(children, actor=SYSTEM)
        for child in children:
            operations.accept(child, handler_id=a_person().id, actor=SYSTEM)
            operations.move_on(child, Event.APPLY, actor=SYSTEM)
        operations.move_on(children[0], Event.CLOSE, actor=SYSTEM, closed_on=clock.today())
        assert parent.state is State.APPLIED
        operations.move_on(children[1], Event.CLOSE, actor=SYSTEM, closed_on=clock.today())
        assert (parent.state, parent.closed_on) == (State.CLOSED, clock.today())
