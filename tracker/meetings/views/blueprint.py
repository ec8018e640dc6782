"""The blueprint of meetings, and what their pages share."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.access.rules import Actor
from tracker.core import clock
from tracker.meetings import operations, queries
from tracker.meetings.frozen import Frozen, digest, read
from tracker.meetings.models import Meeting, MeetingFreeze
from tracker.meetings.operations import Moment
from tracker.meetings.pages import View
from tracker.meetings.queries import Sight

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")

Answer = str | tuple[str, int] | Response


@dataclass(frozen=True)
class Seen:
    """A meeting with its data as somebody sees them: frozen ones, else the present ones; None where there are none."""

    meeting: Meeting
    sight: Sight
    freeze: MeetingFreeze | None
    frozen: Frozen

    @property
    def is_intact(self) -> bool:
        """Whether what is kept still has the hash under which it was frozen."""
        return self.freeze is None or digest(self.freeze.content) == self.freeze.sha256

    @property
    def view(self) -> View:
        """The data as pages show them."""
        return View(self.meeting, self.frozen, self.freeze is not None)


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
    present = operations.question_of(meeting)
    sight = queries.seen_of(session, present, actor)
    frozen = operations.collect(session, meeting, actor=actor, at=Moment(clock.now(), ""))
    return Seen(meeting, sight, None, sight.of(frozen))


def frozen_one(session: Session, meeting: Meeting, freeze: MeetingFreeze, actor: Actor) -> Seen:
    """What somebody sees of a freeze."""
    frozen = read(freeze.content)
    question = operations.question_of(meeting, freeze.known_at, as_of=freeze.as_of)
    sight = queries.seen_of(session, question, actor)
    return Seen(meeting, sight, freeze, sight.of(frozen))


def shown(seen: Seen) -> dict[str, Any]:
    """What every page of a meeting needs."""
    return {
        "meeting": seen.meeting,
        "view": seen.view,
        "freeze": seen.freeze,
        "is_intact": seen.is_intact,
        "is_whole": seen.sight.is_whole,
        "may_manage": queries.manages(present_actor(), seen.meeting.unit_id),
    }
