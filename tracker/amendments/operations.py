"""Asking that something issued be changed, and deciding it; approved, it is carried out at once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tracker.access.rules import Action, Actor, Role, ensure
from tracker.amendments import queries
from tracker.amendments.models import Amendment, AmendmentLine
from tracker.amendments.rules import (
    AMENDED_LABELS,
    STATE_LABELS,
    Amended,
    AmendmentEvent,
    AmendmentState,
    approved_by,
    check_amendable,
    check_opinion,
    differences,
    move,
)
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items import operations as items
from tracker.items.headings import Field
from tracker.items.models import Item
from tracker.items.operations import Assignment, Hands, Names, Paper, Typed
from tracker.items.wording import told_names
from tracker.progress import operations as progress
from tracker.progress import queries as measures
from tracker.progress.rules import split_measures

FIELDS: Mapping[Amended, Field] = {
    Amended.SUPPORTING_UNITS: Field.SUPPORTING_UNITS,
    Amended.LEADER: Field.LEADER,
    Amended.SUPERVISOR: Field.SUPERVISOR,
    Amended.OWNER: Field.OWNER,
    Amended.GOAL: Field.GOAL,
}


def standing(item: Item) -> dict[Amended, str]:
    """What stands on an item now, as people read it; measures one per line."""
    told = told_names(item)
    texts = [each.text for each in measures.list_measures(db.session(), item.id)]
    return {Amended.MEASURES: "\n".join(texts), **{field: told[heading] for field, heading in FIELDS.items()}}


def ensure_askable(item: Item, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless the person may ask that this item be changed."""
    ensure(actor, Action.ASK_AMENDMENT, item)
    items.refuse_parent(item)
    check_amendable(item.state)


def ask(item: Item, wanted: Mapping[Amended, str], reason: str, *, actor: Actor) -> Amendment:
    """Ask; nothing changes until it is approved. ``item`` must have been read with a lock.

    Raises DomainError when nothing differs or a name is not known, Conflict while another request waits.
    """
    ensure_askable(item, actor=actor)
    if not reason.strip():
        raise DomainError(_l("请写明变更的理由。"), field="reason")
    session = db.session()
    if pending := queries.find_pending(session, item.id):
        if pending.askers & actor.identities and pending.reason == reason.strip():
            raise AlreadyThere(_l("申请已经提交，没有重复登记。"))
        raise Conflict(_l("本事项已有变更申请，正等待审批。"))
    changed = differences(standing(item), wanted)
    _understand(item, {field: after for field, (_before, after) in changed.items()}, actor=actor)
    amendment = Amendment(
        item_id=item.id,
        item=item,
        reason=reason.strip(),
        is_by_office=item.lead_unit_id not in actor.units((Role.UNIT_HEAD, Role.LIAISON)),
        asked_by_id=actor.person_id,
        asked_for_id=actor.for_id,
        asked_at=clock.now(),
        state=AmendmentState.PENDING,
    )
    amendment.lines = [AmendmentLine(field=field, before=old, after=new) for field, (old, new) in changed.items()]
    session.add(amendment)
    session.flush()
    record(actor, "amendment.ask", item.number, reason=amendment.reason, changed=_told(amendment))
    hooks.call("amendment_waits", amendment)
    return amendment


def _told(amendment: Amendment) -> dict[str, list[str]]:
    return {str(AMENDED_LABELS[line.field]): [line.before, line.after] for line in amendment.lines}


def _understand(item: Item, wanted: Mapping[Amended, str], *, actor: Actor) -> tuple[Assignment, list[str] | None]:
    """What was asked for as an assignment, and the measures when they are to change."""
    named = {field.value: text for field, text in wanted.items() if field is not Amended.MEASURES}
    typed = Typed(**named)
    assignment = items.understand(typed, Names(db.session(), [typed]), item=item, actor=actor, adds_people=False)
    texts = wanted.get(Amended.MEASURES)
    return assignment, None if texts is None else split_measures(texts)


