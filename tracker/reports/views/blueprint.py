"""The blueprint of reports, and what their pages share."""

from datetime import datetime

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.access.rules import Reach
from tracker.core.db import db, writing
from tracker.reports import operations, queries
from tracker.reports.kinds import EDITION_LABELS, KIND_LABELS, STATE_LABELS
from tracker.reports.models import Report
from tracker.reports.operations import Order
from tracker.reports.rules import Facts

blueprint = Blueprint("reports", __name__, url_prefix="/reports")

# The words for the codes on every page.
LABELS = {"kinds": KIND_LABELS, "editions": EDITION_LABELS, "states": STATE_LABELS}
Answer = str | tuple[str, int] | Response


def report_of(session: Session, report_id: int) -> Report:
    """The report whole; raises NotFound for one that the person may not know of."""
    return queries.get_report(session, report_id, present_actor())


def locked(session: Session, report_id: int) -> Report:
    """The same, kept from other writers."""
    return queries.lock_report(session, report_id, present_actor())


def collect(order: Order, seen: Reach, *, known_at: datetime | None = None) -> Facts:
    """The facts of a report as known at an instant that is past, or now.

    The instant is taken alone, so that reading keeps no writer waiting.
    """
    with writing():
        settled = operations.moment()
    instant = min(known_at or settled, settled)
    facts = operations.collect(db.session(), order, known_at=instant, seen=seen, actor=present_actor())
    db.session().rollback()
    return facts
