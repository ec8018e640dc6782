"""Finding out what large ledgers would do, and doing it, for whoever brought them in."""

from collections.abc import Callable, Mapping
from typing import Any

from tracker.access.rules import Actor
from tracker.core.db import db, writing
from tracker.core.i18n import force_locale
from tracker.intake import queries
from tracker.intake.models import LedgerDraft
from tracker.intake.operations.ledger import carry_out_draft, keep_plan, plan_as_data, plan_of
from tracker.org.queries import load_actor

# Told how many parts of how many are done; may be called as often as one likes.
Tell = Callable[[int, int], None]


def find_out(payload: Mapping[str, Any], tell: Tell) -> Mapping[str, Any]:
    """Find out what a ledger would do and keep it for its page; and do it, if that is just what was shown."""
    session = db.session()
    draft = queries.get_ledger(session, payload["draft_id"])
    with force_locale(draft.by.language):
        data = plan_as_data(plan_of(session, draft, actor=_actor(draft), tell=tell))
    with writing():
        draft = queries.get_ledger(session, payload["draft_id"], lock=True)
        if draft.carried_out_at is not None:
            return {}
        keep_plan(draft, data)
        is_as_shown = draft.plan_hash == payload["shown"]
    if is_as_shown:
        with writing():
            draft = queries.get_ledger(session, payload["draft_id"], lock=True)
            carry_out_draft(draft, actor=_actor(draft))
    counts: Mapping[str, int] = data["counts"]
    return counts


def _actor(draft: LedgerDraft) -> Actor:
    """Whoever brought it in, with what is granted to them by now."""
    return load_actor(db.session(), draft.by)
