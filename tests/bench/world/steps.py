"""The lives of items as tables: what the items of a source have in common, and every step of every life."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Column, Date, Integer, MetaData, String, Table, insert
from sqlalchemy.orm import Session

from tracker.core import clock
from tracker.core.db import FOREVER, FOREVER_DAY, Instant
from tracker.items.rules import DeadlineKind, Event, OwnWord, State, move

DAYS_BETWEEN_SOURCES, DAYS_BETWEEN_STEPS, DAYS_TO_DEADLINE, DAYS_GRANTED = 8, 7, 60, 30
# Of a hundred sources the newest fifteen are still worked on, at every size: with 600 those of two years.
STILL_OPEN_PERCENT = 15
ASPECTS, CATEGORIES = 3, 9

E = Event
_BEGUN = (E.DRAW_UP, E.ASSIGN, E.ISSUE, E.ACCEPT, E.DECLARE, E.ASSIGN, E.APPLY)
_AGAIN = (E.DECLARE, E.APPLY, E.CLOSE)
_CLOSED = (*_BEGUN, E.SEND_BACK, *_AGAIN)
_EXTENDED = (E.DRAW_UP, E.ASSIGN, E.ISSUE, E.ACCEPT, E.EXTEND, E.DECLARE, E.APPLY, E.SEND_BACK, *_AGAIN)
# Ten lives of an item with a hundred changes together. Six are closed in every source; of the sources still worked on
# the others are applied for, kept up, worked on and issued, of the older ones closed, kept up and withdrawn.
_SIX = tuple(life for _ in range(3) for life in (_CLOSED, _EXTENDED))
OPEN_LIVES: tuple[tuple[Event, ...], ...] = (
    *_SIX,
    (*_BEGUN, E.SEND_BACK, E.DECLARE, E.APPLY),
    (*_BEGUN, E.SUSTAIN, E.DECLARE, E.ASSIGN),
    (*_BEGUN, E.SEND_BACK, E.EXTEND, E.ASSIGN),
    (E.DRAW_UP, E.ASSIGN, E.ASSIGN, E.ISSUE),
)
DONE_LIVES: tuple[tuple[Event, ...], ...] = (
    *_SIX,
    _CLOSED,
    (*_BEGUN, E.SUSTAIN, E.DECLARE, E.ASSIGN),
    (*_BEGUN, E.SEND_BACK, E.WITHDRAW),
    (E.DRAW_UP, E.ASSIGN, E.ISSUE, E.WITHDRAW),
)
del E
LIVES = len(OPEN_LIVES)
FINISHED = frozenset({State.CLOSED, State.WITHDRAWN})

_helpers = MetaData()
# ``times`` counts how often the event has happened in that life, ``applied`` how often it was applied for.
SLOT = Table(
    "bench_slot",
    _helpers,
    Column("serial", Integer, primary_key=True),
    Column("suffix", String),
    *(Column(name, Integer) for name in ("life", "section")),
    prefixes=["TEMPORARY"],
)
STEP = Table(
    "bench_step",
    _helpers,
    *(Column(name, Integer) for name in ("source_id", "life", "serial", "times", "applied", "extensions")),
    *(Column(name, String) for name in ("event", "next_event", "state", "own_word", "deadline_kind")),
    *(Column(name, Date) for name in ("effective_on", "until", "due_on", "first_due_on", "closed_on")),
    *(Column(name, Date) for name in ("issued_on", "accepted_on", "own_word_on", "moved_on", "next_check_on")),
    *(Column(name, Instant) for name in ("recorded_at", "superseded_at")),
    *(Column(name, Boolean) for name in ("is_assigned", "is_last")),
    prefixes=["TEMPORARY"],
)


class Plan(NamedTuple):
    """How large a world is and when: the last source was fed back three months before ``today``.

    ``messages`` are what everybody got in a month. Ten are a digest every third day, as for a score of items; with
    2,000 people 240,000 in a year, in the inbox alone.
    """

    today: date
    sources: int
    per_source: int
    messages: int = 10

    @property
    def items(self) -> int:
        """How many items there are; ten times as many changes."""
        return self.sources * self.per_source

    @property
    def first_open(self) -> int:
        """The first source that is still worked on."""
        return self.sources - max(1, self.sources * STILL_OPEN_PERCENT // 100) + 1

    def at(self, days: int, hour: int = 9) -> datetime:
        """The instant of an hour so many days from today."""
        return clock.instant_at(self.today + timedelta(days=days), hour)

    def received(self) -> dict[int, date]:
        """When each source was fed back."""
        first = self.today - timedelta(days=90 + DAYS_BETWEEN_SOURCES * (self.sources - 1))
        days = {number: DAYS_BETWEEN_SOURCES * (number - 1) for number in range(1, self.sources + 1)}
        return {number: first + timedelta(days=each) for number, each in days.items()}

    def lives(self, source_id: int) -> tuple[tuple[Event, ...], ...]:
        """What the items of a source live through, by their place modulo ten."""
        return OPEN_LIVES if source_id >= self.first_open else DONE_LIVES


def lay_out(session: Session, plan: Plan) -> None:
    """Write both helping tables."""
    _helpers.create_all(session.connection())
    session.execute(insert(SLOT), list(_slots(plan)))
    session.execute(insert(STEP), list(steps(plan)))


def clear_away(session: Session) -> None:
    """Drop both again."""
    _helpers.drop_all(session.connection())


def _slots(plan: Plan) -> Iterator[dict[str, Any]]:
    for serial in range(1, plan.per_source + 1):
        yield {
            "serial": serial,
            "suffix": f"-{serial:03d}",
            "life": serial % LIVES,
            "section": ASPECTS + serial % CATEGORIES,
        }


def steps(plan: Plan) -> Iterator[dict[str, Any]]:
    """Every step of every life of every source, each with the day and the instant that end it."""
    for source_id, received_on in plan.received().items():
        for life, events in enumerate(plan.lives(source_id)):
            goes_on = source_id >= plan.first_open and _ends(events) not in FINISHED
            told = list(_life(events, life, _Time(received_on, plan.today, source_id, goes_on)))
            ended = [*told, {"effective_on": FOREVER_DAY, "recorded_at": FOREVER, "event": None}]
            for serial, (step, after) in enumerate(pairwise(ended), start=1):
                ends = {"until": after["effective_on"], "superseded_at": after["recorded_at"]}
                place = {"source_id": source_id, "life": life, "serial": serial, "is_last": serial == len(events)}
                yield {**place, **step, **ends, "next_event": after["event"]}


class _Time(NamedTuple):
    """The days of one life; where work goes on its last step lies within a fortnight of today."""

    received_on: date
    today: date
    source_id: int
    goes_on: bool

    def day(self, number: int, of: int) -> date:
        """The day of a step of so many, a week apart."""
        on = self.received_on + timedelta(days=DAYS_BETWEEN_STEPS * number)
        back = timedelta(days=DAYS_BETWEEN_STEPS * (of - number) + self.source_id % 7)
        return max(on, self.today - back) if self.goes_on and number else on

    def first_due(self, extended: int) -> date:
        """After sixty days; where work goes on what is left of it runs from three weeks ago to half a year ahead."""
        usual = self.received_on + timedelta(days=DAYS_TO_DEADLINE)
        left = self.source_id * 37 % 200 - 20 - DAYS_GRANTED * extended
        return max(usual, self.today + timedelta(days=left)) if self.goes_on else usual


def _life(events: tuple[Event, ...], life: int, time: _Time) -> Iterator[dict[str, Any]]:
    """What one item looks like after each event; every third life was told two days late."""
    state, standing, counts = State.DRAFT, _unassigned(), Counter[Event]()
    first_due = time.first_due(events.count(Event.EXTEND))
    next_check = time.today + timedelta(days=time.source_id * 13 % 180 - 9)
    for number, event in enumerate(events):
        on = time.day(number, len(events))
        state = move(state, event) if number else state
        counts[event] += 1
        standing |= _told(event, on, first_due, standing)
        yield {
            **standing,
            "event": event.value,
            "state": state.value,
            "effective_on": on,
            "recorded_at": clock.instant_at(on + timedelta(days=2 if life % 3 == 0 else 0), 10),
            "closed_on": on if state is State.CLOSED else None,
            "times": counts[event],
            "applied": counts[Event.APPLY],
            "extensions": counts[Event.EXTEND],
            "next_check_on": next_check if state is State.SUSTAINED else None,
        }


def _unassigned() -> dict[str, Any]:
    dates = ("due_on", "first_due_on", "issued_on", "accepted_on", "own_word_on", "moved_on")
    return {"is_assigned": False, "own_word": OwnWord.NONE.value, "deadline_kind": None, **dict.fromkeys(dates)}


def _told(event: Event, on: date, first_due: date, before: dict[str, Any]) -> dict[str, Any]:
    """What an event writes on the item beside its state."""
    if event is Event.ASSIGN and not before["is_assigned"]:
        dates = {"due_on": first_due, "first_due_on": first_due}
        return {"is_assigned": True, "deadline_kind": DeadlineKind.BY_DATE.value, **dates}
    if event is Event.EXTEND:
        return {"due_on": before["due_on"] + timedelta(days=DAYS_GRANTED), "moved_on": on}
    if event in (Event.DECLARE, Event.SEND_BACK):
        # A return spends the unit's word.
        is_declared = event is Event.DECLARE
        word = OwnWord.COMPLETED if is_declared else OwnWord.NONE
        return {"own_word": word.value, "own_word_on": on if is_declared else None}
    written = {Event.ISSUE: "issued_on", Event.ACCEPT: "accepted_on"}
    return {written[event]: on} if event in written else {}


def _ends(events: tuple[Event, ...]) -> State:
    state = State.DRAFT
    for event in events[1:]:
        state = move(state, event)
    return state
