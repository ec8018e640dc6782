"""Sources with their chains and outlines, items, every change of them, and who cooperates: written set by set."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, insert, literal, select
from sqlalchemy.orm import Session

from tests.bench.world.people import (
    DEPARTMENTS,
    FIRST_HANDLER,
    FIRST_OFFICE_UNIT,
    FIRST_PLACE_HEAD,
    PLACES,
)
from tests.bench.world.steps import ASPECTS, CATEGORIES, SLOT, STEP, Plan
from tracker.core import clock
from tracker.items.models import Item, ItemChange, ItemSupport
from tracker.items.rules import ItemKind
from tracker.sources.models import ClosingStep, Section, Source
from tracker.sources.rules import Level, SourceKind, StepKind, source_number

SECTIONS = ASPECTS + CATEGORIES
CHAIN = (StepKind.UNIT_HEAD, StepKind.OFFICE, StepKind.LEADER)


def write_ledger(session: Session, plan: Plan) -> None:
    """Everything of the ledger; the helping tables must be laid out, people must stand."""
    for model, rows in (
        (Source, _sources(plan)),
        (Section, _sections(plan)),
        (ClosingStep, _chains(plan)),
    ):
        session.execute(insert(model), list(rows))
    _items(session, plan)
    _changes(session, plan)
    _supports(session, plan)


def item_id(plan: Plan) -> Any:
    """The id of the item of a step and a place in its source."""
    return (STEP.c.source_id - 1) * plan.per_source + SLOT.c.serial


def lived(*columns: Any) -> Any:
    """These columns of every step of every item."""
    return select(*columns).join_from(STEP, SLOT, SLOT.c.life == STEP.c.life)


PLACE = (SLOT.c.serial * 7 + STEP.c.source_id * 11) % PLACES
HANDLER_ID = FIRST_HANDLER + PLACE + PLACES * (STEP.c.source_id % 2)
LEAD_UNIT_ID = FIRST_OFFICE_UNIT + PLACE
LEADER_ID = 1 + PLACE % DEPARTMENTS
PLACE_HEAD_ID = FIRST_PLACE_HEAD + PLACE


def numbers(plan: Plan) -> dict[int, str]:
    """The number of each source by its id."""
    count, found = Counter[int](), {}
    for source_id, day in plan.received().items():
        count[day.year] += 1
        found[source_id] = source_number(SourceKind.INSPECTION, day.year, count[day.year])
    return found


def _sources(plan: Plan) -> Iterator[dict[str, Any]]:
    named = numbers(plan)
    for source_id, day in plan.received().items():
        number = named[source_id]
        yield {
            "id": source_id,
            "number": number,
            "kind": SourceKind.INSPECTION,
            "title": f"第{source_id}轮巡察反馈",
            "year": day.year,
            "round": int(number.rpartition("-")[2]),
            "received_on": day,
            "last_serial": plan.per_source,
            "drawn_up_at": clock.instant_at(day, 9),
        }


def _sections(plan: Plan) -> Iterator[dict[str, Any]]:
    for source_id in range(1, plan.sources + 1):
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


def _chains(plan: Plan) -> Iterator[dict[str, Any]]:
    for source_id in range(1, plan.sources + 1):
        for position, kind in enumerate(CHAIN, start=1):
            yield {"source_id": source_id, "position": position, "kind": kind}


_FIRST_SECTION = (STEP.c.source_id - 1) * SECTIONS + 1


def _people_columns() -> dict[str, Any]:
    columns = {
        "lead_unit_id": LEAD_UNIT_ID,
        "leader_id": LEADER_ID,
        "owner_id": PLACE_HEAD_ID,
        "handler_id": HANDLER_ID,
    }
    return {name: case((STEP.c.is_assigned, column)) for name, column in columns.items()}


def _told_columns(*names: str) -> dict[str, Any]:
    return {name: STEP.c[name] for name in names}


_STANDING = ("source_id", "state", "own_word", "deadline_kind", "due_on", "first_due_on", "closed_on")
_ON_ITEM = ("issued_on", "accepted_on", "own_word_on", "next_check_on", "extensions")


def _items(session: Session, plan: Plan) -> None:
    columns = _people_columns() | _told_columns(*_STANDING, *_ON_ITEM)
    columns |= {
        "id": item_id(plan),
        "number": Source.number + SLOT.c.suffix,
        "section_id": _FIRST_SECTION + SLOT.c.section,
        "kind": literal(ItemKind.PROBLEM.value),
        "finding": literal("落实上级决策部署不够有力，制度执行有差距，第") + SLOT.c.suffix,
        "position": SLOT.c.serial,
        "accepted_by_id": case((STEP.c.accepted_on.is_not(None), PLACE_HEAD_ID)),
        "deadline_moved_on": STEP.c.moved_on,
        "rounds": STEP.c.applied,
        "changes": STEP.c.serial,
        "changed_on": STEP.c.effective_on,
        "version": literal(1),
    }
    for column in Item.__table__.columns:
        if column.name not in columns and column.default is not None and column.default.is_scalar:
            columns[column.name] = literal(column.default.arg, column.type)
    rows = lived(*columns.values()).join(Source, Source.id == STEP.c.source_id).where(STEP.c.is_last)
    session.execute(insert(Item).from_select(list(columns), rows, include_defaults=False))


def _changes(session: Session, plan: Plan) -> None:
    columns = _people_columns() | _told_columns(*_STANDING)
    columns |= _told_columns("serial", "event", "effective_on", "recorded_at", "until", "superseded_at")
    columns |= {
        "item_id": item_id(plan),
        "aspect_id": _FIRST_SECTION + SLOT.c.section % ASPECTS,
        "category_id": _FIRST_SECTION + SLOT.c.section,
        "kind": literal(ItemKind.PROBLEM.value),
        "reason": literal(""),
    }
    rows = lived(*columns.values())
    rows = rows.order_by(STEP.c.effective_on, STEP.c.source_id, SLOT.c.serial, STEP.c.serial)
    session.execute(insert(ItemChange).from_select(list(columns), rows, include_defaults=False))


def _supports(session: Session, plan: Plan) -> None:
    """A department cooperates in every third item."""
    rows = lived(item_id(plan), 2 + SLOT.c.serial % DEPARTMENTS, literal(0))
    rows = rows.where(and_(STEP.c.is_last, SLOT.c.serial % 3 == 0))
    session.execute(insert(ItemSupport).from_select(["item_id", "unit_id", "position"], rows, include_defaults=False))
