"""Counted results."""

from datetime import date
from decimal import Decimal

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.progress.models import Outcome
from tracker.progress.operations.readiness import ensure_reportable
from tracker.progress.rules import OutcomeKind, read_amount


def add_outcome(
    item: Item, kind: OutcomeKind, amount: Decimal | str, *, actor: Actor, note: str = "", on: date | None = None
) -> Outcome:
    """Count a result for the day it was reached, today unless given; raises DomainError for an impossible amount."""
    ensure_reportable(item, actor=actor)
    on = on or clock.today()
    if on > clock.today():
        raise DomainError(_l("日期晚于今天，请核对。"), field="on")
    outcome = Outcome(
        item_id=item.id,
        kind=kind,
        amount=read_amount(kind, str(amount)),
        note=note.strip(),
        counted_on=on,
        by_id=actor.person_id,
        for_id=actor.for_id,
        recorded_at=clock.now(),
    )
    session = db.session()
    session.add(outcome)
    session.flush()
    record(actor, "outcome.add", item.number, kind=kind, amount=outcome.amount, note=outcome.note, on=on)
    return outcome


def remove_outcome(outcome: Outcome, *, actor: Actor) -> None:
    """Take back a result that was counted by mistake; it stays in the trail."""
    ensure_reportable(outcome.item, actor=actor)
    session = db.session()
    record(
        actor, "outcome.remove", outcome.item.number, kind=outcome.kind, amount=outcome.amount, on=outcome.counted_on
    )
    session.delete(outcome)
    session.flush()
