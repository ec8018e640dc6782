"""Supervision notices that rules ask for: drafted by whoever hangs on the hook, never sent from here."""

from datetime import date

from sqlalchemy import literal

from tracker.core import clock, hooks
from tracker.core.db import Instant, db
from tracker.core.sql import insert_new
from tracker.reminders import queries
from tracker.reminders.models import NoticeDrafted


def draft_notices(day: date) -> int:
    """Ask once for each step of an item that a drafting rule has just reached; how many.

    Hook ``draft_supervision_notice(rule, item, day)``, called within the scan's transaction, however many people were
    told of the step.
    """
    session = db.session()
    due = queries.select_notices_due().add_columns(literal(clock.now(), Instant()))
    noted = insert_new(session, NoticeDrafted).from_select([*queries.NOTICE_COLUMNS, "drafted_at"], due)
    asked = session.scalars(noted.returning(NoticeDrafted.id)).all()
    for rule, item in queries.list_drafted(session, asked) if asked else ():
        hooks.call("draft_supervision_notice", rule, item, day)
    return len(asked)
