"""What somebody sees of a meeting's frozen data."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, reach
from tracker.core import clock
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.meetings import queries
from tracker.meetings.frozen import Frozen, digest, read
from tracker.meetings.models import Meeting, MeetingFreeze
from tracker.meetings.operations.calling import question_of
from tracker.meetings.operations.freezing import collect_unfinished
from tracker.meetings.standings import Standings

TAMPERED = _l("锁定的数据与校验码不符，可能被人改动，请不要使用，并告知系统管理员。")


@dataclass(frozen=True)
class Seen:
    """A meeting with its data as somebody sees them: frozen ones, else the unfinished ones of the present.

    ``is_whole`` says that no item is kept from the person. ``counted`` are the figures of the present, None for frozen
    data, which tell them by themselves.
    """

    meeting: Meeting
    is_whole: bool
    freeze: MeetingFreeze | None
    frozen: Frozen
    counted: Standings | None = None

    @property
    def is_intact(self) -> bool:
        """Whether what is kept still has the hash under which it was frozen."""
        return self.freeze is None or digest(self.freeze.content) == self.freeze.content_hash


def frozen_one(session: Session, meeting: Meeting, freeze: MeetingFreeze, actor: Actor) -> Seen:
    """What somebody sees of a freeze; raises Conflict where what is kept can't be read any more."""
    try:
        frozen = read(freeze.content)
    except (ValueError, KeyError, TypeError) as error:
        raise Conflict(TAMPERED) from error
    question = question_of(meeting, freeze.known_at, as_of=freeze.as_of)
    sight = queries.seen_of(session, question, actor)
    narrowed = sight.of(session, frozen)
    is_whole = len(narrowed.items) == len(frozen.items)
    return Seen(meeting, is_whole, freeze, narrowed)


def present_one(session: Session, meeting: Meeting, actor: Actor) -> Seen:
    """What somebody sees of a meeting for which nothing is frozen yet; of one to come, what is unfinished today."""
    as_of, seen = min(meeting.as_of, clock.today()), reach(actor, Action.READ_FIGURES)
    frozen, standings = collect_unfinished(session, meeting, seen=seen, as_of=as_of)
    is_whole = reach(actor, Action.READ_MEETING).units.everywhere
    return Seen(meeting, is_whole, None, frozen, standings)


def find_last(session: Session, seen: Seen, actor: Actor) -> Seen | None:
    """The meeting before, where it is frozen too."""
    last = queries.find_previous(session, seen.meeting)
    freeze = queries.find_freeze(session, last.id) if last else None
    return frozen_one(session, last, freeze, actor) if last and freeze else None


def ensure_intact(seen: Seen) -> Seen:
    """Raise Conflict for frozen data that were changed in the database: only the page of the meeting shows them."""
    if not seen.is_intact:
        raise Conflict(TAMPERED)
    return seen
