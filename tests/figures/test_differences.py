"""What two days differ in: told in counts that add up, and as exactly the items that moved."""

import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from factories import a_person, a_source, a_unit, a_working_item, actor_of, an_account, an_issued_item
from figures.crowds import a_crowd
from figures.ledgers import DAYS, FIRST_DAY, Row, Step, World, steps, undone
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.access.rules import SYSTEM, Action, Actor, Role, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.figures.differences import (
    ENTERING,
    LEAVING,
    MOVEMENT_DEFINITIONS,
    UNCLOSING,
    WAYS,
    Difference,
    Movement,
    Standing,
    check_comparable,
    movements,
)
from tracker.figures.queries import count_moved, select_moved, tally_wholes
from tracker.figures.questions import Question
from tracker.figures.rules import Tally
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.operations.changes import take_back
from tracker.items.rules import Event, State

EXAMPLES = 80 if os.environ.get("PROOF") else 8
AT_RANDOM = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JUNE, JULY = date(2026, 6, 30), date(2026, 7, 31)


def difference(earlier: Question, later: Question, actor: Actor = SYSTEM) -> Difference:
    session, within = db.session(), reach(actor, Action.READ_FIGURES)
    before, after = tally_wholes(session, [earlier, later], within)
    return Difference(before, after, count_moved(session, earlier, [later], within)[0])


def moved(
    earlier: Question, later: Question, movement: Movement | None = None, source_id: int | None = None
) -> list[str]:
    query = select_moved(earlier, later, reach(SYSTEM, Action.READ_FIGURES), movement, source_id)
    return [row.number for row in db.session.execute(query)]


def counts(found: Difference) -> dict[Movement, int]:
    return {movement: found.count(movement) for movement in Movement if found.count(movement)}


def days_of(one: date, other: date) -> tuple[Question, Question]:
    return Question(one), Question(other)


@pytest.fixture
def july() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-06-30T10:00:00+08:00", tick=False) as traveller:
        yield traveller


def test_every_way_has_a_name_and_every_name_a_definition() -> None:
    assert set(WAYS) == set(MOVEMENT_DEFINITIONS) == set(Movement)
    named = {way for ways in WAYS.values() for way in ways}
    still = {(one, one) for one in Standing} | {(Standing.OPEN, Standing.REOPENED)}
    uncounted = {Standing.NOWHERE, Standing.OUTSIDE, Standing.WITHDRAWN}
    for before in Standing:
        for after in Standing:
            if before is Standing.REOPENED or after is Standing.REOPENED or {before, after} <= uncounted:
                continue
            assert ((before, after) in named) == ((before, after) not in still), (before, after)


def test_what_was_fed_back_and_closed_since_is_both() -> None:
    assert movements(Standing.NOWHERE, Standing.CLOSED) == [Movement.FED_BACK, Movement.CLOSED]
    assert movements(Standing.OPEN, Standing.OPEN) == []


