"""What units do about items: two measures each, an entry and a piece of evidence for every word that they are done."""

import hashlib
from typing import Any

from sqlalchemy import case, insert, literal, select
from sqlalchemy.orm import Session

from tests.bench.world.ledger import HANDLER_ID, LEAD_UNIT_ID, item_id, lived
from tests.bench.world.steps import SLOT, STEP, Plan
from tracker.items.models import Item
from tracker.items.rules import Event, State
from tracker.progress.models import Entry, Evidence, Measure
from tracker.progress.rules import EntryStanding

# One file stands for all: what is measured are rows, and a store that holds each content once.
PROOF = "会议纪要：传达学习有关部署，研究整改措施。".encode()
PROOF_SHA256 = hashlib.sha256(PROOF).hexdigest()
MEASURES = ("制定学习计划，每季度检查一次", "修订制度，明确专人负责，纳入年度考核")


def write_work(session: Session, plan: Plan) -> None:
    """Measures, entries and evidence of every item."""
    for position, told in enumerate(MEASURES, start=1):
        _insert(session, Measure, _measure(position, told), select(Item.id))
    declared = lived(STEP.c.serial).where(STEP.c.event == Event.DECLARE.value)
    common = {
        "item_id": item_id(plan),
        "by_id": HANDLER_ID,
        "is_for_others": literal(False),
        "is_joint": literal(False),
    }
    _insert(session, Entry, common | _entry(), declared)
    _insert(session, Evidence, common | _evidence(), declared)


def _measure(position: int, told: str) -> dict[str, Any]:
    return {
        "item_id": Item.id,
        "position": literal(position),
        "text": literal(told),
        "owner_id": Item.handler_id,
        "due_on": Item.due_on,
        "dated_on": Item.issued_on,
        "done_on": case((Item.state == State.CLOSED, Item.own_word_on)),
        "version": literal(1),
    }


def _entry() -> dict[str, Any]:
    return {
        "unit_id": LEAD_UNIT_ID,
        "text": literal("已召开专题会研究部署，修订制度，完成阶段任务，第") + SLOT.c.suffix,
        "made_at": STEP.c.recorded_at,
        "obstacle": literal(""),
        "next_step": literal(""),
        "is_unchanged": literal(False),
        "standing": literal(EntryStanding.FREE.value),
        "return_reason": literal(""),
    }


def _evidence() -> dict[str, Any]:
    return {
        "serial": STEP.c.times,
        "name": literal("会议纪要") + SLOT.c.suffix + ".txt",
        "sha256": literal(PROOF_SHA256),
        "size_bytes": literal(len(PROOF)),
        "media_type": literal("text/plain"),
        "added_at": STEP.c.recorded_at,
    }


def _insert(session: Session, model: Any, columns: dict[str, Any], rows: Any) -> None:
    chosen = rows.with_only_columns(*columns.values(), maintain_column_froms=True)
    session.execute(insert(model).from_select(list(columns), chosen, include_defaults=False))
