"""Keeping the trail: collected while a transaction runs, appended as the last thing it does."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tracker.access.rules import Actor
from tracker.audit import queries
from tracker.audit.models import AuditEntry
from tracker.audit.rules import GENESIS, Break, Fault, canonical, chain, verify
from tracker.core import clock, hooks
from tracker.core.db import db

COLLECTED = "audit_collected"


def record(actor: Actor, action: str, subject: str, /, **details: Any) -> None:
    """Note an act for the trail, e.g. ``record(actor, "issue", item.number, before=…, after=…)``.

    Nothing is written before the transaction's end; a rolled-back transaction leaves no entry.
    """
    entry = {
        "actor_id": actor.person_id,
        "actor_name": actor.signature[:80],
        "action": action,
        "subject": subject[:120],
        "origin": next(iter(hooks.call("origin")), ""),
        "details": canonical(details),
    }
    db.session().info.setdefault(COLLECTED, []).append(entry)


def append(session: Session) -> None:
    """Take the transaction's recording instant under the head's lock, stamp what waits for it, append the trail.

    Runs as the hook ``before_commit``. The instant is later than that of every transaction before.
    """
    collected = session.info.pop(COLLECTED, [])
    has_waiting = any(hooks.call("waits_for_stamp", session))
    if not collected and not has_waiting:
        return
    head = queries.get_head(session, lock=True)
    recorded_at = max(clock.now(), head.recorded_at + timedelta(microseconds=1))
    hooks.call("stamp", session, recorded_at)
    head.recorded_at = recorded_at
    rows = []
    for number, entry in enumerate(collected, start=head.count + 1):
        columns = {"id": number, "recorded_at": recorded_at, **entry}
        text = canonical(columns)
        head.hash = chain(head.hash, text)
        rows.append({**columns, "text": text, "hash": head.hash})
    head.count += len(rows)
    if rows:
        session.execute(insert(AuditEntry), rows)
    session.flush()


def take_instant(session: Session) -> tuple[datetime, str]:
    """An instant before which nothing will be recorded any more, and the hash at which the trail ends then.

    Within a transaction that writes: every later record is stamped later, whichever machine writes it.
    """
    head = queries.get_head(session, lock=True)
    head.recorded_at = max(clock.now(), head.recorded_at + timedelta(microseconds=1))
    return head.recorded_at, head.hash


def forget(session: Session) -> None:
    """Drop what was collected: the transaction was rolled back."""
    session.info.pop(COLLECTED, None)


def verify_trail(session: Session) -> tuple[int, str, list[Break]]:
    """Check the whole chain: the number of rows, the head's hash and every break."""
    head = queries.find_head(session)
    count, end = (head.count, head.hash) if head else (0, GENESIS)
    rows, breaks = verify(queries.list_links(session), count=count, head=end)
    return rows, end, breaks if head else [Break(0, Fault.HEAD_MISSING), *breaks]
