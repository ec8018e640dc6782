"""Planning and carrying out large ledgers, for whoever brought them in."""

from collections.abc import Callable, Mapping
from typing import Any

from tracker.access.rules import Actor
from tracker.core.db import db, writing
from tracker.intake import queries
from tracker.intake.models import LedgerDraft
from tracker.intake.operations.ledger import carry_out_draft, keep_plan, plan_as_data, plan_of
from tracker.org.queries import load_actor

# Told how many parts of how many are done; may be called as often as one likes.
Tell = Callable[[int, int], None]


def plan(payload: Mapping[str, Any], tell: Tell) -> Mapping[str, Any]:
    """Find out what a ledger would do, and keep it for its page."""
    session = db.session()
    draft = queries.get_ledger(session, payload["draft_id"])
    data = plan_as_data(plan_of(session, draft, actor=_actor(draft), tell=tell))
    with writing():
        keep_plan(queries.get_ledger(session, payload["draft_id"], lock=True), data)
    return data["counts"]  # type: ignore[no-any-return]


def carry_out(payload: Mapping[str, Any], _tell: Tell) -> Mapping[str, Any]:
    """Carry a ledger out in one transaction, as its page showed it."""
    with writing():
        draft = queries.get_ledger(db.session(), payload["draft_id"], lock=True)
        if draft.carried_out_at is not None:
            return {}
        done = carry_out_draft(draft, actor=_actor(draft))
        return {"added": len(done.added), "changed": len(done.changed)}


def _actor(draft: LedgerDraft) -> Actor:
    """Whoever brought it in, with what is granted to them by now."""
    return load_actor(db.session(), draft.by)
