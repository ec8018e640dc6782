"""What people are told of change requests: functions for hooks, and ``render`` of what waits and what was decided."""

from datetime import datetime

from tracker.access.rules import Action, can
from tracker.amendments import queries
from tracker.amendments.models import Amendment
from tracker.amendments.rules import STATE_LABELS, AmendmentState, approved_by
from tracker.core.db import db
from tracker.items import queries as ledger
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.outbox import operations as outbox
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip

WAITS, DECIDED = "amendment_waits", "amendment_decided"


def amendment_waits(amendment: Amendment) -> None:
    """Hook ``amendment_waits``: tell those who may approve it."""
    for person in _deciders(amendment):
        outbox.queue(WAITS, person, slot=str(amendment.id), numbers=[amendment.item.number])


def _deciders(amendment: Amendment) -> list[Person]:
    action = approved_by(is_by_office=amendment.is_by_office)
    return list(ledger.list_deciders(db.session(), amendment.item, action, excluded=amendment.askers))


def amendment_decided(amendment: Amendment) -> None:
    """Hook ``amendment_decided``: tell whoever asked, and the handler."""
    for person in queries.list_told(db.session(), amendment):
        if person.id != amendment.decider_id:
            outbox.queue(DECIDED, person, slot=str(amendment.id), numbers=[amendment.item.number])


def render_waits(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:amendment_waits``: the request while it waits."""
    amendment = queries.find_amendment(db.session(), int(message.slot))
    if amendment is None or amendment.state is not AmendmentState.PENDING:
        return Skip.NOT_DUE
    if message.person_id not in {person.id for person in _deciders(amendment)}:
        return Skip.NOT_READABLE
    return _letter(WAITS, amendment)


def render_decided(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:amendment_decided``: approved or refused."""
    session = db.session()
    amendment = queries.find_amendment(session, int(message.slot))
    if amendment is None or amendment.state not in (AmendmentState.APPROVED, AmendmentState.REFUSED):
        return Skip.NOT_DUE
    if not can(people.load_actor(session, message.person), Action.READ_ITEM, amendment.item):
        return Skip.NOT_READABLE
    return _letter(DECIDED, amendment)


def _letter(template: str, amendment: Amendment) -> Letter:
    words = {"state": STATE_LABELS[amendment.state]}
    return Letter(template, {"amendment": amendment, "item": amendment.item, **words}, [amendment.item.number])
