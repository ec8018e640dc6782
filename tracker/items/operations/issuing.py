"""Issuing, accepting, declaring, voiding and withdrawing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.access.rules import Action, Actor, ensure
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items import queries
from tracker.items.models import Item
from tracker.items.operations.changes import move_on, refuse_parent
from tracker.items.rules import STATE_LABELS, Event, OwnWord, State


def issue(items: Sequence[Item], *, actor: Actor, on: date | None = None) -> None:
    """Issue drafts to their lead units, all or none.

    Raises DomainError naming the numbers that lack a lead unit or a deadline, Conflict for items with children
    (the children are issued) and for what is no draft, AlreadyThere for a second press. Hook ``before_issue(items)``
    may refuse, hook ``issued(items)`` tells the units.
    """
    for item in items:
        ensure(actor, Action.ISSUE, item)
    if items and all(item.state is State.ISSUED and item.issued_on == (on or clock.today()) for item in items):
        raise AlreadyThere(_l("这些事项已经下发。"))
    _refuse_incomplete(items)
    hooks.call("before_issue", items)
    for item in items:
        move_on(item, Event.ISSUE, actor=actor, on=on, issued_on=on or clock.today())
    hooks.call("issued", items, actor)


def _refuse_incomplete(items: Sequence[Item]) -> None:
    session = db.session()
    without_unit = [item.number for item in items if item.lead_unit_id is None]
    without_deadline = [item.number for item in items if item.deadline_kind is None]
    if without_unit:
        raise DomainError(_l("以下事项还没有牵头单位，不能下发：%(numbers)s。", numbers="、".join(without_unit)))
    if without_deadline:
        raise DomainError(_l("以下事项还没有整改时限，不能下发：%(numbers)s。", numbers="、".join(without_deadline)))
    with_children = queries.list_parent_ids(session, [item.id for item in items])
    parents = [item.number for item in items if item.id in with_children]
    if parents:
        raise Conflict(_l("总项不能单独下发，请下发其分项：%(numbers)s。", numbers="、".join(parents)))


def accept(item: Item, *, handler_id: int, actor: Actor, version: int | None = None) -> None:
    """The lead unit confirms receipt and names who does the work."""
    ensure(actor, Action.ACCEPT, item)
    today = clock.today()
    same = (State.WORKING, handler_id, today, actor.person_id)
    if (item.state, item.handler_id, item.accepted_on, item.accepted_by_id) == same:
        raise AlreadyThere(_l("%(number)s 已经签收。", number=item.number))
    check_version(item, version)
    refuse_parent(item)
    if queries.find_open_request(db.session(), item.id):
        raise Conflict(_l("已申请改派，等整改办决定后再签收。"))
    values: dict[str, Any] = {"handler_id": handler_id, "accepted_on": today, "accepted_by_id": actor.person_id}
    move_on(item, Event.ACCEPT, actor=actor, **values)


def take_over(item: Item, *, actor: Actor, handler_id: int | None = None) -> None:
    """Go on with a draft whose unit has been at work before it came into the ledger here; nobody is told.

    It counts as at work from the day of its source. Raises DomainError without lead unit or deadline.
    """
    ensure(actor, Action.ISSUE, item)
    if item.lead_unit_id is None:
        raise DomainError(_l("没有牵头单位，不能作为整改中的事项导入。"), field="lead_unit")
    if item.deadline_kind is None:
        raise DomainError(_l("没有整改时限，不能作为整改中的事项导入。"), field="deadline")
    values: dict[str, Any] = {"issued_on": item.changed_on, "accepted_on": item.changed_on, "handler_id": handler_id}
    move_on(item, Event.TAKE_OVER, actor=actor, on=item.changed_on, **values)


def close_on_import(item: Item, *, actor: Actor, on: date, reason: str) -> None:
    """A draft that an old ledger shows as closed is closed as of that day; its approval stands on paper."""
    ensure(actor, Action.ISSUE, item)
    move_on(item, Event.CLOSE_ON_IMPORT, actor=actor, on=on, reason=reason, closed_on=on)


def declare(item: Item, word: OwnWord, *, actor: Actor, on: date | None = None) -> None:
    """The unit's own word on its work, with its day; it never closes anything."""
    ensure(actor, Action.REPORT, item)
    refuse_parent(item)
    move_on(item, Event.DECLARE, actor=actor, on=on, own_word=word, own_word_on=on or clock.today())


def void(item: Item, *, actor: Actor, reason: str, version: int | None = None) -> None:
    """Take back a draft; its number stays used. Hook ``voided(items, actor)``."""
    ensure(actor, Action.WITHDRAW, item)
    _refuse_twice(item, State.VOID)
    refuse_parent(item)
    _need_reason(item, reason, version)
    move_on(item, Event.VOID, actor=actor, on=item.changed_on, reason=reason)
    hooks.call("voided", [item], actor)


def withdraw(item: Item, *, actor: Actor, reason: str, version: int | None = None) -> None:
    """Take an item out of all counts, with a reason; drafts are voided instead."""
    ensure(actor, Action.WITHDRAW, item)
    _refuse_twice(item, State.WITHDRAWN)
    refuse_parent(item)
    _need_reason(item, reason, version)
    if item.state is State.DRAFT:
        raise Conflict(_l("待下发的事项请用“作废”。"))
    move_on(item, Event.WITHDRAW, actor=actor, reason=reason)
    hooks.call("withdrawn", item)


def restore(item: Item, *, actor: Actor, reason: str, version: int | None = None) -> None:
    """Put a withdrawn item back to work, with a reason."""
    ensure(actor, Action.WITHDRAW, item)
    refuse_parent(item)
    _need_reason(item, reason, version)
    move_on(item, Event.RESTORE, actor=actor, reason=reason)


def _refuse_twice(item: Item, state: State) -> None:
    if item.state is state:
        raise AlreadyThere(_l("%(number)s 已是“%(state)s”。", number=item.number, state=STATE_LABELS[state]))


def _need_reason(item: Item, reason: str, version: int | None) -> None:
    stored = {str(_l("理由")): None, str(_l("状态")): str(STATE_LABELS[item.state])}
    check_version(item, version, typed={str(_l("理由")): reason, str(_l("状态")): None}, stored=stored)
    if not reason.strip():
        raise DomainError(_l("请写明理由。"), field="reason")
