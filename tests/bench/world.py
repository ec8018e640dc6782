"""A large made-up ledger, the same every time: 100,000 items with 1,000,000 changes, written set by set.

All rows obey the constraints, and every change follows the table of transitions.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    case,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session

from tracker.access.rules import Role
from tracker.core import clock
from tracker.core.db import FOREVER, FOREVER_DAY, Instant
from tracker.items.models import Item, ItemChange, ItemSupport
from tracker.items.rules import DeadlineKind, Event, ItemKind, OwnWord, State, move
from tracker.org.models import Account, Grant, Person, Unit, UnitAncestor
from tracker.sources.models import Section, Source
from tracker.sources.rules import Level, SourceKind, source_number

SOURCES, PER_SOURCE = 200, 500
DEPARTMENTS, OFFICES = 20, 9
PEOPLE, LEADERS, OWNERS = 2_000, 20, 500
# Somebody who leads nothing: answers for one place of every source, and has no role.
OWNER = 208
ASPECTS, CATEGORIES = 3, 9
SECTIONS = ASPECTS + CATEGORIES
DAYS_BETWEEN_SOURCES, DAYS_BETWEEN_STEPS, DAYS_TO_DEADLINE, DAYS_GRANTED = 8, 7, 60, 30

E = Event
_BEGUN = (E.DRAW_UP, E.ASSIGN, E.ISSUE, E.ACCEPT, E.DECLARE, E.ASSIGN, E.APPLY)
_CLOSED = (*_BEGUN, E.SEND_BACK, E.DECLARE, E.APPLY, E.CLOSE)
# Ten lives of an item with a hundred changes together; the six closed ones are alike.
LIVES: tuple[tuple[Event, ...], ...] = (
    *(_CLOSED for _ in range(6)),
    (*_BEGUN, E.SEND_BACK, E.DECLARE, E.APPLY),
    (*_BEGUN, E.SUSTAIN, E.DECLARE, E.ASSIGN),
    (*_BEGUN, E.SEND_BACK, E.DECLARE, E.ASSIGN),
    (E.DRAW_UP, E.ASSIGN, E.ASSIGN, E.ISSUE),
)
del E

_helpers = MetaData()
SLOT = Table(
    "bench_slot",
    _helpers,
    Column("serial", Integer, primary_key=True),
    Column("suffix", String),
    *(Column(name, Integer) for name in ("life", "section", "lead_unit_id", "leader_id", "owner_id", "handler_id")),
    prefixes=["TEMPORARY"],
)
STEP = Table(
    "bench_step",
    _helpers,
    *(Column(name, Integer) for name in ("source_id", "life", "serial")),
    *(Column(name, String) for name in ("event", "state", "own_word", "deadline_kind")),
    *(Column(name, Date) for name in ("effective_on", "until", "due_on", "first_due_on", "closed_on")),
    *(Column(name, Instant) for name in ("recorded_at", "superseded_at")),
    *(Column(name, Boolean) for name in ("is_assigned", "is_last")),
    prefixes=["TEMPORARY"],
)


def build(session: Session, *, today: date, sources: int = SOURCES) -> None:
    """Write the whole world into an empty migrated database, in the writing transaction of the caller.

    The last source was fed back three months before ``today``; each has PER_SOURCE items with ten changes.
    """
    _helpers.create_all(session.connection())
    first = today - timedelta(days=90 + DAYS_BETWEEN_SOURCES * (sources - 1))
    received = {number: first + timedelta(days=DAYS_BETWEEN_SOURCES * (number - 1)) for number in range(1, sources + 1)}
    for model, rows in (
        (Unit, _units()),
        (UnitAncestor, _ancestors()),
        (Person, _people()),
        (Source, _sources(received)),
        (Section, _sections(sources)),
        (SLOT, _slots()),
        (STEP, _steps(received)),
    ):
        session.execute(insert(model), list(rows))
    _items(session)
    _changes(session)
    _supports(session)
    _sign_ins(session)
    _settle(session)


def _units() -> Iterator[dict[str, Any]]:
    root = "市直机关工委"
    yield {"id": 1, "name": root, "path": root, "parent_id": None}
    for department in range(DEPARTMENTS):
        id_, name = 2 + department, f"第{department + 1:02d}部"
        yield {"id": id_, "name": name, "path": f"{root}/{name}", "parent_id": 1}
    for office in range(DEPARTMENTS * OFFICES):
        department, name = office % DEPARTMENTS, f"第{office // DEPARTMENTS + 1}处"
        path = f"{root}/第{department + 1:02d}部/{name}"
        yield {"id": 2 + DEPARTMENTS + office, "name": name, "path": path, "parent_id": 2 + department}


def _ancestors() -> Iterator[dict[str, int]]:
    above = {unit["id"]: unit["parent_id"] for unit in _units()}
    for unit_id in above:
        ancestor_id, distance = unit_id, 0
        while ancestor_id is not None:
            yield {"unit_id": unit_id, "ancestor_id": ancestor_id, "distance": distance}
            ancestor_id, distance = above[ancestor_id], distance + 1


def _people() -> Iterator[dict[str, Any]]:
    units = 1 + DEPARTMENTS + DEPARTMENTS * OFFICES
    for number in range(1, PEOPLE + 1):
        yield {
            "id": number,
            "name": f"人员{number:04d}",
            "pinyin": f"renyuan{number:04d}",
            "unit_id": 1 + number % units,
        }


def _sources(received: dict[int, date]) -> Iterator[dict[str, Any]]:
    for number, day in received.items():
        yield {
            "id": number,
            "number": source_number(SourceKind.INSPECTION, 2000 + number, 1),
            "kind": SourceKind.INSPECTION,
            "title": f"第{number}轮巡察反馈",
            "year": day.year,
            "round": number,
            "received_on": day,
            "last_serial": PER_SOURCE,
            "drawn_up_at": clock.instant_at(day, 9),
        }


def _sections(sources: int) -> Iterator[dict[str, Any]]:
    for source_id in range(1, sources + 1):
        first = SECTIONS * (source_id - 1) + 1
        for place in range(SECTIONS):
            is_aspect = place < ASPECTS
            yield {
                "id": first + place,
                "source_id": source_id,
                "parent_id": None if is_aspect else first + place % ASPECTS,
                "level": Level.ASPECT if is_aspect else Level.CATEGORY,
                "position": place + 1,
                "title": f"第{place + 1}方面" if is_aspect else f"第{place + 1}类",
            }


def _slots() -> Iterator[dict[str, Any]]:
    """What the items of every source have in common, by their place in it."""
    offices = DEPARTMENTS * OFFICES
    for serial in range(1, PER_SOURCE + 1):
        yield {
            "serial": serial,
            "suffix": f"-{serial:03d}",
            "life": serial % len(LIVES),
            "section": ASPECTS + serial % CATEGORIES,
            "lead_unit_id": 2 + DEPARTMENTS + serial * 7 % offices,
            "leader_id": 1 + serial % LEADERS,
            "owner_id": 1 + serial % OWNERS,
            "handler_id": 1 + (serial * 3 + LEADERS) % PEOPLE,
        }


def _steps(received: dict[int, date]) -> Iterator[dict[str, Any]]:
    for source_id, day in received.items():
        for life, events in enumerate(LIVES):
            told = [*_life(events, day, life), {"effective_on": FOREVER_DAY, "recorded_at": FOREVER}]
            for serial, (step, after) in enumerate(pairwise(told), start=1):
                ends = {"until": after["effective_on"], "superseded_at": after["recorded_at"]}
                yield {"source_id": source_id, "life": life, "serial": serial, **step, **ends} | {
                    "is_last": serial == len(events)
                }


def _life(events: tuple[Event, ...], received_on: date, life: int) -> Iterator[dict[str, Any]]:
    """What one item looks like after each event; every third life was told two days late."""
    state, own_word, first_due = State.DRAFT, OwnWord.NONE, received_on + timedelta(days=DAYS_TO_DEADLINE)
    for number, event in enumerate(events):
        on = received_on + timedelta(days=DAYS_BETWEEN_STEPS * number)
        told_on = on + timedelta(days=2 if life % 3 == 0 else 0)
        state = move(state, event) if number else state
        own_word = OwnWord.COMPLETED if event is Event.DECLARE else own_word
        is_assigned = number > 0
        granted = timedelta(days=DAYS_GRANTED if life % 2 and number > 4 else 0)
        yield {
            "event": event.value,
            "state": state.value,
            "own_word": own_word.value,
            "effective_on": on,
            "recorded_at": clock.instant_at(told_on, 10),
            "deadline_kind": DeadlineKind.BY_DATE.value if is_assigned else None,
            "due_on": first_due + granted if is_assigned else None,
            "first_due_on": first_due if is_assigned else None,
            "closed_on": on if state is State.CLOSED else None,
            "is_assigned": is_assigned,
        }


_ITEM_ID = (STEP.c.source_id - 1) * PER_SOURCE + SLOT.c.serial
_FIRST_SECTION = (STEP.c.source_id - 1) * SECTIONS + 1


def _once_assigned(column: Any) -> Any:
    return case((STEP.c.is_assigned, column))


def _people_columns() -> dict[str, Any]:
    return {
        "lead_unit_id": _once_assigned(SLOT.c.lead_unit_id),
        "leader_id": _once_assigned(SLOT.c.leader_id),
        "owner_id": _once_assigned(SLOT.c.owner_id),
        "handler_id": _once_assigned(SLOT.c.handler_id),
    }


def _told_columns(*names: str) -> dict[str, Any]:
    return {name: STEP.c[name] for name in names}


_STANDING = ("source_id", "state", "own_word", "deadline_kind", "due_on", "first_due_on", "closed_on")


def _items(session: Session) -> None:
    columns = _people_columns() | _told_columns(*_STANDING)
    columns |= {
        "id": _ITEM_ID,
        "number": Source.number + SLOT.c.suffix,
        "section_id": _FIRST_SECTION + SLOT.c.section,
        "kind": literal(ItemKind.PROBLEM.value),
        "finding": literal("落实上级决策部署不够有力，制度执行有差距，第") + SLOT.c.suffix,
        "position": SLOT.c.serial,
        "changes": STEP.c.serial,
        "changed_on": STEP.c.effective_on,
    }
    columns |= {"version": literal(1)}
    for column in Item.__table__.columns:
        if column.name not in columns and column.default is not None and column.default.is_scalar:
            columns[column.name] = literal(column.default.arg, column.type)
    rows = select(*columns.values()).join_from(STEP, SLOT, SLOT.c.life == STEP.c.life)
    rows = rows.join(Source, Source.id == STEP.c.source_id).where(STEP.c.is_last)
    session.execute(insert(Item).from_select(list(columns), rows, include_defaults=False))


def _changes(session: Session) -> None:
    columns = _people_columns() | _told_columns(*_STANDING)
    columns |= _told_columns("serial", "event", "effective_on", "recorded_at", "until", "superseded_at")
    columns |= {
        "item_id": _ITEM_ID,
        "aspect_id": _FIRST_SECTION + SLOT.c.section % ASPECTS,
        "category_id": _FIRST_SECTION + SLOT.c.section,
        "kind": literal(ItemKind.PROBLEM.value),
        "reason": literal(""),
    }
    rows = select(*columns.values()).join_from(STEP, SLOT, SLOT.c.life == STEP.c.life)
    rows = rows.order_by(STEP.c.effective_on, STEP.c.source_id, SLOT.c.serial, STEP.c.serial)
    session.execute(insert(ItemChange).from_select(list(columns), rows, include_defaults=False))


def _supports(session: Session) -> None:
    rows = select(_ITEM_ID, 2 + SLOT.c.serial % DEPARTMENTS, literal(0))
    rows = rows.join_from(STEP, SLOT, SLOT.c.life == STEP.c.life).where(and_(STEP.c.is_last, SLOT.c.serial % 3 == 0))
    session.execute(insert(ItemSupport).from_select(["item_id", "unit_id", "position"], rows, include_defaults=False))


def _sign_ins(session: Session) -> None:
    """The office sees all, the owner what is their own."""
    for login, person_id in (("office", PEOPLE), ("owner", OWNER)):
        session.add(Account(person_id=person_id, login=login, session_key=login))
    session.add(Grant(person_id=PEOPLE, role=Role.OFFICE, unit_id=1))
    session.flush()


def _settle(session: Session) -> None:
    _helpers.drop_all(session.connection())
    if session.get_bind().dialect.name == "postgresql":
        for table in ("unit", "person", "source", "section", "item"):
            session.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            )
