"""What people are told of corrections: functions for hooks, and ``render`` of what waits and what was decided."""

from datetime import datetime

from tracker.access.rules import Action, can
from tracker.core.db import db
from tracker.corrections import queries
from tracker.corrections.models import Correction
from tracker.corrections.rules import APPROVING, KIND_LABELS, STATE_LABELS, CorrectionState
from tracker.items import queries as ledger
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.outbox import operations as outbox
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip

WAITS, DECIDED = "correction_waits", "correction_decided"


def correction_waits(correction: Correction) -> None:
    """Hook ``correction_waits``: tell those who may approve it."""
    for person in _deciders(correction):
        outbox.queue(WAITS, person, slot=str(correction.id), numbers=[correction.item.number])


def _deciders(correction: Correction) -> list[Person]:
    found: dict[int, Person] = {}
    for action in APPROVING:
        may = ledger.list_deciders(db.session(), correction.item, action, excluded=correction.askers)
        found |= {person.id: person for person in may}
    return list(found.values())


def correction_decided(correction: Correction) -> None:
    """Hook ``correction_decided``: tell whoever asked, and the handler."""
    for person in queries.list_told(db.session(), correction):
        if person.id != correction.decider_id:
            outbox.queue(DECIDED, person, slot=str(correction.id), numbers=[correction.item.number])


def render_waits(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:correction_waits``: the request while it waits."""
    correction = queries.find_correction(db.session(), int(message.slot))
    if correction is None or correction.state is not CorrectionState.PENDING:
        return Skip.NOT_DUE
    if message.person_id not in {person.id for person in _deciders(correction)}:
        return Skip.NOT_READABLE
    return _letter(WAITS, correction)


def render_decided(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:correction_decided``: approved or refused."""
    session = db.session()
    correction = queries.find_correction(session, int(message.slot))
    if correction is None or correction.state not in (CorrectionState.APPROVED, CorrectionState.REFUSED):
        return Skip.NOT_DUE
    if not can(people.load_actor(session, message.person), Action.READ_ITEM, correction.item):
        return Skip.NOT_READABLE
    return _letter(DECIDED, correction)


def _letter(template: str, correction: Correction) -> Letter:
    words = {"kind": KIND_LABELS[correction.kind], "state": STATE_LABELS[correction.state]}
    return Letter(template, {"correction": correction, "item": correction.item, **words}, [correction.item.number])
