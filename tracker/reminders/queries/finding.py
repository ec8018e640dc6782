"""What a scan would find: the long look, which asks for no lock."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from tracker.core.sql import hashing_joins
from tracker.reminders.models import Occurrence
from tracker.reminders.queries.dated import Found
from tracker.reminders.queries.digests import select_outdated
from tracker.reminders.queries.steps import select_new


def find_due(session: Session, day: date) -> Found:
    """Of what something is to be told on a day that was not noted yet, or is noted and not to be told any more."""
    with hashing_joins(session):
        rows = [row for query in (_of_new(), _of_outdated()) for row in session.execute(query, {"day": day})]
    return Found(
        sorted({item_id for item_id, _subject_id in rows if item_id is not None}),
        sorted({subject_id for item_id, subject_id in rows if item_id is None}),
    )


@cache
def _of_new() -> Select[Any]:
    return _things(select_new().subquery("new").c)


@cache
def _of_outdated() -> Select[Any]:
    return _things(Occurrence).where(Occurrence.id.in_(select_outdated()))


def _things(step: Any) -> Select[Any]:
    """The item of each step, or the date of a source, which has none."""
    return select(step.item_id, case((step.item_id.is_(None), step.subject_id))).distinct()
