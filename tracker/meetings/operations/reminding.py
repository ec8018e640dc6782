"""Reminding the office of a meeting: on the working day before it its papers are to be printed."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from tracker.core import clock
from tracker.core.db import db
from tracker.meetings import queries
from tracker.outbox import operations as outbox
from tracker.workdays.queries import load_around
from tracker.workdays.rules import OutOfCalendar

AHEAD = "meeting_ahead"


def remind_meetings(at: datetime) -> int:
    """Queue what is reached at an instant, once for each day that a meeting is set on; how many are new.

    Told are who called it and the office nearest to it, from the last working day before it on.
    """
    session, day = db.session(), clock.civil_date(at)
    addressed = [
        outbox.Addressed(person, slot_of(meeting.id, meeting.held_on), not_before=clock.instant_at(day))
        for meeting, person in queries.list_ahead(session, day, _last_reached(session, day))
        if queries.may_hold(session, meeting, person)
    ]
    return outbox.queue_all(AHEAD, addressed)


def _last_reached(session: Session, day: date) -> date:
    """The last day of a meeting that is reached: the next one worked, or just the next where no calendar reaches."""
    try:
        return load_around(session, day, 1).add_working_days(day, 1)
    except OutOfCalendar:
        return day + timedelta(days=1)


def slot_of(meeting_id: int, held_on: date) -> str:
    """By which a message about a meeting is known; moved to another day it is another one."""
    return f"{meeting_id}:{held_on.isoformat()}"
