"""A unit asks for a later deadline, before the present one passes."""

from dataclasses import dataclass
from datetime import date

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.extensions import queries
from tracker.extensions.models import Extension, ExtensionStep
from tracker.extensions.rules import LEVELS, ExtensionEvent, ExtensionState, check_in_time, check_until, move
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.items.rules import move as move_item


@dataclass(frozen=True)
class Wish:
    """What a unit asks for: the new day, why, how far it is, and what makes sure that it is kept this time."""

    until: date
    reason: str
    progress: str
    safeguards: str


def ensure_askable(item: Item, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless the person may ask for an extension of this item today."""
    ensure(actor, Action.ASK_EXTENSION, item)
    items.refuse_parent(item)
    move_item(item.state, Event.EXTEND)
    check_in_time(item.due_on, clock.today())


def ask(item: Item, wish: Wish, *, actor: Actor) -> Extension:
    """Ask for a later deadline; the present one runs on until both levels have decided.

    ``item`` must have been read with a lock. Raises Conflict once the deadline has passed, AlreadyThere for a second
    press.
    """
    ensure_askable(item, actor=actor)
    session = db.session()
    _refuse_second(item, wish, actor=actor)
    check_until(wish.until, item.due_on)
    for name in ("reason", "progress", "safeguards"):
        if not getattr(wish, name).strip():
            raise DomainError(_l("请填写此项。"), field=name)
    assert item.due_on is not None
    extension = Extension(
        item_id=item.id,
        item=item,
        nth=item.extensions + 1,
        unit_id=item.lead_unit_id,
        asked_by_id=actor.person_id,
        asked_for_id=actor.for_id,
        asked_at=clock.now(),
        due_on=item.due_on,
        asked_until=wish.until,
        reason=wish.reason.strip(),
        progress=wish.progress.strip(),
        safeguards=wish.safeguards.strip(),
        state=ExtensionState.PENDING,
        waits_for=LEVELS[0],
    )
    extension.steps = [ExtensionStep(position=place, kind=level) for place, level in enumerate(LEVELS, start=1)]
    session.add(extension)
    session.flush()
    told = {"due_on": extension.due_on, "until": extension.asked_until, "reason": extension.reason}
    record(actor, "extension.ask", item.number, nth=extension.nth, **told)
    hooks.call("extension_waits", extension)
    return extension


def _refuse_second(item: Item, wish: Wish, *, actor: Actor) -> None:
    pending = queries.find_pending(db.session(), item.id)
    if pending is None:
        return
    if pending.askers & actor.identities and (pending.asked_until, pending.reason) == (wish.until, wish.reason.strip()):
        raise AlreadyThere(_l("延期申请已经提交，没有重复登记。"))
    raise Conflict(_l("本事项已有延期申请，正等待决定。"))


def lapse(item: Item, actor: Actor, _asked: object) -> None:
    """Hook ``reassigned``: what the unit before asked for is over; the new one may ask anew."""
    pending = queries.find_pending(db.session(), item.id)
    if pending is not None:
        pending.state, pending.waits_for = move(pending.state, ExtensionEvent.RETRACT), None
        record(actor, "extension.lapse", item.number, nth=pending.nth)


def retract(extension: Extension, *, actor: Actor) -> None:
    """Whoever asked takes it back before anybody decided. It must have been read with a lock."""
    if not actor.identities & extension.askers:
        raise Forbidden(_l("只有申请人本人可以撤回申请。"))
    state = move(extension.state, ExtensionEvent.RETRACT)
    if any(step.verdict is not None for step in extension.steps):
        raise Conflict(_l("已有环节作出决定，不能再撤回。"))
    extension.state, extension.waits_for = state, None
    record(actor, "extension.retract", extension.item.number, nth=extension.nth)
