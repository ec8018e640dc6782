"""What people are told the moment it happens: functions for hooks, and ``render:notice``."""

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tracker.access.rules import Action, Actor, can
from tracker.closure import queries as applications
from tracker.closure.models import Declaration, Review
from tracker.closure.rules import DECISION_LABELS, ApplicationState, is_of_a_body
from tracker.core.db import db
from tracker.items.models import Item, ReassignmentRequest
from tracker.items.rules import State
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.outbox import operations as outbox
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip
from tracker.reminders import queries
from tracker.reminders.rules import Recipient
from tracker.sources.rules import STEP_LABELS, StepKind

KIND = queries.NOTICE
# Who is told that an item of theirs goes to another unit.
LOSING = frozenset({Recipient.LIAISON, Recipient.UNIT_HEAD, Recipient.OWNER, Recipient.HANDLER, Recipient.SUPPORTING})


def issued(items: Sequence[Item], actor: Actor) -> None:
    """Hook ``issued``: tell liaisons and heads of the lead units, each once however many items were issued to them."""
    numbers = {item.id: item.number for item in items}
    told: defaultdict[Person, set[str]] = defaultdict(set)
    for item_id, relation, person in queries.list_answerable(db.session(), list(numbers)):
        if relation in {Recipient.LIAISON, Recipient.UNIT_HEAD} and person.id != actor.person_id:
            told[person].add(numbers[item_id])
    slot = f"issued:{secrets.token_hex(8)}"
    data = {"template": "issued"}
    rows = [outbox.Addressed(each, slot, data, sorted(theirs)) for each, theirs in told.items() if _can_read(each)]
    outbox.queue_all(KIND, rows)


def reassignment_asked(asked: ReassignmentRequest) -> None:
    """Hook ``reassignment_asked``: tell the office, which decides."""
    office = [each for each in _office_of(asked.item_id) if each.id != asked.asked_by_id]
    data = {"template": "reassignment_asked", "request": asked.id}
    _tell(office, f"asked:{asked.id}", data, [asked.item.number])


def _office_of(item_id: int) -> list[Person]:
    found = queries.list_answerable(db.session(), [item_id])
    return list(dict.fromkeys(person for _item_id, relation, person in found if relation is Recipient.OFFICE))


def reassignment_decided(asked: ReassignmentRequest) -> None:
    """Hook ``reassignment_decided``: tell whoever asked, and whom they acted for."""
    data = {"template": "reassignment_decided", "request": asked.id}
    _tell(queries.list_people(db.session(), _askers(asked)), f"answered:{asked.id}", data, [asked.item.number])


def _askers(asked: ReassignmentRequest) -> set[int]:
    return {each for each in (asked.asked_by_id, asked.asked_for_id) if each is not None}


def reassigned(item: Item, actor: Actor, asked: ReassignmentRequest | None) -> None:
    """Hook ``reassigned``: tell those who answered for it until now; whoever asked gets the answer instead."""
    told = {}
    for _item_id, relation, person in queries.list_answerable(db.session(), [item.id]):
        if relation in LOSING:
            told[person.id] = person
    answered = _askers(asked) if asked else set()
    slot = f"reassigned:{secrets.token_hex(8)}"
    left = sorted(told.keys() - answered - {actor.person_id})
    _tell([told[each] for each in left], slot, {"template": "reassigned"}, [item.number])


def declaration_waits(declaration: Declaration) -> None:
    """Hook ``declaration_waits``: tell the office, which accepts it or does not."""
    office = [each for each in _office_of(declaration.item_id) if each.id != declaration.declared_by_id]
    data = {"template": "declaration_waits", "declaration": declaration.id}
    _tell(office, f"declared:{declaration.id}", data, [declaration.item.number])


def declaration_answered(declaration: Declaration) -> None:
    """Hook ``declaration_answered``: tell whoever declared."""
    data = {"template": "declaration_answered", "declaration": declaration.id}
    _tell([declaration.declared_by], f"declaration:{declaration.id}", data, [declaration.item.number])


def application_waits(review: Review) -> None:
    """Hook ``application_waits``: tell those who may decide; of leaders only the item's own, if there is one.

    What a meeting or the superior decides waits for the office, which enters it.
    """
    session = db.session()
    application = review.application
    item = application.item
    deciders = _who_decides(review)
    if review.kind is StepKind.LEADER and item.leader_id in deciders:
        deciders = {item.leader_id}
    if not is_of_a_body(review.kind, review.route):
        deciders -= {*application.applicants, *(each for review in application.reviews for each in review.deciders)}
    data = {"template": "application_waits", "review": review.id}
    _tell(queries.list_people(session, deciders), f"waits:{review.id}", data, [item.number])


def _who_decides(review: Review) -> set[int]:
    session, item = db.session(), review.application.item
    if not is_of_a_body(review.kind, review.route):
        return set(applications.list_possible_deciders(session, review))
    return {person.id for person in _office_of(item.id)}


def application_decided(review: Review) -> None:
    """Hook ``application_decided``: tell the applicant and the handler."""
    item = review.application.item
    told = {review.application.applicant_id, item.handler_id} - {None, review.decider_id}
    data = {"template": "application_decided", "review": review.id}
    people_told = queries.list_people(db.session(), {each for each in told if each is not None})
    _tell(people_told, f"decided:{review.id}", data, [item.number])


