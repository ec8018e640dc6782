"""What people are told of meetings: by when they are asked to be ready, and what is to be printed the day before."""

from collections.abc import Mapping
from datetime import datetime

from tracker.access.rules import Actor, Role
from tracker.core import clock
from tracker.core.db import db
from tracker.core.i18n import lazy_gettext as _l
from tracker.meetings import queries
from tracker.meetings.models import MeetingDecision
from tracker.meetings.operations import AHEAD, is_open, slot_of
from tracker.org import queries as people
from tracker.outbox import operations as outbox
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip

KIND = "deadline_asked"


def deadline_asked(decision: MeetingDecision, actor: Actor) -> None:
    """Hook ``deadline_asked``: ask the heads of the lead unit, or its liaisons where it has no head."""
    session = db.session()
    heads = people.list_role_holders(session, Role.UNIT_HEAD, decision.lead_unit_id)
    found = heads or people.list_role_holders(session, Role.LIAISON, decision.lead_unit_id)
    # The nearest: those of the unit itself, else the one above.
    for person in [each for each in found if each.unit_id == decision.lead_unit_id] or found[:1]:
        if person.id != actor.person_id and queries.is_known_to(session, decision.meeting_id, person):
            outbox.queue(KIND, person, slot=str(decision.id))


def render(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:deadline_asked``: what was decided, and where the deadline is named; not once it has one."""
    decision = queries.get_decision(db.session(), int(message.slot))
    if not is_open(decision):
        return Skip.NOT_DUE
    values = {"meeting": decision.meeting.title, "text": decision.text, "decision_id": decision.id}
    return Letter(KIND, values)


# What the day of a meeting is called, by the days until it; any other by its date.
WHEN: Mapping[int, object] = {0: _l("今天"), 1: _l("明天")}


def render_ahead(message: Message, at: datetime) -> Letter | Skip:
    """Hook ``render:meeting_ahead``: what is to be printed; not once the meeting was moved or held."""
    session, today = db.session(), clock.civil_date(at)
    meeting = queries.find_meeting(session, int(message.slot.partition(":")[0]))
    if meeting is None or message.slot != slot_of(meeting.id, meeting.held_on):
        return Skip.NOT_DUE
    if meeting.held_on < today or meeting.minutes_issued_on is not None:
        return Skip.NOT_DUE
    if not queries.may_hold(session, meeting, message.person):
        return Skip.NOT_READABLE
    is_frozen = queries.last_serial(session, meeting.id) > 0
    when = WHEN.get((meeting.held_on - today).days)
    values = {"meeting_id": meeting.id, "title": meeting.title, "held_on": meeting.held_on, "when": when}
    return Letter(AHEAD, {**values, "is_frozen": is_frozen})