def test_the_meeting_of_july_is_told_to_the_item(app: Flask, july: time_machine.Traveller) -> None:
    """30 June: 36 of 40; 31 July: 42 of 48, since 8 came, 7 were closed and 1 came back."""
    with writing():
        source, unit, handler = a_source("巡察反馈"), a_unit("组织部"), a_person("孙丽")
        working = [a_working_item(handler, source=source, lead_unit=unit) for _ in range(4)]
        back = a_working_item(handler, source=source, lead_unit=unit)
        for move in (Event.APPLY, Event.CLOSE):
            items.move_on(back, move, actor=SYSTEM, **({"closed_on": JUNE} if move is Event.CLOSE else {}))
        a_crowd(source, {State.CLOSED: 35}, on=JUNE, lead_unit=unit)
    july.move_to("2026-07-31T10:00:00+08:00")
    with writing():
        review = a_source("述职评点", date(2026, 7, 10))
        a_crowd(review, {State.CLOSED: 3, State.WORKING: 5}, on=date(2026, 7, 20), lead_unit=unit)
        for item in working:
            items.move_on(item, Event.APPLY, actor=SYSTEM)
            items.move_on(item, Event.CLOSE, actor=SYSTEM, closed_on=JULY)
        items.move_on(back, Event.REOPEN, actor=SYSTEM, reason="回头看发现反弹")
    found = difference(*days_of(JUNE, JULY))
    assert (found.before.closed, found.before.total, found.after.closed, found.after.total) == (36, 40, 42, 48)
    assert counts(found) == {Movement.FED_BACK: 8, Movement.CLOSED: 7, Movement.REOPENED: 1}
    assert found.adds_up
    assert [(way.source, way.items) for way in found.by_source(Movement.FED_BACK)] == [("述职评点", 8)]
    assert moved(*days_of(JUNE, JULY), Movement.REOPENED) == [back.number]
    assert len(moved(*days_of(JUNE, JULY), Movement.CLOSED)) == 7
    assert len(moved(*days_of(JUNE, JULY), Movement.CLOSED, review.id)) == 3
    assert len(moved(*days_of(JUNE, JULY))) == 8 + 4 + 1


def test_a_closing_recorded_late_is_the_difference_between_then_and_now(
    app: Flask, july: time_machine.Traveller
) -> None:
    with writing():
        item = a_working_item(a_person("孙丽"), lead_unit=a_unit("组织部"))
        items.move_on(item, Event.APPLY, actor=SYSTEM)
    july.move_to("2026-07-31T18:00:00+08:00")
    meeting = clock.now()
    july.move_to("2026-08-04T09:00:00+08:00")
    with writing():
        late = {"closed_on": date(2026, 7, 29)}
        items.move_on(item, Event.CLOSE, actor=SYSTEM, on=date(2026, 7, 29), reason="补录", **late)
    found = difference(Question(JULY, meeting), Question(JULY))
    assert counts(found) == {Movement.CLOSED: 1}
    assert moved(Question(JULY, meeting), Question(JULY)) == [item.number]


def test_a_wrong_closing_put_right_is_no_relapse(app: Flask, july: time_machine.Traveller) -> None:
    with writing():
        item = a_working_item(a_person("孙丽"), lead_unit=a_unit("组织部"))
        items.move_on(item, Event.APPLY, actor=SYSTEM)
        items.move_on(item, Event.CLOSE, actor=SYSTEM, closed_on=JUNE)
    meeting = clock.now()
    july.move_to("2026-07-31T10:00:00+08:00")
    with writing():
        take_back(item, reason="批错了一条", actor=SYSTEM)
    assert counts(difference(Question(JUNE, meeting), Question(JULY))) == {Movement.CLOSING_UNDONE: 1}
    assert counts(difference(*days_of(JUNE, JULY))) == {}


def test_for_a_unit_an_item_given_to_another_moved_out_and_for_the_other_in(
    app: Flask, july: time_machine.Traveller
) -> None:
    with writing():
        unit, other = a_unit("组织部"), a_unit("宣传部")
        item = an_issued_item(lead_unit=unit)
        liaison = an_account("周宁", Role.LIAISON, other)
    july.move_to("2026-07-31T10:00:00+08:00")
    with writing():
        items.reassign(item, unit_id=other.id, reason="改由宣传部牵头", actor=SYSTEM)
    asked = {each.name: (Question(JUNE, unit_id=each.id), Question(JULY, unit_id=each.id)) for each in (unit, other)}
    assert counts(difference(*asked["组织部"])) == {Movement.MOVED_OUT: 1}
    assert counts(difference(*asked["宣传部"])) == {Movement.MOVED_IN: 1}
    assert counts(difference(*days_of(JUNE, JULY))) == {}
    assert counts(difference(*days_of(JUNE, JULY), actor_of(liaison))) == {Movement.MOVED_IN: 1}


