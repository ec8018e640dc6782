"""A unit says an item is not its own; the office decides while the clock runs on."""

from typing import Any

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items import queries
from tracker.items.models import Item, ReassignmentRequest
from tracker.items.operations.changes import move_on, refuse_joint, refuse_parent
from tracker.items.rules import Event, OwnWord, move


def ask_reassignment(item: Item, *, reason: str, unit_id: int | None, actor: Actor) -> ReassignmentRequest:
    """Ask the office to give the item to another unit; the deadline runs on."""
    ensure(actor, Action.ASK_REASSIGNMENT, item)
    refuse_parent(item)
    move(item.state, Event.REASSIGN)
    session = db.session()
    if not reason.strip():
        raise DomainError(_l("请写明申请改派的理由。"), field="reason")
    if waiting := queries.find_open_request(session, item.id):
        if (waiting.asked_by_id, waiting.reason, waiting.unit_id) == (actor.person_id, reason.strip(), unit_id):
            raise AlreadyThere(_l("申请已经提交，没有重复登记。"))
        raise Conflict(_l("本事项已有改派申请，正等待整改办决定。"))
    asked = ReassignmentRequest(
        item_id=item.id,
        asked_by_id=actor.person_id,
        asked_for_id=actor.for_id,
        unit_id=unit_id,
        reason=reason.strip(),
        asked_at=clock.now(),
    )
    session.add(asked)
    session.flush()
    record(actor, "item.ask_reassignment", item.number, reason=reason, unit_id=unit_id)
    hooks.call("reassignment_asked", asked)
    return asked


def reassign(item: Item, *, unit_id: int, reason: str, actor: Actor, version: int | None = None) -> None:
    """Give an issued item to another lead unit, which must accept it anew; grants an open request.

    The deadline stays. Hook ``reassigned(item, actor, asked)``, while the unit that loses it still leads: that unit is
    told, and what it said and asked for lapses, being no word of the new one.
    """
    ensure(actor, Action.REASSIGN, item)
    check_version(item, version)
    refuse_parent(item)
    refuse_joint(item)
    if unit_id == item.lead_unit_id:
        raise DomainError(_l("新的牵头单位与原来的相同。"), field="unit")
    asked = _decide(item, is_granted=True, answer=reason, actor=actor)
    hooks.call("reassigned", item, actor, asked)
    values: dict[str, Any] = {
        "lead_unit_id": unit_id,
        "handler_id": None,
        "owner_id": None,
        "accepted_on": None,
        "accepted_by_id": None,
        "own_word": OwnWord.NONE,
        "own_word_on": None,
    }
    supports = [each for each in item.supports if each.unit_id != unit_id]
    move_on(item, Event.REASSIGN, actor=actor, reason=reason, supports=supports, **values)
    db.session().flush()
    hooks.call("before_issue", [item])
    hooks.call("issued", [item], actor)


def refuse_reassignment(item: Item, *, answer: str, actor: Actor) -> None:
    """Leave the item where it is and say why."""
    ensure(actor, Action.REASSIGN, item)
    if not answer.strip():
        raise DomainError(_l("不同意改派时请写明理由。"), field="answer")
    if _decide(item, is_granted=False, answer=answer, actor=actor) is None:
        raise Conflict(_l("没有待决定的改派申请，可能已由别人处理。"))
    record(actor, "item.refuse_reassignment", item.number, answer=answer)


def _decide(item: Item, *, is_granted: bool, answer: str, actor: Actor) -> ReassignmentRequest | None:
    asked = queries.find_open_request(db.session(), item.id)
    if asked is None:
        return None
    asked.is_granted, asked.answer = is_granted, answer.strip()
    asked.decided_by_id, asked.decided_for_id, asked.decided_at = actor.person_id, actor.for_id, clock.now()
    hooks.call("reassignment_decided", asked)
    return asked
