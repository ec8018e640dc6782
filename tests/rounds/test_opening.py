"""Rounds are derived from rhythms and items, over and over with the same result."""

from datetime import date

import pytest
from factories import an_item
from flask import Flask
from rounds.reporting_office import DUE_ON, ReportingOffice, on, sweep
from sqlalchemy import func, select

from tracker.access.rules import SYSTEM
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Stale
from tracker.items import operations as items
from tracker.progress import operations as progress
from tracker.rounds import operations, queries
from tracker.rounds.models import OwedReport, ReportingRound
from tracker.rounds.rules import RhythmKind, Shift


@pytest.fixture
def office(app: Flask) -> ReportingOffice:
    with on(4, 1), writing():
        return ReportingOffice()


def rounds() -> list[tuple[date, date, date]]:
    query = select(ReportingRound.begins_on, ReportingRound.due_on, ReportingRound.closes_on)
    return [tuple(row) for row in db.session.execute(query.order_by(ReportingRound.due_on))]


def test_the_round_of_april_is_due_on_friday_the_24th_and_asks_each_unit_of_each_item(office: ReportingOffice) -> None:
    assert rounds() == [(date(2026, 3, 26), DUE_ON, date(2026, 5, 25))]
    assert office.states() == {
        (1, "组织部"): "owed",
        (1, "办公室"): "owed",
        (2, "组织部"): "owed",
        (3, "组织部"): "owed",
        (4, "办公室"): "owed",
    }
    assert not office.report(1, is_lead=False).is_lead


def test_sweeping_again_changes_nothing_and_the_next_period_opens_one_round(office: ReportingOffice) -> None:
    with on(4, 10):
        assert [sweep(), sweep()] == [0, 0]
    with on(4, 26):
        assert [sweep(), sweep()] == [1, 0]
    assert len(rounds()) == 2
    assert db.session.scalar(select(func.count()).select_from(OwedReport)) == 10


def test_after_months_without_a_scheduler_only_the_present_round_opens(office: ReportingOffice) -> None:
    with on(8, 3):
        assert sweep() == 1
    assert [due_on for _begins, due_on, _closes in rounds()] == [DUE_ON, date(2026, 8, 25)]


def test_items_that_come_and_go_are_asked_for_until_the_day_and_not_after(office: ReportingOffice) -> None:
    with on(4, 20):
        with writing():
            new = an_item(office.source(), lead_unit=office.lead)
            items.issue([new], actor=SYSTEM)
            items.withdraw(office.item(3, lock=True), reason="重复", actor=SYSTEM)
            office.numbers.append(new.number)
        sweep()
        assert office.states()[5, "组织部"] == "owed"
        assert (3, "组织部") not in office.states()
    april = office.round().id
    with on(4, 27):
        with writing():
            items.withdraw(office.item(2, lock=True), reason="重复", actor=SYSTEM)
        sweep()
        assert (2, "组织部") in office.states(round_id=april), "a past round moved"
        assert (2, "组织部") not in office.states()


def test_only_a_round_that_items_have_left_behind_is_brought_into_step(office: ReportingOffice) -> None:
    with on(4, 20):
        assert list(operations.find_stale(clock.now())) == []
        with writing():
            items.withdraw(office.item(3, lock=True), reason="重复", actor=SYSTEM)
        assert list(operations.find_stale(clock.now())) == [office.round().id]
        with writing():
            operations.open_rounds(clock.now(), [])
        assert (3, "组织部") in office.states()
        sweep()
        assert (3, "组织部") not in office.states()
        assert list(operations.find_stale(clock.now())) == []


def test_a_reassigned_item_is_asked_of_its_new_unit(office: ReportingOffice) -> None:
    with on(4, 20):
        with writing():
            items.reassign(office.item(2, lock=True), unit_id=office.other.id, reason="职责调整", actor=SYSTEM)
        sweep()
        assert [key for key in office.states() if key[0] == 2] == [(2, "办公室")]


def test_a_parent_owes_nothing_beside_its_children(office: ReportingOffice) -> None:
    with on(4, 20):
        with writing():
            parent = an_item(office.source(), lead_unit=office.lead)
            children = items.split(parent, [office.unit("组织部"), office.unit("办公室")], actor=SYSTEM)
            items.issue(children, actor=SYSTEM)
            office.numbers += [parent.number, *(child.number for child in children)]
        sweep()
        assert [key for key in office.states() if key[0] > 4] == [(6, "组织部"), (7, "办公室")]


def test_a_changed_rhythm_makes_an_untouched_round_anew(office: ReportingOffice) -> None:
    with on(4, 2), writing():
        wish = {"day": 30, "shift": Shift.AFTER, "starts_on": date(2026, 4, 1), "actor": SYSTEM}
        operations.set_rhythm(office.source(), RhythmKind.MONTHLY, **wish)
    assert rounds() == [(date(2026, 3, 31), date(2026, 4, 30), date(2026, 6, 1))]


def test_a_round_with_texts_runs_out_before_a_changed_rhythm_begins(office: ReportingOffice) -> None:
    with on(4, 2), writing():
        progress.write_entry(office.item(1, lock=True), "已部署", actor=office.acts(office.liaison))
    with on(4, 3):
        with writing():
            wish = {"day": 5, "shift": Shift.BEFORE, "starts_on": date(2026, 4, 1), "actor": SYSTEM}
            operations.set_rhythm(office.source(), RhythmKind.WEEKLY, **wish)
        assert [due_on for _begins, due_on, _closes in rounds()] == [DUE_ON]
    with on(4, 27):
        sweep()
        assert [due_on for _begins, due_on, _closes in rounds()] == [DUE_ON, date(2026, 4, 30)], "Friday is a holiday"


def test_an_impossible_day_and_an_old_version_are_refused(office: ReportingOffice) -> None:
    wish = {"shift": Shift.BEFORE, "starts_on": date(2026, 4, 1), "actor": SYSTEM}
    with pytest.raises(DomainError), writing():
        operations.set_rhythm(office.source(), RhythmKind.WEEKLY, day=9, **wish)
    with pytest.raises(Stale), writing():
        operations.set_rhythm(office.source(), RhythmKind.MONTHLY, day=20, version=7, **wish)


def test_without_a_rhythm_nothing_is_asked_any_more_and_past_rounds_stay(office: ReportingOffice) -> None:
    with on(4, 27):
        sweep()
        with writing():
            rhythm = queries.find_rhythm(db.session(), office.source_id)
            assert rhythm is not None
            operations.drop_rhythm(rhythm, actor=SYSTEM)
        sweep()
    assert [due_on for _begins, due_on, _closes in rounds()] == [DUE_ON]
