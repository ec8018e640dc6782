"""Setting who decides a step where the usual reviewers keep out."""

from typing import Any

from tracker.access.rules import Action, Actor, ensure, ensure_may
from tracker.audit.operations import record
from tracker.closure import queries
from tracker.closure.models import Recusal
from tracker.closure.rules import RecusalRoute, check_route
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import queries as ledger
from tracker.items.four_eyes import is_party
from tracker.items.models import Item
from tracker.org import operations as org
from tracker.org import queries as people
from tracker.sources.models import Source
from tracker.sources.rules import StepKind


def set_for_source(
    source: Source, step: StepKind, route: RecusalRoute, *, person_id: int | None, reason: str, actor: Actor
) -> Recusal:
    """Set the route of a step for those items of a source in which nobody else is left to decide it."""
    ensure_may(actor, Action.INTAKE)
    check_route(step, route, person_id=person_id, is_party=False)
    if person_id is not None:
        org.check_reads(people.get_person(db.session(), person_id))
    return _set(step, source.number, actor, reason, source_id=source.id, route=route, person_id=person_id)


def set_for_item(
    item: Item, step: StepKind, route: RecusalRoute, *, person_id: int | None, reason: str, actor: Actor
) -> Recusal:
    """Set the route of a step for one item; applications already filed keep theirs. A party is refused."""
    ensure(actor, Action.ISSUE, item)
    decider = ledger.load_decider(db.session(), () if person_id is None else {person_id})
    check_route(step, route, person_id=person_id, is_party=is_party(decider, item))
    if person_id is not None:
        org.check_reads(people.get_person(db.session(), person_id), item)
    return _set(step, item.number, actor, reason, item_id=item.id, route=route, person_id=person_id)


def _set(step: StepKind, subject: str, actor: Actor, reason: str, **values: Any) -> Recusal:
    if not reason.strip():
        raise DomainError(_l("请写明回避的理由。"), field="reason")
    session = db.session()
    of = {name: values.pop(name) for name in ("source_id", "item_id") if name in values}
    found = queries.find_recusal(session, step, **of)
    if found is None:
        found = Recusal(step=step, **of)
        session.add(found)
    found.route, found.person_id, found.reason = values["route"], values["person_id"], reason.strip()
    found.set_by_id, found.set_at = actor.person_id, clock.now()
    session.flush()
    record(actor, "recusal.set", subject, step=step, reason=found.reason, **values)
    return found


def remove_recusal(recusal: Recusal, subject: Source | Item, *, actor: Actor) -> None:
    """Let the usual reviewers decide again; applications already filed keep the route they were filed with."""
    if isinstance(subject, Item):
        ensure(actor, Action.ISSUE, subject)
    else:
        ensure_may(actor, Action.INTAKE)
    record(actor, "recusal.remove", subject.number, step=recusal.step, route=recusal.route, person_id=recusal.person_id)
    session = db.session()
    session.delete(recusal)
    session.flush()
