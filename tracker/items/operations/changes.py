"""The one way an item changes: checked against the table, appended with two dates, told to the trail."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import FOREVER, FOREVER_DAY, db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import queries
from tracker.items.models import Item, ItemChange
from tracker.items.rules import UNDONE, Event, State, check_last, is_lasting, move, parent_state
from tracker.sources.rules import Level, months_later

PENDING = "pending_item_changes"

CARRIED = (
    "parent_id",
    "source_id",
    "kind",
    "lead_unit_id",
    "leader_id",
    "supervisor_id",
    "owner_id",
    "handler_id",
    "deadline_kind",
    "due_on",
    "first_due_on",
    "state",
    "own_word",
    "closed_on",
    "confirmed_on",
)


def move_on(item: Item, event: Event, *, actor: Actor, on: date | None = None, reason: str = "", **values: Any) -> None:
    """Carry an event out: check it against the table, set ``values``, append a change, tell the trail.

    ``on`` is the day it counts from, today unless given; raises DomainError when that lies in the future or
    before the item's last change, Conflict when the table has no such line.
    """
    _carry_out(item, event, move(item.state, event), actor=actor, on=on or clock.today(), reason=reason, values=values)


def take_back(item: Item, *, actor: Actor, reason: str, **values: Any) -> ItemChange:
    """Take back the last change (冲正): what it changed is again what it was, from the day on which it counted.

    The wrong change stays, and so does what was known of it; the change that was wrong is returned. ``values`` are set
    beside. Raises Conflict when the last change cannot be taken back.
    """
    session = db.session()
    changes = queries.list_changes(session, item.id)
    wrong, before = check_last(changes[-1].event), changes[-2]
    again: dict[str, Any] = {name: getattr(before, name) for name in UNDONE[wrong]} | values
    if "own_word" in again:
        declared = [each.effective_on for each in changes if each.event is Event.DECLARE]
        again["own_word_on"] = declared[-1] if declared else None
    state = again.pop("state", item.state)
    on = changes[-1].effective_on
    _carry_out(item, Event.CORRECT, state, actor=actor, on=on, reason=reason, values=again)
    return changes[-1]


def _carry_out(
    item: Item, event: Event, state: State, *, actor: Actor, on: date, reason: str, values: Mapping[str, Any]
) -> None:
    check_day(on, item.changed_on)
    before = {name: _told(getattr(item, name)) for name in (*values, "state")}
    for name, value in {**values, "state": state}.items():
        setattr(item, name, value)
    item.changed_on = on
    append(item, event, actor=actor, reason=reason)
    after = {name: _told(getattr(item, name)) for name in before}
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    record(actor, f"item.{event}", item.number, on=on, reason=reason, changed=changed)
    if item.parent_id is not None:
        _follow_children(item, actor=actor, on=on)


def _told(value: Any) -> Any:
    return [support.unit_id for support in value] if isinstance(value, list) else value


def check_day(on: date, changed_on: date) -> None:
    """No change lies in the future, none before the one that came before it."""
    if on > clock.today():
        raise DomainError(_l("生效日期 %(on)s 晚于今天，请核对。", on=on), field="on")
    if on < changed_on:
        message = _l("生效日期 %(on)s 早于该事项上一次变动的日期 %(before)s，请核对。", on=on, before=changed_on)
        raise DomainError(message, field="on")


def refuse_parent(item: Item) -> None:
    """Raise Conflict for an item with children: what is done is done to them, and it follows."""
    if item.parent_id is None and queries.list_children(db.session(), item.id):
        raise Conflict(_l("总项随分项办理，请到各分项中操作。"))


def refuse_joint(item: Item) -> None:
    """Raise Conflict for an item that is handled jointly with others: they have one lead unit."""
    if item.carrier_id is not None or queries.is_carrier(db.session(), item.id):
        raise Conflict(_l("%(number)s 正与其他事项并案整改，请先解除并案。", number=item.number))


def next_check(item: Item) -> date | None:
    """When what is kept up for ever is looked at: as laid down, else by the rhythm of the source; else never."""
    if not is_lasting(item.state, item.deadline_kind):
        return None
    return item.next_check_on or months_later(item.changed_on, item.source.check_months)


def append(item: Item, event: Event, *, actor: Actor, reason: str = "") -> None:
    """Note the item as it now is; it is written at the end of the transaction, under the recording instant."""
    item.changes = (item.changes or 0) + 1
    item.next_check_on = next_check(item)
    values = {name: getattr(item, name) for name in CARRIED}
    values |= {"serial": item.changes, "event": event, "effective_on": item.changed_on}
    values |= {"by_id": actor.person_id, "for_id": actor.for_id, "reason": reason, **_sections(item)}
    db.session().info.setdefault(PENDING, []).append((item, values))


def _sections(item: Item) -> dict[str, int | None]:
    section = item.section
    if section is None:
        return {"aspect_id": None, "category_id": None}
    if section.level is Level.ASPECT:
        return {"aspect_id": section.id, "category_id": None}
    return {"aspect_id": section.parent_id, "category_id": section.id}


def _follow_children(child: Item, *, actor: Actor, on: date) -> None:
    """An item with children has no life of its own: its state is told by theirs."""
    session = db.session()
    session.flush()
    parent = session.get_one(Item, child.parent_id, with_for_update=True)
    children = queries.list_children(session, parent.id)
    state = parent_state([each.state for each in children])
    confirmed_on = _all_confirmed_on(children) if state is State.CLOSED else None
    if (state, confirmed_on) == (parent.state, parent.confirmed_on):
        return
    record(actor, "item.follow_children", parent.number, changed={"state": [parent.state, state]})
    parent.state, parent.confirmed_on = state, confirmed_on
    closed = [each.closed_on for each in children if each.closed_on is not None]
    parent.closed_on = max(closed) if state is State.CLOSED else None
    parent.changed_on = max(on, parent.changed_on, parent.closed_on or on)
    append(parent, Event.FOLLOW, actor=actor)


def _all_confirmed_on(children: Sequence[Item]) -> date | None:
    """The day on which the superior had confirmed the last of them; None until all that count are."""
    days = [each.confirmed_on for each in children if each.state is State.CLOSED]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def waits_for_stamp(session: Session) -> bool:
    """Hook: whether changes wait for the recording instant."""
    return bool(session.info.get(PENDING))


def stamp(session: Session, recorded_at: datetime) -> None:
    """Hook: write the waiting changes, set-based, and close the ones they supersede."""
    rows: list[dict[str, Any]] = []
    last: dict[int, dict[str, Any]] = {}
    superseded: list[dict[str, Any]] = []
    for item, values in session.info.pop(PENDING, ()):
        row = {**values, "item_id": item.id, "recorded_at": recorded_at, "until": FOREVER_DAY, "superseded_at": FOREVER}
        if item.id in last:
            last[item.id] |= {"until": row["effective_on"], "superseded_at": recorded_at}
        elif row["serial"] > 1:
            before = {"of_item": item.id, "of_serial": row["serial"] - 1}
            superseded.append(before | {"new_until": row["effective_on"], "new_superseded_at": recorded_at})
        last[item.id] = row
        rows.append(row)
    if superseded:
        session.connection().execute(_SUPERSEDE, superseded)
    if rows:
        session.execute(insert(ItemChange), rows)


def forget(session: Session) -> None:
    """Hook: the transaction was rolled back."""
    session.info.pop(PENDING, None)


_CHANGE = ItemChange.__table__
_SUPERSEDE = (
    update(_CHANGE)  # type: ignore[arg-type]
    .where(_CHANGE.c.item_id == bindparam("of_item"), _CHANGE.c.serial == bindparam("of_serial"))
    .values(until=bindparam("new_until"), superseded_at=bindparam("new_superseded_at"))
)
