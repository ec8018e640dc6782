"""What is to be told, reckoned in plain Python from the rows: the second opinion on the scan's one statement."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from tracker.access.rules import Role
from tracker.core.db import db
from tracker.items.models import Item, Milestone
from tracker.items.rules import RUNNING, State
from tracker.org.models import Account, Grant, Unit, UnitAncestor
from tracker.progress.models import Measure
from tracker.reminders.models import ReminderRule, RuleSet, SourceRuleSet
from tracker.reminders.rules import BASES, Basis, Counts, Recipient, Subject, Trigger, latest_step, steps_between, told
from tracker.sources.models import SourceMilestone
from tracker.workdays.rules import Calendar


class Date(NamedTuple):
    """One date as one person is told of it."""

    subject: str
    subject_id: int
    deadline: date
    person_id: int


class Step(NamedTuple):
    """One step of a rule for one date and person."""

    of: Date
    rule_id: int
    repetition: int


@dataclass
class Thing:
    """Something dated, and who answers."""

    subject: Subject
    subject_id: int
    deadline: date
    since: date
    source_id: int
    unit_id: int | None
    named: dict[Recipient, int | None]
    supports: list[int] = field(default_factory=list)


@dataclass
class Candidate:
    """The latest step of a rule that a person is to be told."""

    step: Step
    reached_on: date
    begins_on: date
    first: int


def things() -> Iterator[Thing]:
    """Everything with a deadline that still runs."""
    for item in db.session.scalars(select(Item)):
        named = {
            Recipient.OWNER: item.owner_id,
            Recipient.HANDLER: item.handler_id,
            Recipient.LEADER: item.leader_id,
            Recipient.SUPERVISOR: item.supervisor_id,
        }
        supports = [each.unit_id for each in item.supports]
        runs, keeps_on = item.state in RUNNING, item.state in {*RUNNING, State.SUSTAINED}
        assert item.issued_on is not None

        def inner(
            subject: Subject,
            own: Milestone | Measure,
            set_on: date | None,
            item: Item = item,
            runs: bool = runs,
            named: dict[Recipient, int | None] = named,
            supports: list[int] = supports,
        ) -> Iterator[Thing]:
            owner_id = own.owner_id or item.owner_id
            is_told_with_item = runs and own.due_on == item.due_on and owner_id == item.owner_id
            if own.due_on is not None and not is_told_with_item:
                since = max(item.issued_on or date.max, set_on or date.min)
                people = {**named, Recipient.OWNER: owner_id}
                yield Thing(subject, own.id, own.due_on, since, item.source_id, item.lead_unit_id, people, supports)

        if runs and item.due_on is not None:
            since = max(item.issued_on, item.deadline_moved_on or date.min)
            yield Thing(Subject.ITEM, item.id, item.due_on, since, item.source_id, item.lead_unit_id, named, supports)
        if keeps_on:
            for milestone in item.milestones:
                if milestone.handed_in_on is None:
                    yield from inner(Subject.MILESTONE, milestone, milestone.set_on)
            for measure in db.session.scalars(select(Measure).where(Measure.item_id == item.id)):
                if measure.done_on is None:
                    yield from inner(Subject.MEASURE, measure, measure.dated_on)
    root = db.session.scalars(select(Unit.id).where(Unit.parent_id.is_(None))).one()
    for each in db.session.scalars(select(SourceMilestone).where(SourceMilestone.handed_in_on.is_(None))):
        owner = {Recipient.OWNER: each.owner_id}
        unit_id = each.unit_id or root
        yield Thing(Subject.SOURCE_MILESTONE, each.id, each.due_on, each.set_on, each.source_id, unit_id, owner)


class Organ:
    """Units, grants and accounts as they are now."""

    def __init__(self) -> None:
        self.able = set(db.session.scalars(select(Account.person_id).where(Account.is_active)))
        self.above: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for unit_id, ancestor_id, distance in db.session.execute(
            select(UnitAncestor.unit_id, UnitAncestor.ancestor_id, UnitAncestor.distance)
        ):
            self.above[unit_id].append((distance, ancestor_id))
        self.grants: defaultdict[tuple[Role, int], list[int]] = defaultdict(list)
        for role, unit_id, person_id in db.session.execute(select(Grant.role, Grant.unit_id, Grant.person_id)):
            if person_id in self.able:
                self.grants[role, unit_id].append(person_id)

    def levels(self, unit_id: int | None, *roles: Role) -> list[list[int]]:
        """Holders of these roles from a unit upwards, a list for each level at which there is anybody."""
        found = []
        for _distance, above in sorted(self.above[unit_id or 0]):
            for role in roles:
                if self.grants[role, above]:
                    found.append(self.grants[role, above])
        return found

    def present(self, thing: Thing, rule: ReminderRule) -> dict[Recipient, list[tuple[int, int]]]:
        """Whoever could be told of a thing, by relation."""
        found: dict[Recipient, list[tuple[int, int]]] = {
            relation: [(1, person_id)] for relation, person_id in thing.named.items() if person_id in self.able
        }
        for relation, role in ((Recipient.LIAISON, Role.LIAISON), (Recipient.OFFICE, Role.OFFICE)):
            found[relation] = [(1, each) for level in self.levels(thing.unit_id, role)[:1] for each in level]
        heads = self.levels(thing.unit_id, Role.UNIT_HEAD)
        found[Recipient.UNIT_HEAD] = [(1, each) for level in heads[:1] for each in level]
        found[Recipient.UPPER_HEAD] = [(place, each) for place, level in enumerate(heads) if place for each in level]
        helpers = [self.levels(unit_id, Role.LIAISON, Role.UNIT_HEAD)[:1] for unit_id in thing.supports]
        found[Recipient.SUPPORTING] = [(1, each) for levels in helpers for level in levels for each in level]
        found[Recipient.PERSON] = [(1, each.person_id) for each in rule.people if each.person_id in self.able]
        return found


def counted(rule: ReminderRule, calendar: Calendar) -> Calendar | None:
    """The calendar for rules that count working days."""
    return calendar if rule.counts is Counts.WORKING else None


def candidates(day: date, calendar: Calendar) -> dict[Date, list[Candidate]]:
    """For each date and person the latest steps of all rules by a day, the one to be told last."""
    organ = Organ()
    chosen = {each.source_id: each for each in db.session.scalars(select(SourceRuleSet))}
    sets = {each.key: each for each in db.session.scalars(select(RuleSet))}
    found: defaultdict[Date, list[Candidate]] = defaultdict(list)
    for thing in things():
        choice = chosen.get(thing.source_id)
        begins_on = max(thing.since, choice.chosen_on if choice else date.min)
        for rule in (choice.rule_set if choice else sets["plain"]).rules:
            step = latest_step(rule.trigger, rule.days, thing.deadline, day, counted(rule, calendar))
            counts = rule.is_active and BASES[rule.trigger] is Basis.DEADLINE
            if step is None or not counts or step.reached_on < max(begins_on, rule.active_from):
                continue
            present = organ.present(thing, rule)
            for person_id in told(rule.tells, step.repetition, present):
                first = next(n for n in range(step.repetition + 1) if person_id in told(rule.tells, n, present))
                date_ = Date(str(thing.subject), thing.subject_id, thing.deadline, person_id)
                key = Step(date_, rule.id, step.repetition)
                found[date_].append(Candidate(key, step.reached_on, begins_on, first))
    for each in found.values():
        each.sort(key=lambda candidate: (candidate.reached_on, candidate.step.rule_id))
    return dict(found)


@dataclass
class Note:
    """A step that was noted: in the digest that leaves on which day, and what became of it."""

    reached_on: date
    day: date
    covers: frozenset[Step]
    is_told: bool = False
    is_left_out: bool = False


@dataclass
class Oracle:
    """Scans and sends as the program should, keeping its own notes; ``holds`` on days off nothing leaves."""

    calendar: Calendar
    holds: bool
    notes: dict[Step, Note] = field(default_factory=dict)

    def scan(self, day: date) -> None:
        """Forget what nobody was told and is due no more, note what is newly due."""
        due = candidates(day, self.calendar)
        latest = {each[-1].step for each in due.values()}
        for step, note in list(self.notes.items()):
            if not note.is_told and (note.is_left_out or step not in latest):
                del self.notes[step]
        last: dict[Date, date] = {}
        for step, note in self.notes.items():
            last[step.of] = max(note.reached_on, last.get(step.of, date.min))
        for date_, steps in due.items():
            newest = steps[-1]
            covers_from = max(newest.begins_on, last.get(date_, date.min) + timedelta(days=1))
            if newest.reached_on >= covers_from:
                covers = self._covered(newest, steps, covers_from)
                self.notes[newest.step] = Note(newest.reached_on, self._leaves_on(day), covers)

    def _leaves_on(self, day: date) -> date:
        return self.calendar.next_working_day(day) if self.holds else day

    def _covered(self, newest: Candidate, steps: list[Candidate], covers_from: date) -> frozenset[Step]:
        found: set[Step] = set()
        rules = {rule.id: rule for rule in db.session.scalars(select(ReminderRule))}
        for each in steps:
            if each is newest or covers_from <= each.reached_on < newest.reached_on:
                rule = rules[each.step.rule_id]
                begin = max(covers_from, rule.active_from)
                of, calendar = newest.step.of, counted(rule, self.calendar)
                end = newest.reached_on
                passed = steps_between(Trigger(rule.trigger), rule.days, of.deadline, begin, end, calendar)
                found |= {
                    Step(newest.step.of, rule.id, one.repetition) for one in passed if one.repetition >= each.first
                }
        return frozenset(found)

    def send(self, day: date) -> None:
        """Tell what is noted and still due; leave the rest out."""
        if self._leaves_on(day) != day:
            return
        latest = {each[-1].step for each in candidates(day, self.calendar).values()}
        for step, note in self.notes.items():
            if not note.is_told and not note.is_left_out and note.day <= day:
                note.is_told = step in latest
                note.is_left_out = not note.is_told