def _tell(readers: Iterable[Person], slot: str, data: Mapping[str, Any], numbers: Collection[str]) -> None:
    outbox.tell(KIND, filter(_can_read, readers), slot=slot, data=data, numbers=numbers)


def _can_read(person: Person) -> bool:
    return person.account is not None and person.account.is_active


def render(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:notice``: what is still so, as far as its reader may still know of it."""
    data = json.loads(message.data)
    return _LETTERS[data["template"]](message, data)


def _issued(message: Message, _data: Mapping[str, Any]) -> Letter | Skip:
    waiting = [item for item in _items(message) if item.state is State.ISSUED]
    if not waiting:
        return Skip.NOT_DUE
    actor = people.load_actor(db.session(), message.person)
    mine = [item for item in waiting if can(actor, Action.ACCEPT, item)]
    if not mine:
        return Skip.NOT_READABLE
    return Letter("issued", {"items": mine, "count": len(mine)}, [item.number for item in mine])


def _items(message: Message) -> Sequence[Item]:
    return queries.list_items(db.session(), json.loads(message.item_numbers))


def _asked(message: Message, data: Mapping[str, Any]) -> Letter | Skip:
    asked = queries.get_request(db.session(), data["request"])
    if asked.is_granted is not None:
        return Skip.NOT_DUE
    if not can(people.load_actor(db.session(), message.person), Action.REASSIGN, asked.item):
        return Skip.NOT_READABLE
    return Letter("reassignment_asked", {"asked": asked, "item": asked.item}, [asked.item.number])


def _answered(_message: Message, data: Mapping[str, Any]) -> Letter | Skip:
    # Once the item has gone elsewhere, whoever asked may not read it but is owed the answer; it has no finding.
    asked = queries.get_request(db.session(), data["request"])
    return Letter("reassignment_decided", {"asked": asked, "number": asked.item.number}, [asked.item.number])


def _moved(message: Message, _data: Mapping[str, Any]) -> Letter | Skip:
    # Its readers may not read the item any more; they learn where it went and nothing else.
    (item,) = _items(message)
    return Letter("reassigned", {"number": item.number, "unit": item.lead_unit}, [item.number])


def _declared(message: Message, data: Mapping[str, Any]) -> Letter | Skip:
    declaration = queries.get_declaration(db.session(), data["declaration"])
    if declaration.is_accepted is not None or declaration.item.state not in (State.WORKING, State.SUSTAINED):
        return Skip.NOT_DUE
    if not can(people.load_actor(db.session(), message.person), Action.DECIDE_AS_OFFICE, declaration.item):
        return Skip.NOT_READABLE
    return _letter_of("declaration_waits", declaration)


def _acknowledged(message: Message, data: Mapping[str, Any]) -> Letter | Skip:
    declaration = queries.get_declaration(db.session(), data["declaration"])
    if not can(people.load_actor(db.session(), message.person), Action.READ_ITEM, declaration.item):
        return Skip.NOT_READABLE
    return _letter_of("declaration_answered", declaration)


def _letter_of(template: str, declaration: Declaration) -> Letter:
    item = declaration.item
    return Letter(template, {"declaration": declaration, "item": item}, [item.number])


def _waits(message: Message, data: Mapping[str, Any]) -> Letter | Skip:
    review = queries.get_review(db.session(), data["review"])
    if review.decision is not None or review.application.state is not ApplicationState.PENDING:
        return Skip.NOT_DUE
    actor = people.load_actor(db.session(), message.person)
    item = review.application.item
    if message.person_id not in _who_decides(review):
        return Skip.NOT_READABLE
    if not can(actor, Action.READ_ITEM, item):
        return Skip.NOT_READABLE
    waits_for_body = is_of_a_body(review.kind, review.route)
    values = {"review": review, "item": item, "step": STEP_LABELS[review.kind], "waits_for_body": waits_for_body}
    return Letter("application_waits", values, [item.number])


def _decided(message: Message, data: Mapping[str, Any]) -> Letter | Skip:
    review = queries.get_review(db.session(), data["review"])
    application = review.application
    item = application.item
    if any(each.decision is not None and each.position > review.position for each in application.reviews):
        return Skip.NOT_DUE
    if not can(people.load_actor(db.session(), message.person), Action.READ_ITEM, item):
        return Skip.NOT_READABLE
    assert review.decision is not None
    values = {
        "review": review,
        "item": item,
        "step": STEP_LABELS[review.kind],
        "decision": DECISION_LABELS[review.decision],
        "is_closed": application.state is ApplicationState.CLOSED,
    }
    return Letter("application_decided", values, [item.number])


_LETTERS: Mapping[str, Callable[[Message, Mapping[str, Any]], Letter | Skip]] = {
    "issued": _issued,
    "reassignment_asked": _asked,
    "reassignment_decided": _answered,
    "reassigned": _moved,
    "declaration_waits": _declared,
    "declaration_answered": _acknowledged,
    "application_waits": _waits,
    "application_decided": _decided,
}
