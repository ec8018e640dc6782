"""Asking that a decision be put right, or that a closed item be taken up again; approved, it is carried out at once."""

from functools import partial
from typing import Any

from tracker.access.rules import Action, Actor, ensure
from tracker.closure import operations as closure
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.corrections.models import Correction
from tracker.corrections.rules import APPROVING, EVENT_LABELS, KIND_LABELS, CorrectionKind, check_kind, possible_kinds
from tracker.extensions import operations as extensions
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.models import Item, ItemChange
from tracker.items.rules import Event, State
from tracker.requests import operations as requests
from tracker.requests.queries import find_pending
from tracker.requests.rules import RequestState


def ensure_askable(item: Item, *, actor: Actor) -> tuple[ItemChange, list[CorrectionKind]]:
    """The last change and what may be asked about it; raises Forbidden or Conflict when nothing may."""
    ensure(actor, Action.DECIDE_AS_OFFICE, item)
    items.refuse_parent(item)
    last = ledger.list_changes(db.session(), item.id)[-1]
    kinds = possible_kinds(item.state, last.event)
    if not kinds:
        raise Conflict(_l("没有可以冲正的决定：只有最近一次变动是销号、退回、转持续整改、核减或延期时，才能冲正。"))
    return last, kinds


def ask(item: Item, kind: CorrectionKind, reason: str, *, actor: Actor) -> Correction:
    """The office asks; nothing changes until another person approves. ``item`` must have been read with a lock."""
    last, _kinds = ensure_askable(item, actor=actor)
    check_kind(kind, item.state, last.event)
    if not reason.strip():
        raise DomainError(_l("请写明理由。"), field="reason")
    pending = find_pending(db.session(), Correction, item.id)
    is_same = pending is not None and (pending.kind, pending.reason) == (kind, reason.strip())
    waits = _l("本事项已有冲正或重新整改的申请，正等待审批。")
    requests.refuse_second(pending, is_same=is_same, waits=waits, actor=actor)
    correction = Correction(
        item_id=item.id,
        item=item,
        kind=kind,
        wrong=last.event,
        wrong_serial=last.serial,
        wrong_on=last.effective_on,
        reason=reason.strip(),
        asked_by_id=actor.person_id,
        asked_for_id=actor.for_id,
        asked_at=clock.now(),
        state=RequestState.PENDING,
    )
    return requests.file(KIND, correction, actor=actor)


def _told(correction: Correction) -> dict[str, Any]:
    wrong = {"wrong": correction.wrong, "wrong_serial": correction.wrong_serial, "wrong_on": correction.wrong_on}
    return {"correction_kind": correction.kind, **wrong}


def _carry_out(correction: Correction, actor: Actor) -> None:
    item = correction.item
    last = ledger.list_changes(db.session(), item.id)[-1]
    if last.serial != correction.wrong_serial:
        raise Conflict(_l("申请之后事项又有变动，这份申请不能再批准；请不批准，由整改办重新申请。"))
    if correction.kind is CorrectionKind.REOPEN:
        closure.reopen(item, actor=actor, reason=correction.reason)
        return
    beside = extensions.undo(item) if correction.wrong == Event.EXTEND else {}
    items.take_back(item, actor=actor, reason=correction.reason, **beside)
    if item.state is State.APPLIED:
        closure.undo_decision(item)


KIND = requests.Kind(
    "correction",
    Correction,
    lambda _correction: APPROVING,
    _told,
    _carry_out,
    words={
        "title": _l("冲正与重新整改"),
        "decided_by": _l("冲正和重新整改由整改办其他人或领导审批。"),
        "kinds": KIND_LABELS,
        "events": EVENT_LABELS,
    },
)
decide = partial(requests.decide, KIND)
ensure_decidable = partial(requests.ensure_decidable, KIND)
decide_on_paper = partial(requests.decide_on_paper, KIND)
retract = partial(requests.retract, KIND)
