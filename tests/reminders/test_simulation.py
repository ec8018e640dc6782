"""400 days of an office in a bad year: whatever happens, each step is told to each right person once, or is named.

Rules count natural or working days; in one run messages leave on any day, in another on working days only. Deadlines
move, items close and open again, people come, go and lose their accounts; nights without power, mail that
stands still, clocks that jump, two schedulers at a time. After every scan and every delivery the database is compared
with ``oracle``, which reckons the same in plain Python. With PROOF=1 all days, else a tenth; SEED=n repeats a run.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from factories import a_source, a_unit, an_account, an_issued_item, by_date
from flask import Flask
from sqlalchemy import select

from tests.reminders.offices import AT_ANY_HOUR, change_rule, on, scan, send
from tests.reminders.oracle import Date, Oracle, Step, candidates
from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item, Milestone
from tracker.items.rules import RUNNING, Event, State
from tracker.org.models import Account, Unit
from tracker.progress import operations as progress
from tracker.progress.models import Measure
from tracker.reminders import operations, queries
from tracker.reminders.covering import covered_by
from tracker.reminders.models import Occurrence
from tracker.reminders.rules import Counts, Recipient
from tracker.settings import operations as settings
from tracker.sources import operations as sources
from tracker.sources.models import Source
from tracker.sources.rules import MilestoneKind
from tracker.workdays.queries import load_calendar
from tracker.workdays.rules import Calendar

pytestmark = [pytest.mark.proof]
DAYS = 400 if os.environ.get("PROOF") else 40
BEGIN = date(2026, 1, 5)


class World:
    """Three units two levels below the organ, two sources under different rules, twenty items; all may change."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.holds = chance.random() < 0.5
        with writing(), on(BEGIN):
            root = a_unit("市直机关工委")
            middle = a_unit("机关党委", root)
            units = [a_unit(name, middle) for name in ("组织部", "宣传部", "办公室")]
            self.units = [unit.id for unit in units]
            an_account("陈静", Role.OFFICE, root)
            an_account("钱进", Role.UNIT_HEAD, root)
            an_account("冯远", Role.UNIT_HEAD, middle)
            named = an_account("郑明", Role.VIEWER, root)
            leaders = [an_account(name, None, root) for name in ("孙立", "周勇")]
            for number, unit in enumerate(units):
                an_account(f"联络员{number}", Role.LIAISON, unit)
                an_account(f"负责人{number}", Role.UNIT_HEAD, unit)
            self.doers = [an_account(f"经办人{n}", None, units[n % 3]).id for n in range(6)]
            self.leaders = [each.id for each in leaders]
            operations.ensure_default_rules()
            climb = {Recipient.UNIT_HEAD: 0, Recipient.OWNER: 0, Recipient.UPPER_HEAD: 1, Recipient.SUPERVISOR: 2}
            change_rule("overdue-7", recipients=climb)
            told = {Recipient.HANDLER: 0, Recipient.SUPPORTING: 0, Recipient.PERSON: 0}
            change_rule("before-10", recipients=told, person_ids=frozenset({named.id}))
            self.sources = [a_source("巡察", received_on=BEGIN).id, a_source("督查", received_on=BEGIN).id]
            copied = operations.copy_set(queries.get_set(db.session(), "five-slips"), "本市五书", actor=SYSTEM)
            operations.choose_set(db.session.get_one(Source, self.sources[1]), copied, actor=SYSTEM)
            for rule in (*queries.list_rules(db.session()), *queries.list_rules(db.session(), copied.key)):
                change_rule(rule.key, counts=chance.choice(list(Counts)))
            if not self.holds:
                settings.put(AT_ANY_HOUR, actor=SYSTEM)
            for number in range(20):
                self.issue(BEGIN, number % 2)

    def some_day(self, day: date) -> date:
        return day + timedelta(days=self.chance.randint(1, 30))

    def issue(self, day: date, source: int | None = None) -> None:
        chance = self.chance
        place = chance.choice((0, 1)) if source is None else source
        unit_id, helper_id = chance.sample(self.units, 2)
        item = an_issued_item(
            source=db.session.get_one(Source, self.sources[place]),
            lead_unit=db.session.get_one(Unit, unit_id),
            due_on=self.some_day(day),
            owner_id=chance.choice([*self.doers, None]),
            supervisor_id=chance.choice([*self.leaders, None]),
            supporting_unit_ids=[helper_id] if chance.random() < 0.5 else [],
        )
        items.accept(item, handler_id=chance.choice(self.doers), actor=SYSTEM)

    def happen(self, day: date) -> str:
        """Let something happen on a day; its name."""
        acts = (self.move, self.hand_over, self.close, self.reopen, self.shut, self.mark, self.work, self.issue)
        act: Callable[[date], None] = self.chance.choice(acts)
        with writing(), on(day, 8):
            act(day)
        return act.__name__

    def some(self, *states: State) -> Item | None:
        found = db.session.scalars(select(Item).where(Item.state.in_(states)).order_by(Item.id)).all()
        return self.chance.choice(found) if found else None

    def move(self, day: date) -> None:
        if item := self.some(State.WORKING):
            items.amend(item, items.Assignment(deadline=by_date(self.some_day(day))), reason="经批准", actor=SYSTEM)

    def hand_over(self, day: date) -> None:
        if item := self.some(*RUNNING):
            column = self.chance.choice(("handler_id", "owner_id"))
            items.move_on(item, Event.ASSIGN, actor=SYSTEM, **{column: self.chance.choice(self.doers)})

    def close(self, day: date) -> None:
        if item := self.some(State.WORKING):
            items.move_on(item, Event.APPLY, actor=SYSTEM)
            items.move_on(item, Event.CLOSE, actor=SYSTEM, closed_on=day)

    def reopen(self, day: date) -> None:
        if item := self.some(State.CLOSED):
            items.move_on(item, Event.REOPEN, actor=SYSTEM, closed_on=None)

    def shut(self, day: date) -> None:
        account = self.chance.choice(db.session.scalars(select(Account).order_by(Account.person_id)).all())
        account.is_active = not account.is_active

    def mark(self, day: date) -> None:
        """A date inside an item, of a measure, or of a source."""
        item, chance = self.some(State.WORKING), self.chance
        title = f"节点{chance.random()}"
        if chance.random() < 0.3:
            laid_down = sources.Date(MilestoneKind.OTHER, title, self.some_day(day), owner_id=chance.choice(self.doers))
            sources.set_milestone(db.session.get_one(Source, chance.choice(self.sources)), laid_down, actor=SYSTEM)
        elif item is not None:
            due_on, owner_id = self.some_day(day), chance.choice([*self.doers, None])
            if chance.random() < 0.5 and item.due_on and due_on <= item.due_on:
                items.add_milestone(item, title, due_on, owner_id=owner_id, actor=SYSTEM)
            elif laid := db.session.scalars(select(Measure).where(Measure.item_id == item.id)).all():
                measure = chance.choice(laid)
                progress.edit_measure(measure, measure.text, owner_id=owner_id, due_on=due_on, actor=SYSTEM)
            else:
                progress.add_measures(item, [title, f"{title}之二"], owner_id=owner_id, due_on=due_on, actor=SYSTEM)

    def work(self, day: date) -> None:
        """Something of it is done."""
        item, query = self.some(State.WORKING), select(Measure).where(Measure.done_on.is_(None))
        if item is None:
            return
        measure = db.session.scalars(query.where(Measure.item_id == item.id)).first()
        milestone = db.session.scalars(select(Milestone).where(Milestone.item_id == item.id)).first()
        if measure is not None:
            progress.tick(measure, actor=SYSTEM)
        if milestone is not None and milestone.handed_in_on is None:
            items.hand_in_milestone(milestone, sources.Handed(day), actor=SYSTEM)


