"""Handing over what was ticked: all of it or nothing."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import inspect

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.handovers import queries
from tracker.handovers.models import Handover, HandoverLine
from tracker.handovers.queries import COLUMNS, Held
from tracker.handovers.rules import OF_ITEMS, Duty, check_people
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.four_eyes import is_party
from tracker.items.models import Item
from tracker.items.rules import Event, State
from tracker.org import queries as people
from tracker.org.models import Person


def hand_over(giver: Person, taker: Person, keys: Collection[str], reason: str, *, actor: Actor) -> Handover:
    """Let the taker have what is ticked, and keep a list of it to sign; hook ``handed_over`` tells both.

    Raises AlreadyThere when the giver has none of it any more (a second press), Conflict naming what somebody else
    changed since the page was drawn; then nothing is handed over.
    """
    ensure_may(actor, Action.HAND_OVER)
    check_people(giver.id, taker.id, is_able=taker.account is None or taker.account.is_active)
    if not keys:
        raise DomainError(_l("没有勾选任何内容。"), field="chosen")
    if not reason.strip():
        raise DomainError(_l("请写明交接的原因。"), field="reason")
    session = db.session()
    # Two who hand over between the same people wait for each other here.
    people.lock_people(session, [giver.id, taker.id])
    chosen = _still_held(giver, keys)
    by_duty: dict[Duty, list[Held]] = defaultdict(list)
    for held in chosen:
        by_duty[held.duty].append(held)
    _hand_over_items(by_duty, giver, taker, reason.strip(), actor=actor)
    for duty in [duty for duty in by_duty if duty not in OF_ITEMS]:
        for row in _locked(duty, by_duty[duty], giver):
            _give(duty, row, giver, taker)
    return _keep(giver, taker, chosen, reason.strip(), actor=actor)


def _still_held(giver: Person, keys: Collection[str]) -> list[Held]:
    there = queries.list_held(db.session(), giver.id, clock.today())
    chosen = [held for held in there if held.key in set(keys)]
    if not chosen:
        raise AlreadyThere(_l("勾选的内容已不在%(name)s名下，没有重复移交。", name=giver.name))
    _refuse_gone(len(set(keys)) - len(chosen))
    return chosen


def _locked(duty: Duty, held: Collection[Held], giver: Person) -> Sequence[Any]:
    """The rows of a duty, waited for; Conflict when whoever was waited for gave one of them to somebody else."""
    ids = {each.id for each in held}
    rows = queries.list_rows(db.session(), duty, ids, giver.id)
    _refuse_gone(len(ids) - len(rows))
    return rows


def _refuse_gone(gone: int) -> None:
    if gone:
        raise Conflict(_l("勾选的内容中有 %(n)d 项刚刚被别人改动，请刷新页面后重新勾选。", n=gone))


def _hand_over_items(
    by_duty: dict[Duty, list[Held]], giver: Person, taker: Person, reason: str, *, actor: Actor
) -> None:
    """Move each item on once, however much of it is handed over."""
    wanted: dict[int, dict[str, int]] = defaultdict(dict)
    for duty in OF_ITEMS:
        for row in _locked(duty, by_duty[duty], giver):
            wanted[row.id][f"{duty}_id"] = taker.id
    for item_id, values in sorted(wanted.items()):
        item = db.session.get_one(Item, item_id)
        on = item.changed_on if item.state is State.DRAFT else clock.today()
        items.move_on(item, Event.ASSIGN, actor=actor, on=on, reason=reason, **values)


def _give(duty: Duty, row: Any, giver: Person, taker: Person) -> None:
    """Let a row name the taker; where the person is part of its key, a new row takes its place."""
    session, column = db.session(), COLUMNS[duty]
    _refuse_party(duty, row, taker)
    if duty is Duty.SUBSTITUTE and row.absent_id == taker.id:
        raise DomainError(_l("%(name)s不能代理自己，请不要勾选这一项。", name=taker.name), field="chosen")
    if not column.primary_key:
        setattr(row, column.key, taker.id)
        return
    key = {each.key: getattr(row, each.key) for each in inspect(type(row)).column_attrs} | {column.key: taker.id}
    table = type(row)
    identity = tuple(key[each.key] for each in inspect(table).primary_key)
    session.delete(row)
    if session.get(table, identity) is None:
        session.add(table(**key))
    session.flush()


def _refuse_party(duty: Duty, row: Any, taker: Person) -> None:
    """Raise DomainError when the taker would be a party to the item they are to decide."""
    if duty is Duty.STEP:
        item = row.application.item
    elif duty is Duty.RECUSAL and row.item_id is not None:
        item = db.session.get_one(Item, row.item_id)
    else:
        return
    if is_party(ledger.load_decider(db.session(), {taker.id}), item):
        message = _l("%(name)s是 %(number)s 的当事方，不能接手审核。", name=taker.name, number=item.number)
        raise DomainError(message, field="chosen")


def _keep(giver: Person, taker: Person, chosen: Collection[Held], reason: str, *, actor: Actor) -> Handover:
    session = db.session()
    made = Handover(
        from_id=giver.id, to_id=taker.id, giver=giver, taker=taker, by_id=actor.person_id, made_at=clock.now()
    )
    made.reason = reason
    made.lines = [
        HandoverLine(position=place, duty=held.duty, number=held.number, text=held.text)
        for place, held in enumerate(chosen, start=1)
    ]
    session.add(made)
    session.flush()
    duties = list(dict.fromkeys(held.duty for held in chosen))
    told = list(dict.fromkeys(held.number or held.text for held in chosen))
    record(actor, "handover.make", giver.name, to=taker.name, reason=reason, duty=duties, numbers=told)
    hooks.call("handed_over", made)
    return made


def note_download(made: Handover, name: str, *, actor: Actor) -> None:
    """Note in the trail who took the list out of the house."""
    record(actor, "handover.download", made.giver.name, file=name, rows=len(made.lines))