def retract(amendment: Amendment, *, actor: Actor) -> None:
    """Whoever asked takes it back before it is decided. It must have been read with a lock."""
    if not actor.identities & amendment.askers:
        raise Forbidden(_l("只有申请人本人可以撤回申请。"))
    amendment.state = move(amendment.state, AmendmentEvent.RETRACT)
    record(actor, "amendment.retract", amendment.item.number)


def ensure_decidable(amendment: Amendment, *, actor: Actor) -> None:
    """Raise Conflict when it waits no more, Forbidden for whoever may not approve it."""
    move(amendment.state, AmendmentEvent.APPROVE)
    ensure(actor, approved_by(is_by_office=amendment.is_by_office), amendment.item)
    items.check_hands(amendment.item, _hands(amendment), actor=actor)


def _hands(amendment: Amendment) -> Hands:
    return Hands(amendment.askers, clock.civil_date(amendment.asked_at))


def decide(
    amendment: Amendment, verdict: AmendmentEvent, opinion: str, *, actor: Actor, version: int | None = None
) -> None:
    """Approve or refuse with one's own click; it must have been locked. Raises Stale when somebody was faster."""
    _check_version(amendment, opinion, version)
    ensure_decidable(amendment, actor=actor)
    check_opinion(verdict, opinion)
    items.sign(amendment, opinion, actor=actor)
    _settle(amendment, verdict, actor=actor)


def ensure_enterable(amendment: Amendment, *, actor: Actor) -> None:
    """Raise unless the person may enter what was decided on paper: the office, for its own requests too."""
    move(amendment.state, AmendmentEvent.APPROVE)
    ensure(actor, Action.ENTER_DECISION, amendment.item)
    if not amendment.is_by_office:
        items.check_entering(_hands(amendment), actor=actor)


def decide_on_paper(
    amendment: Amendment,
    verdict: AmendmentEvent,
    opinion: str,
    paper: Paper,
    *,
    actor: Actor,
    version: int | None = None,
) -> None:
    """The office enters who approved on paper, with the document; it must have been read with a lock."""
    _check_version(amendment, opinion, version)
    ensure_enterable(amendment, actor=actor)
    check_opinion(verdict, opinion)
    items.enter(amendment, paper, opinion, item=amendment.item, hands=_hands(amendment), actor=actor)
    _settle(amendment, verdict, actor=actor)


def _check_version(amendment: Amendment, opinion: str, version: int | None) -> None:
    state = f"{STATE_LABELS[amendment.state]}（{amendment.signature}）"
    stored = {str(_l("意见")): amendment.opinion, str(_l("状态")): state}
    check_version(amendment, version, typed={str(_l("意见")): opinion, str(_l("状态")): None}, stored=stored)


def _settle(amendment: Amendment, verdict: AmendmentEvent, *, actor: Actor) -> None:
    amendment.state = move(amendment.state, verdict)
    told: dict[str, Any] = {"approval": verdict, "changed": _told(amendment), **items.told_of(amendment)}
    record(actor, "amendment.decide", amendment.item.number, **told)
    if amendment.state is AmendmentState.APPROVED:
        _carry_out(amendment, actor=actor)
    session = db.session()
    session.flush()
    session.expire(amendment, ["decider", "decider_for", "entered_by"])
    hooks.call("amendment_decided", amendment)


def _carry_out(amendment: Amendment, *, actor: Actor) -> None:
    """Change the item in the name of whoever approved; that they may was asked before."""
    item, now = amendment.item, standing(amendment.item)
    check_amendable(item.state)
    if any(now[line.field] != line.before for line in amendment.lines):
        raise Conflict(_l("申请之后这些内容又有变动，这份申请不能再批准；请不批准，由申请人重新申请。"))
    hand = replace(actor, is_system=True)
    assignment, texts = _understand(item, {line.field: line.after for line in amendment.lines}, actor=hand)
    items.assign(item, assignment, actor=hand)
    if texts is not None:
        progress.replace_measures(item, measures.list_measures(db.session(), item.id), texts, actor=hand)
    item.amendments += 1


def note_download(amendment: Amendment, name: str, *, actor: Actor) -> None:
    """Note in the trail who takes a scan out of the house."""
    record(actor, "amendment.download", amendment.item.number, name=name)
