"""Every change of an item is appended with two dates, and the row is the last word."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from factories import a_person, a_source, a_unit, a_working_item, an_issued_item, an_item, by_date
from flask import Flask

from tracker.access.rules import SYSTEM
from tracker.audit.operations import verify_trail
from tracker.core import clock
from tracker.core.db import FOREVER, db, writing
from tracker.core.errors import Conflict, DomainError, Stale
from tracker.items import operations, queries
from tracker.items.rules import Deadline, DeadlineKind, Event, OwnWord, State
from tracker.sources.operations import add_section


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


def test_a_parent_whose_parts_were_all_voided_is_a_draft_again_that_can_be_split_and_issued(app: Flask) -> None:
    with writing():
        own, other = a_unit("组织部"), a_unit("宣传部")
        parent = an_item(lead_unit=own)
        first = operations.split(parent, [own, other], actor=SYSTEM)
        for child in first:
            operations.void(child, actor=SYSTEM, reason="拆错了")
        assert parent.state is State.DRAFT
        second = operations.split(parent, [other], actor=SYSTEM)
        assert [child.number for child in second] == [f"{parent.number}-03"]
        operations.void(second[0], actor=SYSTEM, reason="不必拆分")
        operations.issue([parent], actor=SYSTEM)
        assert parent.state is State.ISSUED


def test_a_parent_whose_last_part_was_withdrawn_is_withdrawn(app: Flask) -> None:
    with writing():
        parent = an_item(lead_unit=a_unit())
        voided, withdrawn = operations.split(parent, [a_unit("宣传部"), a_unit("办公室")], actor=SYSTEM)
        operations.void(voided, actor=SYSTEM, reason="拆错了")
        operations.issue([withdrawn], actor=SYSTEM)
        operations.withdraw(withdrawn, actor=SYSTEM, reason="上级同意核减")
        assert parent.state is State.WITHDRAWN


def test_nothing_is_done_to_a_parent_that_belongs_to_its_parts(app: Flask) -> None:
    with writing():
        own, other, handler = a_unit("组织部"), a_unit("宣传部"), a_person()
        draft = an_item(lead_unit=own)
        operations.split(draft, [own, other], actor=SYSTEM)
        parent = an_item(draft.source, lead_unit=own)
        operations.issue(operations.split(parent, [own, other], actor=SYSTEM), actor=SYSTEM)
        assert parent.state is State.ISSUED
        for refused in (
            lambda: operations.void(draft, actor=SYSTEM, reason="重复录入"),
            lambda: operations.declare(parent, OwnWord.COMPLETED, actor=SYSTEM),
            lambda: operations.accept(parent, handler_id=handler.id, actor=SYSTEM),
            lambda: operations.withdraw(parent, actor=SYSTEM, reason="上级同意核减"),
            lambda: operations.reassign(parent, unit_id=other.id, reason="应由宣传部承担", actor=SYSTEM),
            lambda: operations.ask_reassignment(parent, unit_id=other.id, reason="不归本单位", actor=SYSTEM),
        ):
            with pytest.raises(Conflict, match="总项"):
                refused()
        assert (draft.state, parent.state) == (State.DRAFT, State.ISSUED)


def test_a_parent_moves_to_another_heading_although_one_of_its_parts_was_voided(app: Flask) -> None:
    with writing():
        parent = an_item(lead_unit=a_unit())
        kept, voided = operations.split(parent, [a_unit("宣传部"), a_unit("办公室")], actor=SYSTEM)
        operations.void(voided, actor=SYSTEM, reason="拆错了")
        section = add_section(parent.source, "一、党的领导弱化", actor=SYSTEM)
        operations.place(parent, section, actor=SYSTEM)
        assert (parent.section, kept.section, voided.section) == (section, section, None)


def test_a_parent_closes_on_the_day_of_the_latest_of_its_parts_whichever_was_recorded_last(app: Flask) -> None:
    today, before = clock.today(), clock.today() - timedelta(days=3)
    with writing():
        parent = an_item(a_source(received_on=before), lead_unit=a_unit(), due_on=today)
        children = operations.split(parent, [a_unit("宣传部"), a_unit("办公室")], actor=SYSTEM)
        for child, on in zip(children, (today, before), strict=True):
            for event in (Event.ISSUE, Event.ACCEPT, Event.APPLY, Event.CLOSE):
                closed = {"closed_on": on} if event is Event.CLOSE else {}
                operations.move_on(child, event, actor=SYSTEM, on=on, **closed)
        assert (parent.state, parent.closed_on, parent.changed_on) == (State.CLOSED, today, today)


def test_the_first_deadline_is_remembered_when_an_item_was_long_term_for_a_while(app: Flask) -> None:
    first, later = clock.today() + timedelta(days=10), clock.today() + timedelta(days=40)
    with writing():
        item = an_issued_item(lead_unit=a_unit(), due_on=first)
    for deadline in (Deadline(DeadlineKind.LONG_TERM, None), by_date(later)):
        with writing():
            item = db.session.merge(item)
            operations.amend(item, operations.Assignment(deadline=deadline), reason="经批准", actor=SYSTEM)
    assert (item.due_on, item.first_due_on) == (later, first)
