"""What an administrator is told when something stops and asks: hook ``render:alarm``."""

import json
from datetime import datetime

from tracker.access.rules import Action, may
from tracker.core.db import db
from tracker.org import queries as people
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip
from tracker.reminders import queries


def render(message: Message, _at: datetime) -> Letter | Skip:
    """Too many digests at once, as long as they are held."""
    session = db.session()
    if not queries.count_held(session):
        return Skip.NOT_DUE
    if not may(people.load_actor(session, message.person), Action.MANAGE_JOBS):
        return Skip.NOT_READABLE
    return Letter("alarm", json.loads(message.data))
