"""A true chain of acts: the last change of every item, in the order in which they were recorded."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.bench.world.ledger import numbers
from tests.bench.world.people import FIRST_OF_OFFICE, OFFICE_STAFF
from tests.bench.world.steps import LIVES, Plan, steps
from tracker.audit.models import AuditEntry
from tracker.audit.queries import get_head
from tracker.audit.rules import canonical, chain

BATCH = 10_000


def write_trail(session: Session, plan: Plan) -> None:
    """An entry for each item, chained from the head that stands; a whole trail would have ten times as many."""
    head = get_head(session, lock=True)
    chained = _chained(plan, head.count, head.hash)
    while rows := list(islice(chained, BATCH)):
        session.execute(insert(AuditEntry), rows)
        head.count, head.hash, head.recorded_at = rows[-1]["id"], rows[-1]["hash"], rows[-1]["recorded_at"]
    session.flush()


def _chained(plan: Plan, count: int, end: str) -> Iterator[dict[str, Any]]:
    for row, (recorded_at, number, serial, step) in enumerate(_acts(plan), start=count + 1):
        officer = FIRST_OF_OFFICE + serial % OFFICE_STAFF
        columns = {
            "id": row,
            "recorded_at": recorded_at,
            "actor_id": officer,
            "actor_name": f"人员{officer:04d}",
            "action": f"item.{step['event']}",
            "subject": f"{number}-{serial:03d}",
            "origin": f"10.1.{serial % 4}.{officer % 250}",
            "details": canonical({"on": step["effective_on"], "reason": "", "changed": {"state": ["", step["state"]]}}),
        }
        text = canonical(columns)
        end = chain(end, text)
        yield {**columns, "text": text, "hash": end}


def _acts(plan: Plan) -> list[tuple[datetime, str, int, dict[str, Any]]]:
    named, last = numbers(plan), [step for step in steps(plan) if step["is_last"]]
    last.sort(key=lambda step: (step["recorded_at"], step["source_id"], step["life"]))
    return [
        (step["recorded_at"], named[step["source_id"]], serial, step)
        for step in last
        for serial in range(step["life"] or LIVES, plan.per_source + 1, LIVES)
    ]
