"""What people are told of requests: functions for hooks, and ``render`` of what waits and what was decided."""

from datetime import datetime

from tracker.access.rules import Action, can
from tracker.core.db import db
from tracker.items import queries as ledger
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.outbox import operations as outbox
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip
from tracker.requests import queries
from tracker.requests.operations import Kind, R
from tracker.requests.rules import DECIDED, STATE_LABELS, RequestState


def waits(kind: Kind[R], request: R) -> None:
    """Hook ``<kind>_waits``: tell those who may decide it."""
    told = _deciders(kind, request)
    outbox.tell(f"{kind.name}_waits", told, slot=str(request.id), numbers=[request.item.number])


def _deciders(kind: Kind[R], request: R) -> list[Person]:
    found: dict[int, Person] = {}
    for action in kind.approved_by(request):
        may = ledger.list_deciders(db.session(), request.item, action, excluded=request.askers)
        found |= {person.id: person for person in may}
    return list(found.values())


def decided(kind: Kind[R], request: R) -> None:
    """Hook ``<kind>_decided``: tell whoever asked, and the handler."""
    for person in queries.list_told(db.session(), request.askers, request.item):
        if person.id != request.decider_id:
            outbox.queue(f"{kind.name}_decided", person, slot=str(request.id), numbers=[request.item.number])


def render_waits(kind: Kind[R], message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:<kind>_waits``: the request while it waits."""
    request = queries.find_request(db.session(), kind.table, int(message.slot))
    if request is None or request.state is not RequestState.PENDING:
        return Skip.NOT_DUE
    if message.person_id not in {person.id for person in _deciders(kind, request)}:
        return Skip.NOT_READABLE
    return _letter(kind, request, message)


def render_decided(kind: Kind[R], message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:<kind>_decided``: approved or refused."""
    session = db.session()
    request = queries.find_request(session, kind.table, int(message.slot))
    if request is None or request.state not in DECIDED:
        return Skip.NOT_DUE
    if not can(people.load_actor(session, message.person), Action.READ_ITEM, request.item):
        return Skip.NOT_READABLE
    return _letter(kind, request, message)


def _letter(kind: Kind[R], request: R, message: Message) -> Letter:
    values = {"asked": request, "item": request.item, "state": STATE_LABELS[request.state], **kind.words}
    return Letter(message.kind, values, [request.item.number])
