"""The blueprint of meetings, and what their pages share."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.access.rules import Action, Actor, reach
from tracker.core import clock
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.meetings import operations, queries
from tracker.meetings.frozen import Frozen, digest, read
from tracker.meetings.models import Meeting, MeetingFreeze
from tracker.meetings.operations import Moment
from tracker.meetings.pages import View

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")

TAMPERED = _l("锁定的数据与校验码不符，可能被人改动，请不要使用，并告知系统管理员。")
Answer = str | tuple[str, int] | Response


@dataclass(frozen=True)
class Seen:
    """A meeting with its data as somebody sees them: frozen ones, else the present ones.

    ``is_whole`` says that no item is kept from the person.
    """

    meeting: Meeting
    is_whole: bool
    freeze: MeetingFreeze | None
    frozen: Frozen

    @property
    def is_intact(self) -> bool:
        """Whether what is kept still has the hash under which it was frozen."""
        return self.freeze is None or digest(self.freeze.content) == self.freeze.content_hash

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
    # Of a meeting to come the figures are those of today.
    as_of = min(meeting.as_of, clock.today())
    sight = queries.seen_of(session, operations.question_of(meeting, as_of=as_of), actor)
    at = Moment(clock.now(), "")
    frozen = operations.collect(session, meeting, seen=reach(actor, Action.READ_FIGURES), at=at, as_of=as_of)
    return Seen(meeting, sight.units.everywhere, None, sight.of(session, frozen))


def frozen_one(session: Session, meeting: Meeting, freeze: MeetingFreeze, actor: Actor) -> Seen:
    """What somebody sees of a freeze; raises Conflict where what is kept can't be read any more."""
    try:
        frozen = read(freeze.content)
    except (ValueError, KeyError, TypeError) as error:
        raise Conflict(TAMPERED) from error
    question = operations.question_of(meeting, freeze.known_at, as_of=freeze.as_of)
    sight = queries.seen_of(session, question, actor)
    narrowed = sight.of(session, frozen)
    return Seen(meeting, len(narrowed.items) == len(frozen.items), freeze, narrowed)


def ensure_intact(seen: Seen) -> Seen:
    """Raise Conflict for frozen data that were changed in the database: only the page of the meeting shows them."""
    if not seen.is_intact:
        raise Conflict(TAMPERED)
    return seen


def shown(seen: Seen) -> dict[str, Any]:
    """What every page of a meeting needs."""
    return {
        "meeting": seen.meeting,
        "view": seen.view,
        "freeze": seen.freeze,
        "is_intact": seen.is_intact,
        "is_whole": seen.is_whole,
        "may_manage": queries.manages(present_actor(), seen.meeting.unit_id),
    }
