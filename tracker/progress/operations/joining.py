"""Handling items of several sources jointly (并案): one carries measures and evidence, each is counted on its own."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items.models import Item
from tracker.items.operations import refuse_parent
from tracker.progress import queries
from tracker.progress.models import JointHandling, Measure
from tracker.progress.operations.sharing import replace_rows, share_all_evidence, share_measures
from tracker.progress.rules import Joining, check_joinable, check_joint_reason, check_partable


def join(item: Item, carrier: Item, reason: str, *, actor: Actor, version: int | None = None) -> JointHandling:
    """Let an item show and follow the measures and evidence of its carrier; its own measures are set aside.

    Both must have been read with a lock. Raises Conflict for what is not open, of the same source, of another lead
    unit, or part of a joint handling in a way that would make a chain; AlreadyThere for a second press.
    """
    for each in (item, carrier):
        ensure(actor, Action.EDIT_ITEM, each)
        refuse_parent(each)
    if item.carrier_id is not None and item.carrier_id == carrier.id:
        raise AlreadyThere(_l("%(number)s 已与 %(carrier)s 并案。", number=item.number, carrier=carrier.number))
    check_version(item, version)
    session = db.session()
    carried = queries.list_carried(session, [item.id])
    check_joinable(_side(item, carries=bool(carried)), _side(carrier))
    check_joint_reason(reason)
    handling = JointHandling(
        item_id=item.id,
        carrier_id=carrier.id,
        reason=reason.strip(),
        own_measures=_written(queries.list_measures(session, item.id)),
        joined_by_id=actor.person_id,
        joined_for_id=actor.for_id,
        joined_at=clock.now(),
    )
    session.add(handling)
    item.carrier_id = carrier.id
    session.flush()
    share_measures(carrier, [item])
    share_all_evidence(carrier, item)
    record(actor, "item.join", item.number, carrier=carrier.number, reason=handling.reason)
    return handling


def part(item: Item, reason: str, *, actor: Actor, version: int | None = None) -> JointHandling:
    """Undo a joint handling: the item's own measures stand again, what was shared as evidence and progress stays.

    Raises Conflict when it is not joined, or closed or applied for by now.
    """
    ensure(actor, Action.EDIT_ITEM, item)
    check_version(item, version)
    session = db.session()
    handling = queries.find_joint(session, item.id)
    if handling is None:
        raise Conflict(_l("%(number)s 没有并案。", number=item.number))
    check_joint_reason(reason)
    check_partable(item.number, item.state)
    replace_rows(item, _read(handling.own_measures))
    handling.ended_at, handling.ended_by_id, handling.ended_for_id = clock.now(), actor.person_id, actor.for_id
    handling.end_reason, item.carrier_id = reason.strip(), None
    record(actor, "item.part", item.number, carrier=handling.carrier.number, reason=handling.end_reason)
    return handling


def _side(item: Item, *, carries: bool = False) -> Joining:
    is_joined = item.carrier_id is not None
    told = {"is_joined": is_joined, "carries": carries, "is_closed_off": item.is_restricted or item.is_secret}
    return Joining(item.number, item.state, item.source_id, item.lead_unit_id, **told)


_KEPT = ("text", "owner_id", "due_on", "dated_on", "done_on")


def _written(measures: Sequence[Measure]) -> str:
    rows = [{name: getattr(each, name) for name in _KEPT} for each in measures]
    return json.dumps(rows, ensure_ascii=False, default=date.isoformat)


def _read(kept: str) -> list[dict[str, Any]]:
    return [
        {name: date.fromisoformat(value) if value and name.endswith("_on") else value for name, value in row.items()}
        for row in json.loads(kept)
    ]