def stored(calendar: Calendar) -> dict[Step, tuple[bool, frozenset[Step]]]:
    """What the database has noted: whether it was told, and which steps it covers."""
    session = db.session()
    session.rollback()
    session.expire_all()
    found = {}
    occurrences = session.scalars(select(Occurrence)).all()
    rules = queries.list_rules_by_id(session, {each.rule_id for each in occurrences} | covered_ids(occurrences))
    for each in occurrences:
        date_ = Date(str(each.subject), each.subject_id, each.deadline, each.person_id)
        covers = frozenset(
            Step(date_, covered.rule.id, step.repetition)
            for covered in covered_by(each, rules, calendar)
            for step in covered.steps
        )
        found[Step(date_, each.rule_id, each.repetition)] = (each.told_at is not None, covers)
    return found


def covered_ids(occurrences: list[Occurrence]) -> set[int]:
    return {rule_id for each in occurrences for rule_id in each.covered_rules}


def expected(oracle: Oracle) -> dict[Step, tuple[bool, frozenset[Step]]]:
    return {step: (note.is_told, note.covers) for step, note in oracle.notes.items()}


def both(app: Flask, act: Callable[[date], object], day: date) -> None:
    """Two schedulers do the same at once."""

    def alone() -> None:
        with app.app_context():
            act(day)
            db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(alone) for _ in range(2)]:
            done.result(60)


