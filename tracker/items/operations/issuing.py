"""Issuing, accepting, declaring, voiding and withdrawing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.access.rules import Action, Actor, ensure
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items import queries
from tracker.items.models import Item
from tracker.items.operations.changes import move_on
from tracker.items.rules import Event, OwnWord, State


def issue(items: Sequence[Item], *, actor: Actor, on: date | None = None) -> None:
    """Issue drafts to their lead units, all or none.

    Raises DomainError naming the numbers that lack a lead unit or a deadline, Conflict for items with children
    (the children are issued) and for what is no draft. Hook ``issued(items)`` may refuse, and tells the units.
    """
    for item in items:
        ensure(actor, Action.ISSUE, item)
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
    parents = [item.number for item in items if item.parent_id is None and queries.list_children(session, item.id)]
    if parents:
        raise Conflict(_l("总项不能单独下发，请下发其分项：%(numbers)s。", numbers="、".join(parents)))


def accept(item: Item, *, handler_id: int, actor: Actor, version: int | None = None) -> None:
    """The lead unit confirms receipt and names who does the work."""
    ensure(actor, Action.ACCEPT, item)
    check_version(item, version)
    if queries.find_open_request(db.session(), item.id):
        raise Conflict(_l("已申请改派，等整改办决定后再签收。"))
    values: dict[str, Any] = {"handler_id": handler_id, "accepted_on": clock.today(), "accepted_by_id": actor.person_id}
    move_on(item, Event.ACCEPT, actor=actor, **values)


def declare(item: Item, word: OwnWord, *, actor: Actor, on: date | None = None) -> None:
    """The unit's own word on its work, with its day; it never closes anything."""
    ensure(actor, Action.REPORT, item)
    move_on(item, Event.DECLARE, actor=actor, on=on, own_word=word, own_word_on=on or clock.today())


def void(item: Item, *, actor: Actor, reason: str) -> None:
    """Take back a draft; its number stays used."""
    ensure(actor, Action.WITHDRAW, item)
    _need_reason(reason)
    move_on(item, Event.VOID, actor=actor, on=item.changed_on, reason=reason)


def withdraw(item: Item, *, actor: Actor, reason: str) -> None:
    """Take an item out of all counts, with a reason; drafts are voided instead."""
    ensure(actor, Action.WITHDRAW, item)
    _need_reason(reason)
    if item.state is State.DRAFT:
        raise Conflict(_l("待下发的事项请用“作废”。"))
    move_on(item, Event.WITHDRAW, actor=actor, reason=reason)
    hooks.call("withdrawn", item)


def restore(item: Item, *, actor: Actor, reason: str) -> None:
    """Put a withdrawn item back to work, with a reason."""
    ensure(actor, Action.WITHDRAW, item)
    _need_reason(reason)
    move_on(item, Event.RESTORE, actor=actor, reason=reason)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError(_l("请写明理由。"), field="reason")
