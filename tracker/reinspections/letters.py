"""What people are told of second looks and checks: functions for hooks, and ``render`` of what they say."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from tracker.access.rules import Action, Actor, can
from tracker.core import clock
from tracker.core.db import db
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.outbox import operations as outbox
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip
from tracker.reinspections import queries
from tracker.reinspections.models import Reinspection
from tracker.reinspections.queries import CHECKS, LOOKS, REBOUND
from tracker.reinspections.rules import LookState


def looks_given(looks: Sequence[Reinspection], inspector: Person, actor: Actor) -> None:
    """Hook ``looks_given``: tell the inspector, once however many they are, unless they took them themselves."""
    if inspector.id not in actor.identities:
        numbers, data = [look.item.number for look in looks], {"ids": [look.id for look in looks]}
        outbox.queue(LOOKS, inspector, slot=f"given:{secrets.token_hex(8)}", data=data, numbers=numbers)


def look_rebound(look: Reinspection) -> None:
    """Hook ``look_rebound``: tell the lead unit, and the office, which follows it up."""
    for person in queries.list_answering(db.session(), look.item.lead_unit_id):
        if person.id != look.recorded_by_id:
            outbox.queue(REBOUND, person, slot=str(look.id), numbers=[look.item.number])


def render_looks(message: Message, at: datetime) -> Letter | Skip:
    """Hook ``render:looks_waiting``: which second looks still wait for their reader."""
    session, ids = db.session(), json.loads(message.data)["ids"]
    looks = queries.list_still_waiting(session, people.load_actor(session, message.person), ids)
    if not looks:
        return Skip.NOT_DUE
    due_on = looks[0].due_on
    assert due_on is not None
    values = {"looks": looks, "count": len(looks), "due_on": due_on, "is_late": due_on < clock.civil_date(at)}
    return Letter(LOOKS, values, [look.item.number for look in looks])


def render_rebound(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:look_rebound``: what came back."""
    session = db.session()
    look = queries.find_look(session, int(message.slot))
    if look is None or look.state is not LookState.REBOUND:
        return Skip.NOT_DUE
    if not can(people.load_actor(session, message.person), Action.READ_ITEM, look.item):
        return Skip.NOT_READABLE
    return Letter(REBOUND, {"look": look, "item": look.item}, [look.item.number])


def render_checks(message: Message, at: datetime) -> Letter | Skip:
    """Hook ``render:checks_due``: what of it nobody has checked yet."""
    session, ids = db.session(), json.loads(message.data)["ids"]
    actor = people.load_actor(session, message.person)
    found = queries.list_still_due(session, actor, ids, clock.civil_date(at))
    if not found:
        return Skip.NOT_DUE
    return Letter(CHECKS, {"items": found, "count": len(found)}, [item.number for item in found])
