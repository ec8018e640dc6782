"""The blueprint of meetings, and what their pages share."""

from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.meetings import operations, queries
from tracker.meetings.models import MeetingFreeze
from tracker.meetings.operations import Moment, Seen, frozen_one
from tracker.meetings.pages import View

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")

Answer = str | tuple[str, int] | Response


def view_of(seen: Seen) -> View:
    """The data as pages show them."""
    return View(seen.meeting, seen.frozen, seen.freeze is not None)


def see(session: Session, meeting_id: int, *, serial: int | None = None) -> Seen:
    """A meeting with its frozen data (the last, or the freeze of that number), else with the present ones.

    Raises NotFound for a meeting that the person may not know of, and for a freeze that is not there.
    """
    actor = present_actor()
    meeting = queries.get_meeting(session, meeting_id, actor)
    if serial is not None:
        freeze: MeetingFreeze | None = queries.get_freeze(session, meeting.id, serial)
    else:
        freeze = queries.find_freeze(session, meeting.id)
    if freeze is not None:
        return frozen_one(session, meeting, freeze, actor)
    # Of a meeting to come the figures are those of today.
    as_of = min(meeting.as_of, clock.today())
    sight = queries.seen_of(session, operations.question_of(meeting, as_of=as_of), actor)
    at = Moment(clock.now(), "")
    frozen = operations.collect(session, meeting, seen=reach(actor, Action.READ_FIGURES), at=at, as_of=as_of)
    return Seen(meeting, sight.units.everywhere, None, sight.of(session, frozen))


def shown(seen: Seen) -> dict[str, Any]:
    """What every page of a meeting needs."""
    return {
        "meeting": seen.meeting,
        "view": view_of(seen),
        "freeze": seen.freeze,
        "is_intact": seen.is_intact,
        "is_whole": seen.is_whole,
        "may_manage": queries.manages(present_actor(), seen.meeting.unit_id),
    }