def test_in_a_bad_year_each_step_is_told_once_to_each_right_person_or_is_named(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    print(f"SEED={seed}")
    chance = random.Random(seed)
    world, happened = World(chance), Counter[str]()
    calendar = load_calendar(db.session(), date(2024, 1, 1), date(2029, 12, 31))
    oracle = Oracle(calendar, world.holds)
    for passed in range(DAYS):
        day = BEGIN + timedelta(days=passed)
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            happened[world.happen(day)] += 1
        if chance.random() < 0.15:
            happened["without power"] += 1
            continue
        clock_says = day + timedelta(days=chance.choice((0,) * 10 + (-15, -5, 3)))
        happened["clock jumps"] += clock_says != day
        both(app, scan, clock_says)
        oracle.scan(clock_says)
        assert stored(calendar) == expected(oracle), f"SEED={seed} after the scan of {clock_says}"
        for _ in range(chance.choice((0, 0, 0, 2))):
            happened["between scan and sending"] += 1
            happened[world.happen(day)] += 1
        if chance.random() < 0.15:
            happened["no sending"] += 1
            continue
        both(app, send, clock_says)
        oracle.send(clock_says)
        assert stored(calendar) == expected(oracle), f"SEED={seed} after sending on {clock_says}"
    last = calendar.next_working_day(BEGIN + timedelta(days=DAYS + 5))
    both(app, scan, last)
    both(app, send, last)
    told_by: dict[Date, date] = {}
    for each in db.session.scalars(select(Occurrence).where(Occurrence.told_at.isnot(None))):
        date_ = Date(str(each.subject), each.subject_id, each.deadline, each.person_id)
        told_by[date_] = max(each.reached_on, told_by.get(date_, date.min))
    for date_, steps in candidates(last, calendar).items():
        assert told_by[date_] >= steps[-1].reached_on, f"SEED={seed}: {steps[-1]} never came"
    notes = stored(calendar)
    told = {step for step, (is_told, _covers) in notes.items() if is_told}
    covered = [each for is_told, covers in notes.values() if is_told for each in covers]
    assert len(covered) == len(set(covered)), f"SEED={seed}: named twice"
    assert told.isdisjoint(covered), f"SEED={seed}: told and named"
    with capsys.disabled():
        print(f"\n{DAYS} days, SEED={seed}: {len(told)} told, {len(covered)} named as covered, {dict(happened)}")
