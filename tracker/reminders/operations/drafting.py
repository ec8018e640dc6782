"""Supervision notices that rules ask for: drafted by whoever hangs on the hook, never sent from here."""

from datetime import date
from itertools import groupby

from sqlalchemy import literal

from tracker.core import clock, hooks
from tracker.core.db import Instant, db
from tracker.core.sql import insert_new
from tracker.reminders import queries
from tracker.reminders.models import NoticeDrafted


def draft_notices(day: date) -> int:
    """Ask once for each step of an item that a drafting rule has just reached; how many.

    Hook ``draft_supervision_notices(rule, items, day)``, called within the scan's transaction once for each rule with
    all its items, however many people were told of them.
    """
    session = db.session()
    due = queries.select_notices_due().add_columns(literal(clock.now(), Instant()))
    noted = insert_new(session, NoticeDrafted).from_select([*queries.NOTICE_COLUMNS, "drafted_at"], due)
    asked = session.scalars(noted.returning(NoticeDrafted.id)).all()
    steps = queries.list_drafted(session, asked) if asked else ()
    for rule, found in groupby(steps, key=lambda step: step[0]):
        hooks.call("draft_supervision_notices", rule, [item for _rule, item in found], day)
    return len(asked)
