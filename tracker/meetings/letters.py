"""The question that a meeting leaves to the lead unit: by when. Hook ``deadline_asked`` and its renderer."""

from datetime import datetime

from tracker.access.rules import Actor, Role
from tracker.core.db import db
from tracker.meetings import queries
from tracker.meetings.models import MeetingDecision
from tracker.meetings.operations import is_open
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
