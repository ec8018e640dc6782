"""The blueprint of meetings, and what their pages share."""

from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.meetings import queries
from tracker.meetings.operations import Seen, frozen_one, present_one
from tracker.meetings.pages import View
from tracker.meetings.standings import standings_of

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")

Answer = str | tuple[str, int] | Response


def view_of(seen: Seen) -> View:
    """The data as pages show them."""
    return View(seen.meeting, seen.frozen, seen.freeze is not None, seen.counted or standings_of(seen.frozen))


def see(session: Session, meeting_id: int, *, serial: int | None = None) -> Seen:
    """A meeting with its frozen data (the last, or the freeze of that number), else with those of the present.

    Raises NotFound for a meeting that the person may not know of, and for a freeze that is not there.
    """
    actor = present_actor()
    meeting = queries.get_meeting(session, meeting_id, actor)
    if serial is not None:
        return frozen_one(session, meeting, queries.get_freeze(session, meeting.id, serial), actor)
    if meeting.freezes:
        return frozen_one(session, meeting, meeting.freezes[0], actor)
    return present_one(session, meeting, actor)


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
