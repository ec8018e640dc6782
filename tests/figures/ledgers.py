"""A plain ledger kept beside the database: every change written down, and replayed day by day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from factories import a_person, a_source, a_unit
from hypothesis import strategies as st

from tracker.access.rules import SYSTEM
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.figures.rules import Tally
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.operations import changes
from tracker.items.rules import OPEN, RUNNING, TRANSITIONS, DeadlineKind, Event, OwnWord, State
from tracker.sources.rules import NEAR_DAYS

FIRST_DAY = date(2026, 3, 2)
# A second source came earlier, so that its items grow older than the first band of ages in these days.
FED_BACK_BEFORE = timedelta(days=25)
DAYS = 12
Row = dict[str, Any]


class _Undo(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """A writing transaction that leaves nothing behind."""
    try:
        with writing():
            yield
            raise _Undo
    except _Undo:
        pass


@dataclass
class Ledger:
    """What happened to each item: (day it counts from, instant it was recorded, the item as it then was)."""

    happened: dict[str, list[tuple[date, datetime, Row]]] = field(default_factory=dict)

    def note(self, item: Item, recorded_at: datetime) -> None:
        """Write the item down as it now is."""
        names = ("state", "own_word", "due_on", "first_due_on", "closed_on", "confirmed_on", "deadline_kind")
        row = {name: getattr(item, name) for name in (*names, "lead_unit_id", "leader_id", "source_id")}
        row["received_on"] = item.source.received_on
        row["is_left_out"] = item.source.leaves_out_sustained
        self.happened.setdefault(item.number, []).append((item.changed_on, recorded_at, row))

    def on(self, day: date, known_at: datetime) -> dict[str, Row]:
        """The items as they stood at the end of a day, replaying what was then known from the first day on."""
        standing: dict[str, Row] = {}
        first = min((counts_from for told in self.happened.values() for counts_from, *_more in told), default=day)
        for passed in range((day - first).days + 1):
            present = first + timedelta(days=passed)
            for number, told in self.happened.items():
                for counts_from, recorded_at, row in told:
                    if counts_from == present and recorded_at <= known_at:
                        standing[number] = row
        return standing


def count(rows: list[Row], day: date) -> Tally:
    """The tally of some items, counted with the fingers."""
    found = dict.fromkeys(Tally.__dataclass_fields__, 0)
    for row in rows:
        for name in _counts_of(row, day):
            found[name] += 1
    return Tally(**found)


def _counts_of(row: Row, day: date) -> set[str]:
    state, due_on, first = row["state"], row["due_on"], row["first_due_on"]
    if state is State.VOID:
        return set()
    said = {str(state)}
    if state is State.WITHDRAWN:
        return said
    said |= {"at_once"} if row["deadline_kind"] is DeadlineKind.AT_ONCE else set()
    said |= {"extended"} if due_on != first else set()
    if state is State.SUSTAINED and row["is_left_out"]:
        said |= {"left_out"} | ({"left_out_completed"} if row["own_word"] is OwnWord.COMPLETED else set())
    if state is State.CLOSED:
        said |= {"confirmed"} if row["confirmed_on"] else set()
        said |= {"closed_on_time"} if due_on is None or row["closed_on"] <= due_on else set()
        said |= {"closed_on_time_first_deadline"} if first is None or row["closed_on"] <= first else set()
    if state in OPEN:
        words = {OwnWord.BASICALLY_COMPLETED: "basically_completed", OwnWord.COMPLETED: "completed_by_unit"}
        said |= {words[row["own_word"]]} if row["own_word"] in words else set()
        age = (day - row["received_on"]).days
        said |= {"open_30" if age <= 30 else "open_90" if age <= 90 else "open_180" if age <= 180 else "open_longer"}
    if state in RUNNING and due_on is not None:
        said |= {"overdue"} if due_on < day else {"due_soon"} if (due_on - day).days <= NEAR_DAYS else set()
        said |= {"overdue_first_deadline"} if first < day else set()
    return said


@dataclass(frozen=True)
class Step:
    """One thing that happens: to which item, which of the possible events, how many days back it counts from."""

    item: int
    choice: int
    days_back: int
    days_later: int
    values: Row


def steps() -> st.SearchStrategy[list[Step]]:
    """What happens to a few items in a few days, in the order in which it is recorded."""
    deadlines = st.integers(-2, 20).map(lambda days: FIRST_DAY + timedelta(days=days))
    values = st.fixed_dictionaries(
        {
            "unit": st.integers(0, 2),
            "own_word": st.sampled_from(OwnWord),
            "due_on": st.none() | deadlines,
            "first_due_on": deadlines,
            "deadline_kind": st.sampled_from([DeadlineKind.BY_DATE, DeadlineKind.AT_ONCE]),
            "is_confirmed": st.booleans(),
        }
    )
    one = st.builds(Step, st.integers(0, 3), st.integers(0, 8), st.integers(0, 3), st.integers(0, 2), values)
    return st.lists(one, min_size=1, max_size=14)


class World:
    """Four items in two sources, three units and two leaders, with the ledger of all that happens to them."""

    def __init__(self, first_day: date = FIRST_DAY) -> None:
        self.first_day = first_day
        self.instant = clock.instant_at(first_day, 9)
        self.ledger = Ledger()
        with clock.moved_to(self.instant):
            self.units = [a_unit(name) for name in ("市直机关工委", "组织部", "宣传部")]
            self.leaders = [a_person("李强"), a_person("周华")]
            leaving = a_source("机关党支部自查", first_day - FED_BACK_BEFORE, leaves_out_sustained=True)
            self.sources = [a_source("市委第二巡察组反馈", first_day), leaving]
            self.items = [items.draw_up(self.sources[n % 2], f"问题{n}", actor=SYSTEM) for n in range(4)]
            self._record(self.items)

    def go_on(self, step: Step) -> None:
        """Let one step happen, if the item can take it."""
        item = self.items[step.item]
        self.instant += timedelta(days=step.days_later, minutes=1)
        with clock.moved_to(self.instant):
            possible = sorted(event for state, event in TRANSITIONS if state is item.state)
            if not possible or clock.today() > self.first_day + timedelta(days=DAYS):
                return
            event = possible[step.choice % len(possible)]
            on = max(item.changed_on, clock.today() - timedelta(days=step.days_back))
            items.move_on(item, event, actor=SYSTEM, on=on, reason="试", **self._values(item, event, step, on))
            self._record([item])

    def _values(self, item: Item, event: Event, step: Step, on: date) -> Row:
        if event is Event.ASSIGN:
            due_on = step.values["due_on"]
            first = step.values["first_due_on"] if due_on else None
            unit, leader = self.units[step.values["unit"]], self.leaders[step.choice % 2]
            kind = step.values["deadline_kind"] if due_on else DeadlineKind.LONG_TERM
            dates = {"due_on": due_on, "first_due_on": first, "deadline_kind": kind}
            return dates | {"lead_unit_id": unit.id, "leader_id": leader.id}
        if event is Event.DECLARE:
            return {"own_word": step.values["own_word"]}
        if event in (Event.CLOSE, Event.CLOSE_ON_IMPORT):
            return {"closed_on": on, "confirmed_on": on if step.values["is_confirmed"] else None}
        return {}

    def _record(self, changed: list[Item]) -> None:
        session = db.session()
        session.flush()
        changes.stamp(session, self.instant)
        for item in changed:
            self.ledger.note(item, self.instant)
