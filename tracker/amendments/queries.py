"""Whom change requests wait for."""

from sqlalchemy import ColumnElement, and_, or_

from tracker.access.rules import Actor, reach
from tracker.amendments.models import Amendment
from tracker.amendments.rules import approved_by
from tracker.items.queries import within
from tracker.requests import queries as requests


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Whether this person may decide a change request now."""
    by_office, by_unit = (
        and_(Amendment.is_by_office.is_(each), within(reach(actor, approved_by(is_by_office=each))))
        for each in (True, False)
    )
    return requests.waits_for(Amendment, actor, or_(by_office, by_unit))
