"""Reading the trail."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.audit.models import AuditEntry, AuditHead
from tracker.audit.rules import Channel, Link


def get_head(session: Session, *, lock: bool = False) -> AuditHead:
    """The head row; with ``lock`` nobody else appends until this transaction ends."""
    query = select(AuditHead).where(AuditHead.id == 1).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update() if lock else query).one()


def find_head(session: Session) -> AuditHead | None:
    """The head row; None when somebody took it away."""
    return session.scalar(select(AuditHead).where(AuditHead.id == 1))


def select_entries(
    *,
    subject: str = "",
    actor_name: str = "",
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    channel: Channel | None = None,
    origin: str = "",
) -> Select[Any]:
    """Entries, newest first; recorded from ``since`` on and before ``until``; ``origin`` is part of an address."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    if subject:
        query = query.where(AuditEntry.subject.contains(subject, autoescape=True))
    if actor_name:
        query = query.where(AuditEntry.actor_name.contains(actor_name, autoescape=True))
    if action:
        query = query.where(AuditEntry.action == action)
    if since:
        query = query.where(AuditEntry.recorded_at >= since)
    if until:
        query = query.where(AuditEntry.recorded_at < until)
    if channel is not None:
        query = query.where(AuditEntry.origin != "" if channel is Channel.PAGE else AuditEntry.origin == "")
    if origin:
        query = query.where(AuditEntry.origin.contains(origin, autoescape=True))
    return query


def count_entries(session: Session, query: Select[Any]) -> int:
    """How many entries a query gives."""
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def find_last(session: Session, action: str, subject: str) -> AuditEntry | None:
    """The latest act of that name on a subject."""
    entry = AuditEntry
    query = select(entry).where(entry.subject == subject, entry.action == action)
    return session.scalar(query.order_by(entry.id.desc()).limit(1))


def list_streamed(session: Session, query: Select[Any]) -> Iterator[AuditEntry]:
    """The entries of a query one by one, however many there are."""
    return iter(session.scalars(query.execution_options(yield_per=1000)))


def list_links(session: Session) -> Iterator[Link]:
    """The whole chain in order, streamed."""
    query = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    for entry in session.scalars(query):
        yield Link(entry.id, entry.recorded_at, entry.text, entry.hash, columns_of(entry))


def columns_of(entry: AuditEntry) -> dict[str, Any]:
    """The columns of an entry that its text tells again."""
    return {
        "id": entry.id,
        "recorded_at": entry.recorded_at,
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "subject": entry.subject,
        "origin": entry.origin,
        "details": entry.details,
    }