@pytest.mark.parametrize(
    ("earlier", "later", "is_refused"),
    [
        ((JULY, None), (JUNE, None), True),
        ((JUNE, None), (JULY, 20), True),
        ((JUNE, 21), (JULY, 20), True),
        ((JULY, 20), (JULY, None), False),
        ((JULY, 20), (JULY, 20), False),
    ],
)
def test_the_day_compared_with_is_not_the_later_one(
    earlier: tuple[date, int | None], later: tuple[date, int | None], is_refused: bool
) -> None:
    one, other = (
        Question(day, clock.instant_at(date(2026, 8, known), 9) if known else None) for day, known in (earlier, later)
    )
    if is_refused:
        with pytest.raises(DomainError):
            check_comparable(one, other)
    else:
        check_comparable(one, other)


def _stands(row: Row | None) -> str:
    if row is None or row["state"] is State.VOID:
        return "nowhere"
    return str(row["state"]) if row["state"] in (State.CLOSED, State.WITHDRAWN) else "open"


@pytest.mark.proof
@AT_RANDOM
@given(happening=steps(), days=st.tuples(st.integers(0, DAYS), st.integers(0, DAYS)))
def test_the_difference_of_two_days_is_that_of_two_replays(
    app: Flask, happening: list[Step], days: tuple[int, int]
) -> None:
    with undone():
        world = World()
        instants: list[datetime] = [world.instant]
        for step in happening:
            world.go_on(step)
            instants.append(world.instant)
        first, last = (FIRST_DAY + timedelta(days=passed) for passed in sorted(days))
        for known_at in (instants[0], instants[len(instants) // 2], instants[-1]):
            earlier, later = Question(first, known_at), Question(last, instants[-1])
            found = difference(earlier, later)
            assert found.adds_up
            before, after = world.ledger.on(first, known_at), world.ledger.on(last, instants[-1])
            expected = {name: (_stands(before.get(name)), _stands(after.get(name))) for name in before | after}
            for movement, means in PLAINLY.items():
                names = sorted(name for name, way in expected.items() if way in means)
                assert sorted(moved_by(earlier, later, movement)) == names, movement


PLAINLY = {
    (Movement.FED_BACK,): {("nowhere", "open"), ("nowhere", "closed")},
    (Movement.RESTORED,): {("withdrawn", "open"), ("withdrawn", "closed")},
    (Movement.WITHDRAWN,): {("open", "withdrawn"), ("closed", "withdrawn")},
    (Movement.VOIDED,): {("open", "nowhere"), ("closed", "nowhere")},
    (Movement.CLOSED,): {("nowhere", "closed"), ("open", "closed"), ("withdrawn", "closed")},
    (Movement.REOPENED, Movement.CLOSING_UNDONE): {("closed", "open")},
    (Movement.MOVED_IN,): set(),
    (Movement.MOVED_OUT,): set(),
}


def moved_by(earlier: Question, later: Question, wanted: tuple[Movement, ...]) -> list[str]:
    return [number for movement in wanted for number in moved(earlier, later, movement)]


def test_the_parts_of_the_sentence_are_the_six_that_change_the_total_and_the_four_that_change_the_closed() -> None:
    assert {*ENTERING, *LEAVING, Movement.CLOSED, *UNCLOSING} == set(Movement)


def test_what_is_missing_from_the_ways_does_not_add_up() -> None:
    assert not Difference(Tally(working=1), Tally(working=2), ()).adds_up
    assert not Difference(Tally(working=1), Tally(closed=1), ()).adds_up
    assert Difference(Tally(working=1), Tally(working=1), ()).adds_up


def test_a_void_item_is_nowhere(app: Flask, july: time_machine.Traveller) -> None:
    with writing():
        item = items.draw_up(a_source(), "重复的问题", actor=SYSTEM)
    known = clock.now()
    july.move_to("2026-07-31T10:00:00+08:00")
    with writing():
        items.void(db.session.get_one(Item, item.id), reason="重复", actor=SYSTEM)
    assert counts(difference(Question(JUNE, known), Question(JULY))) == {Movement.VOIDED: 1}
    assert counts(difference(*days_of(JUNE, JULY))) == {}
