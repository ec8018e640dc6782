"""Asking that a decision be put right, and approving it; approved, it is carried out at once."""

from typing import Any

from tracker.access.rules import Action, Actor, can, ensure
from tracker.audit.operations import record
from tracker.closure import operations as closure
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.corrections import queries
from tracker.corrections.models import Correction
from tracker.corrections.rules import (
    APPROVING,
    STATE_LABELS,
    CorrectionEvent,
    CorrectionKind,
    CorrectionState,
    check_kind,
    check_opinion,
    move,
    possible_kinds,
)
from tracker.extensions import operations as extensions
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.models import Item, ItemChange
from tracker.items.operations import Hands, Paper
from tracker.items.rules import Event, State


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
    session = db.session()
    if pending := queries.find_pending(session, item.id):
        if pending.askers & actor.identities and (pending.kind, pending.reason) == (kind, reason.strip()):
            raise AlreadyThere(_l("申请已经提交，没有重复登记。"))
        raise Conflict(_l("本事项已有冲正或重新整改的申请，正等待审批。"))
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
        state=CorrectionState.PENDING,
    )
    session.add(correction)
    session.flush()
    record(actor, "correction.ask", item.number, **_told(correction), reason=correction.reason)
    hooks.call("correction_waits", correction)
    return correction


def _told(correction: Correction) -> dict[str, Any]:
    wrong = {"wrong": correction.wrong, "wrong_serial": correction.wrong_serial, "wrong_on": correction.wrong_on}
    return {"correction_kind": correction.kind, **wrong}


def retract(correction: Correction, *, actor: Actor) -> None:
    """Whoever asked takes it back before it is decided. It must have been read with a lock."""
    if not actor.identities & correction.askers:
        raise Forbidden(_l("只有申请人本人可以撤回申请。"))
    correction.state = move(correction.state, CorrectionEvent.RETRACT)
    record(actor, "correction.retract", correction.item.number, **_told(correction))


def ensure_decidable(correction: Correction, *, actor: Actor) -> None:
    """Raise Conflict when it waits no more, Forbidden for whoever may not approve it."""
    move(correction.state, CorrectionEvent.APPROVE)
    if not any(can(actor, action, correction.item) for action in APPROVING):
        raise Forbidden(_l("冲正和重新整改由整改办其他人或领导审批。"))
    items.check_hands(correction.item, _hands(correction), actor=actor)


def _hands(correction: Correction) -> Hands:
    return Hands(correction.askers, clock.civil_date(correction.asked_at))


def decide(
    correction: Correction, verdict: CorrectionEvent, opinion: str, *, actor: Actor, version: int | None = None
) -> None:
    """Approve or refuse with one's own click; it must have been locked. Raises Stale when somebody was faster."""
    _check_version(correction, opinion, version)
    ensure_decidable(correction, actor=actor)
    check_opinion(verdict, opinion)
    items.sign(correction, opinion, actor=actor)
    _settle(correction, verdict, actor=actor)


def ensure_enterable(correction: Correction, *, actor: Actor) -> None:
    """Raise unless the person may enter what was decided on paper."""
    move(correction.state, CorrectionEvent.APPROVE)
    ensure(actor, Action.ENTER_DECISION, correction.item)
    items.check_entering(_hands(correction), actor=actor)


def decide_on_paper(
    correction: Correction,
    verdict: CorrectionEvent,
    opinion: str,
    paper: Paper,
    *,
    actor: Actor,
    version: int | None = None,
) -> None:
    """Another person of the office enters what was decided on paper; it must have been read with a lock."""
    _check_version(correction, opinion, version)
    ensure_enterable(correction, actor=actor)
    check_opinion(verdict, opinion)
    items.enter(correction, paper, opinion, item=correction.item, hands=_hands(correction), actor=actor)
    _settle(correction, verdict, actor=actor)


def _check_version(correction: Correction, opinion: str, version: int | None) -> None:
    stored = {str(_l("意见")): correction.opinion, str(_l("状态")): str(STATE_LABELS[correction.state])}
    stored[str(_l("状态"))] += f"（{correction.signature}）" if correction.signature else ""
    check_version(correction, version, typed={str(_l("意见")): opinion, str(_l("状态")): None}, stored=stored)


def _settle(correction: Correction, verdict: CorrectionEvent, *, actor: Actor) -> None:
    correction.state = move(correction.state, verdict)
    told = {**_told(correction), "approval": verdict, **items.told_of(correction)}
    record(actor, "correction.decide", correction.item.number, **told)
    if correction.state is CorrectionState.APPROVED:
        _carry_out(correction, actor=actor)
    session = db.session()
    session.flush()
    session.expire(correction, ["decider", "decider_for", "entered_by"])
    hooks.call("correction_decided", correction)


def _carry_out(correction: Correction, *, actor: Actor) -> None:
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


def note_download(correction: Correction, name: str, *, actor: Actor) -> None:
    """Note in the trail who takes a scan out of the house."""
    record(actor, "correction.download", correction.item.number, name=name)
