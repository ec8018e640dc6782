"""What people are told of extensions: functions for hooks, and ``render`` of what waits and what was decided."""

from datetime import datetime

from tracker.access.rules import Action, can
from tracker.core import clock
from tracker.core.db import db
from tracker.extensions import queries
from tracker.extensions.models import Extension
from tracker.extensions.rules import EXTENSION_LABELS, LEVEL_ACTIONS, LEVEL_LABELS, ExtensionState
from tracker.extensions.wording import asked_for
from tracker.items import queries as ledger
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.outbox import operations as outbox
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip
from tracker.requests.queries import list_told

WAITS, DECIDED = "extension_waits", "extension_decided"


def extension_waits(extension: Extension) -> None:
    """Hook ``extension_waits``: tell those who may decide the level whose turn it is."""
    slot = f"{extension.id}:{extension.waits_for}"
    outbox.tell(WAITS, _deciders(extension), slot=slot, numbers=[extension.item.number])


def _deciders(extension: Extension) -> list[Person]:
    assert extension.waits_for is not None
    out = {*extension.askers, *(each for step in extension.steps for each in step.deciders)}
    action = LEVEL_ACTIONS[extension.waits_for]
    return list(ledger.list_deciders(db.session(), extension.item, action, excluded=out))


def extension_decided(extension: Extension) -> None:
    """Hook ``extension_decided``: tell whoever asked, and the handler."""
    told = list_told(db.session(), extension.askers, extension.item)
    outbox.tell(DECIDED, told, slot=str(extension.id), numbers=[extension.item.number])


def render_waits(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:extension_waits``: the request while it waits for its reader."""
    extension_id, _colon, level = message.slot.partition(":")
    extension = queries.find_extension(db.session(), int(extension_id))
    if extension is None or extension.waits_for != level:
        return Skip.NOT_DUE
    if message.person_id not in {person.id for person in _deciders(extension)}:
        return Skip.NOT_READABLE
    values = {"extension": extension, "item": extension.item, "step": LEVEL_LABELS[extension.waits_for]}
    return Letter(WAITS, values | {"asked": asked_for(extension, clock.today())}, [extension.item.number])


def render_decided(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:extension_decided``: granted until when, or refused and why."""
    session = db.session()
    extension = queries.find_extension(session, int(message.slot))
    if extension is None or extension.state not in (ExtensionState.GRANTED, ExtensionState.REFUSED):
        return Skip.NOT_DUE
    if not can(people.load_actor(session, message.person), Action.READ_ITEM, extension.item):
        return Skip.NOT_READABLE
    last = [step for step in extension.steps if step.verdict is not None][-1]
    values = {"extension": extension, "item": extension.item, "last": last, "state": EXTENSION_LABELS[extension.state]}
    return Letter(DECIDED, values, [extension.item.number])
