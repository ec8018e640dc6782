"""What both are told of a handover: hook ``handed_over`` and its renderer."""

from datetime import datetime

from tracker.core.db import db
from tracker.handovers import queries
from tracker.handovers.models import Handover
from tracker.outbox import operations as outbox
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip

KIND = "handed_over"


def handed_over(made: Handover) -> None:
    """Hook ``handed_over``: tell who gave and who took."""
    for person in (made.giver, made.taker):
        outbox.queue(KIND, person, slot=str(made.id))


def render(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:handed_over``: from whom to whom, and how much; what it is stands on the desk."""
    made = queries.get_handover(db.session(), int(message.slot))
    values = {"giver": made.giver.name, "taker": made.taker.name, "count": len(made.lines), "reason": made.reason}
    return Letter(KIND, values)
